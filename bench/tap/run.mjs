/**
 * tap-sevdesk and tap-rest-api-msdk (PyPI) copy the invoices of the same local sevDesk, in one run: records per second of
 * CPU, memory as the number of records grows, and what reading several slices at once gives where each answer takes 50 ms.
 *
 * `npm run bench -- tap`; environment: BENCH_INVOICES (default 100000), BENCH_MANY_INVOICES (default 1000000, 0 leaves it out).
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { readBenchSettings } from '../../scripts/lib/bench-settings.mjs';
import { endOnSignals, startProcess } from '../../scripts/lib/processes.mjs';
import { ensurePythonEnv, envBin } from '../../scripts/lib/python-env.mjs';
import { run } from '../../scripts/lib/run.mjs';

const TOKEN = '0123456789abcdef0123456789abcdef';
/** The company's last day has passed: while it lasts, documents would come in what is meant to be an hour without news. */
const LAST_DAY = '2026-10-30';
const { BENCH_INVOICES: few, BENCH_MANY_INVOICES: many } = readBenchSettings({
  BENCH_INVOICES: 100_000,
  BENCH_MANY_INVOICES: 1_000_000,
});
const TAP = inRoot('packages/tap-sevdesk/bin/tap-sevdesk.js');
const folder = mkdtempSync(path.join(tmpdir(), 'bench-tap-'));

