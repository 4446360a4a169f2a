/**
 * What an hour costs: requests to sevDesk, sign-ins and statements in Snowflake, at three sizes, and a whole day in fast motion: 24 hourly
 * ticks on a clock of its own, in three of which something changed. Everything is the real pipeline on the embedded servers.
 *   npm run bench -- platform          environment: BENCH_SIZES (invoices, default 500,5000,20000), BENCH_HOURS (default 24)
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { withEmbeddedPlatform } from '../../scripts/lib/embedded-platform.mjs';
import { inRoot, root } from '../../scripts/lib/paths.mjs';
import { ensurePythonEnv, envBin } from '../../scripts/lib/python-env.mjs';
import { startCountingProxy } from './counting-proxy.mjs';

const SIZES = (process.env['BENCH_SIZES'] ?? '500,5000,20000').split(',').map(Number);
const HOURS = Number(process.env['BENCH_HOURS'] ?? 24);
/** The hours of the day in which something changes. */
const BUSY = new Set([2, 9, 15]);
const CHANGES = 3;
/** What an hour in which nothing changed may cost; more ends the benchmark with exit code 1. */
const IDLE_LIMIT = { signIns: 2, statements: 10, models: 0 };
/** The company's last day has passed: while it lasts, documents would come in what is meant to be an hour without changes. */
const LAST_DAY = '2026-10-30';
const HOUR_MS = 3_600_000;

/** Plays ticks with the pipeline on a platform, and counts what each costs. */
class Player {
  #answers;
  #child;

  constructor({ sevdesk, proxy, env }) {
    this.sevdesk = sevdesk;
    this.proxy = proxy;
    this.env = env;
    // A Monday morning on which the ECB has nothing new: rates are asked for once.
    this.now = new Date('2026-11-30T05:00:00Z');
  }

  async start() {
    this.#child = spawn(envBin('orchestration', 'python'), [inRoot('bench/platform/hours.py')], {
      cwd: root,
      env: this.env,
      stdio: ['pipe', 'pipe', process.env['DEBUG'] ? 'inherit' : 'ignore'],
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    await this.#answers.next();
  }

  /** Plays one tick and resolves to what it cost. */
  async hour() {
    await this.admin('DELETE', '/stats');
    this.proxy.take();
    this.#child.stdin.write(`${this.now.toISOString()}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('the pipeline ended; DEBUG=1 shows why');
    const tick = JSON.parse(value);
    if (!tick.success) throw new Error('a run failed; DEBUG=1 shows why');
    const { calls } = await this.admin('GET', '/stats');
    this.now = new Date(this.now.getTime() + HOUR_MS);
    await this.admin('PUT', '/clock', { advanceSeconds: 3600 });
    return { ...tick, calls, ...this.proxy.take() };
  }

  change = () => this.admin('POST', '/activity', { invoices: CHANGES });

  async admin(method, where, body) {
    const answer = await fetch(`${this.sevdesk.split('/api/')[0]}/_local${where}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the local sevDesk answered ${answer.status} to ${where}`);
    return text ? JSON.parse(text) : undefined;
  }

  async stop() {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'close');
  }
}

async function withPlayer(invoices, body) {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-platform-'));
  try {
    const company = ['--invoices', String(invoices), '--today', LAST_DAY];
    const options = { dataDir: path.join(folder, 'data'), sevdeskArguments: company };
    await withEmbeddedPlatform(options, async ({ urls, env }) => {
      const proxy = await startCountingProxy(urls.snowflake);
      const home = path.join(folder, 'dagster');
      await mkdir(home);
      await copyFile(inRoot('orchestration/dagster.yaml'), path.join(home, 'dagster.yaml'));
      const ports = ['LOCAL_SNOWFLAKE_PORT', 'TARGET_SNOWFLAKE_TS_PORT', 'SNOWFLAKE_PORT'];
      const counted = Object.fromEntries(ports.map((name) => [name, String(proxy.port)]));
      const player = new Player({
        sevdesk: urls.sevdesk,
        proxy,
        env: { ...process.env, ...env, ...counted, DAGSTER_HOME: home, PYTHONPATH: root, PIPELINE_RETRIES: '0' },
      });
      await player.start();
      try {
        await body(player);
      } finally {
        await player.stop();
        await proxy.stop();
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const say = (line) => process.stdout.write(`${line}\n`);
const row = (title, { calls, signIns, statements, seconds, models }) =>
  say(`| ${title} | ${calls} | ${signIns} | ${statements} | ${seconds.toFixed(1)} | ${models} |`);

function checkIdle(title, cost) {
  for (const [name, limit] of Object.entries(IDLE_LIMIT)) {
    if (cost[name] <= limit) continue;
    process.stderr.write(`${title}: ${cost[name]} ${name} in an hour in which nothing changed; ${limit} are allowed\n`);
    process.exitCode = 1;
  }
}

for (const name of ['orchestration', 'meltano', 'local-snowflake']) await ensurePythonEnv(name);
say('| invoices, hour | sevDesk requests | sign-ins | statements | statement seconds | models built |');
say('| --- | --- | --- | --- | --- | --- |');
for (const invoices of SIZES) {
  await withPlayer(invoices, async (player) => {
    row(`${invoices}, first`, await player.hour());
    const idle = await player.hour();
    row(`${invoices}, nothing changed`, idle);
    checkIdle(`${invoices} invoices`, idle);
    await player.change();
    row(`${invoices}, ${CHANGES} invoices changed`, await player.hour());
  });
}

say(`\nA day of ${HOURS} hours, ${SIZES[0]} invoices, ${CHANGES} changes in each of ${BUSY.size} of them:\n`);
await withPlayer(SIZES[0], async (player) => {
  await player.hour();
  const day = { calls: 0, signIns: 0, statements: 0, seconds: 0, models: 0 };
  for (let hour = 0; hour < HOURS; hour += 1) {
    if (BUSY.has(hour)) await player.change();
    const cost = await player.hour();
    for (const name of Object.keys(day)) day[name] += cost[name];
  }
  say('| | sevDesk requests | sign-ins | statements | statement seconds | models built |');
  say('| --- | --- | --- | --- | --- | --- |');
  row('the day', day);
});