endOnSignals();
await ensurePythonEnv('peer-tap');
const python = envBin('peer-tap', 'python');
try {
  await compare();
  await wait();
  await requests();
  if (many > 0) await grow();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compare() {
  await withServer(few, async (url) => {
    const catalog = await invoicesOnly();
    const ours = await measure([process.execPath, TAP, '--config', ourConfig(url), '--catalog', catalog]);
    const peer = await measure([envBin('peer-tap', 'tap-rest-api-msdk'), '--config', peerConfig(url)]);
    const rate = ({ records, cpuSeconds }) => records / cpuSeconds;
    table(
      ['', 'records', 'CPU s', 'records per CPU second', 'peak RSS MB', 'wall s'],
      [row('tap-sevdesk', ours), row('tap-rest-api-msdk', peer)],
    );
    line(`tap-sevdesk extracts ${(rate(ours) / rate(peer)).toFixed(1)} times as many records per CPU second.`);

    grow.small = ours;
  });
}

/** Small pages, so that waiting and not work is what is measured. */
async function wait() {
  await withServer(20_000, async (url) => {
    await fetch(new URL('/_local/latency', url), { method: 'PUT', body: JSON.stringify({ latencyMs: 50 }) });
    const catalog = await invoicesOnly();
    const at = async (concurrency) =>
      measure([
        process.execPath,
        TAP,
        '--config',
        ourConfig(url, { concurrency, page_size: 50 }),
        '--catalog',
        catalog,
      ]);
    const alone = await at(1);
    const together = await at(8);
    table(
      ['pages of 50, 50 ms of latency', 'records', 'CPU s', 'records per CPU second', 'peak RSS MB', 'wall s'],
      [row('concurrency 1', alone), row('concurrency 8', together)],
    );
    line(
      `With 8 requests under way it takes ${(alone.wallSeconds / together.wallSeconds).toFixed(1)} times less time.`,
    );
  });
}

/** Requests and records of all streams: a first sync, an hour without news, an hour with 50 changed objects. */
async function requests() {
  const rows = [];
  for (const invoices of [1000, few]) {
    await withServer(invoices, async (url) => {
      const admin = async (method, path, body) =>
        (await fetch(new URL(`/_local${path}`, url), { method, body: body && JSON.stringify(body) })).json();
      let state;
      const sync = async () => {
        await admin('DELETE', '/stats');
        const args = [TAP, '--config', ourConfig(url), ...(state ? ['--state', write('state.json', state)] : [])];
        const tap = startProcess(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
        let records = 0;
        let last = '';
        for await (const text of createInterface({ input: tap.stdout })) {
          if (text.startsWith('{"type":"RECORD"')) records += 1;
          else if (text.startsWith('{"type":"STATE"')) last = text;
        }
        state = JSON.parse(last).value;
        return `${(await admin('GET', '/stats')).log.length} (${records})`;
      };
      const first = await sync();
      await admin('PUT', '/clock', { advanceSeconds: 600 });
      const idle = await sync();
      await admin('POST', '/edit-random', { count: 50, seed: 7, mix: { update: 1 } });
      await admin('PUT', '/clock', { advanceSeconds: 600 });
      rows.push([`${invoices} invoices`, first, idle, await sync()]);
    });
  }
  table(['requests (records), all streams', 'first sync', 'an hour without news', 'an hour with 50 changes'], rows);
}

async function grow() {
  await withServer(many, async (url) => {
    const large = await measure([process.execPath, TAP, '--config', ourConfig(url), '--catalog', await invoicesOnly()]);
    table(
      ['', 'records', 'CPU s', 'records per CPU second', 'peak RSS MB', 'wall s'],
      [row('tap-sevdesk', grow.small), row('tap-sevdesk', large)],
    );
    const factor = large.maxRssMegabytes / grow.small.maxRssMegabytes;
    line(
      `For ${(large.records / grow.small.records).toFixed(0)} times the records it takes ${factor.toFixed(2)} times the memory.`,
    );
  });
}

function ourConfig(url, changes = {}) {
  // The limit that is polite to the live service would be what is measured.
  return write(`ours-${JSON.stringify(changes).replace(/\W/g, '')}.json`, {
    api_key: TOKEN,
    api_url: url,
    max_requests_per_second: 0,
    ...changes,
  });
}

/** The peer's settings that page this API, as its documentation has them. */
function peerConfig(url) {
  return write('peer.json', {
    api_url: url,
    pagination_request_style: 'simple_offset_paginator',
    pagination_response_style: 'offset',
    pagination_page_size: 1000,
    pagination_initial_offset: 0,
    pagination_limit_per_page_param: 'limit',
    pagination_next_page_param: 'offset',
    offset_records_jsonpath: '$.objects',
    streams: [
      {
        name: 'invoices',
        path: '/Invoice',
        headers: { Authorization: TOKEN },
        params: { showAll: 'true' },
        primary_keys: ['id'],
        records_path: '$.objects[*]',
        num_inference_records: 50,
      },
    ],
  });
}

async function invoicesOnly() {
  const { streams } = JSON.parse(await run(process.execPath, [TAP, '--discover']));
  return write('catalog.json', { streams: streams.filter(({ stream }) => stream === 'invoices') });
}

async function measure(command) {
  const result = JSON.parse(await run(python, [inRoot('bench/tap/measure.py'), ...command]));
  if (result.code !== 0) throw new Error(`${path.basename(command[0])} ended with ${result.code}: ${result.lastLine}`);
  return result;
}

async function withServer(invoices, body) {
  const main = inRoot('local/sevdesk/dist/main.js');
  const company = ['--invoices', String(invoices), '--today', LAST_DAY, '--warm'];
  const server = startProcess(process.execPath, [main, '--port', '0', ...company], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const text of createInterface({ input: server.stdout })) {
      const url = / ready on (http:\S+)$/.exec(text)?.[1];
      if (url) return await body(url);
    }
    throw new Error('the local sevDesk did not start');
  } finally {
    if (server.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
  }
}

function write(name, content) {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function row(name, { records, cpuSeconds, maxRssMegabytes, wallSeconds }) {
  return [
    name,
    records,
    cpuSeconds.toFixed(1),
    Math.round(records / cpuSeconds),
    Math.round(maxRssMegabytes),
    wallSeconds.toFixed(1),
  ];
}

function table(head, rows) {
  const cells = (values) => `| ${values.join(' | ')} |`;
  line([cells(head), cells(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(cells)].join('\n'));
}

function line(text) {
  process.stdout.write(`${text}\n\n`);
}
