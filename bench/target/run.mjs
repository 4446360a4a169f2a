/**
 * `npm run bench -- target`: CPU and memory of target-snowflake-ts beside the floor and the two Python targets, on the same messages.
 *
 * The Python targets run with their network and all of their SQL left out, which favours them; this target does all of its work
 * against the local Snowflake. `BENCH_RECORDS` (default 500000) sets the size, `BENCH_PEER_RECORDS` (default the same) that of the peers' runs,
 * `BENCH_LONG_RECORDS` (default twice the size) that of the run which shows that memory stays flat. The last part, `round-trips.mjs`, has the
 * Python targets do their real SQL. `BENCH_ONLY=round-trips` runs that part alone, `BENCH_ONLY=node-versions` this target on each version of Node.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { readBenchSettings } from '../../scripts/lib/bench-settings.mjs';
import { startServer } from '../../scripts/lib/local-server.mjs';
import { main } from '../../scripts/lib/main.mjs';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { ensurePythonEnv, envBin } from '../../scripts/lib/python-env.mjs';
import { measure } from './measure.mjs';
import { record, schema, writeMessages } from './messages.mjs';
import { nodeVersions } from './node-versions.mjs';
import { roundTrips } from './round-trips.mjs';

const sizes = readBenchSettings({ BENCH_RECORDS: 500_000, BENCH_PEER_RECORDS: 0, BENCH_LONG_RECORDS: 0 });
const records = sizes.BENCH_RECORDS;
const peerRecords = sizes.BENCH_PEER_RECORDS || records;
const longRecords = sizes.BENCH_LONG_RECORDS || 2 * records;
const bench = inRoot('bench', 'target');
const say = (text) => process.stdout.write(`${text}\n`);

/** The seconds that the target's own METRIC lines add up to, by step. */
function steps(log) {
  const sums = {};
  for (const [, json] of log.matchAll(/METRIC: (\{.*\})/g)) {
    const { type, metric, value } = JSON.parse(json);
    if (type === 'timer') sums[metric] = (sums[metric] ?? 0) + value;
  }
  return sums;
}

/** The same records as BATCH files. */
async function writeBatches(folder, count) {
  const files = [];
  const perFile = 100_000;
  for (let from = 0; from < count; from += perFile) {
    const file = path.join(folder, `batch-${files.length}.jsonl.gz`);
    async function* lines() {
      for (let n = from; n < Math.min(count, from + perFile); n += 1000) {
        yield Array.from({ length: Math.min(1000, count - n) }, (_, i) => `${JSON.stringify(record(n + i))}\n`).join(
          '',
        );
      }
    }
    await pipeline(lines, createGzip({ level: 1 }), createWriteStream(file));
    files.push(`file://${file}`);
  }
  const messages = [
    { type: 'SCHEMA', stream: 'invoices', schema, key_properties: ['id'], bookmark_properties: ['update'] },
    { type: 'BATCH', stream: 'invoices', encoding: { format: 'jsonl', compression: 'gzip' }, manifest: files },
    { type: 'STATE', value: { done: true } },
  ];
  const out = path.join(folder, 'batch.singer');
  await writeFile(out, messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  return out;
}

/** A smaller size: what two sizes differ by has no start of a process in it. */
const fewerOf = (count) => Math.round(count / 5);

function table(rows) {
  say('| what | records | CPU s | µs per record | times the target | peak RSS MB |');
  say('| --- | ---: | ---: | ---: | ---: | ---: |');
  const own = rows.find(({ own: isOwn }) => isOwn);
  for (const { name, count, cpuSeconds, maxRssMegabytes } of rows) {
    const perRecord = cpuSeconds / count;
    const ratio = perRecord / (own.cpuSeconds / own.count);
    say(
      `| ${name} | ${count.toLocaleString('en')} | ${cpuSeconds.toFixed(1)} | ${(perRecord * 1e6).toFixed(1)} | ${ratio.toFixed(2)} | ${maxRssMegabytes.toFixed(0)} |`,
    );
  }
}

await main(async () => {
  for (const name of ['local-snowflake', 'peer-meltanolabs-target-snowflake', 'peer-pipelinewise-target-snowflake'])
    await ensurePythonEnv(name);
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-target-'));
  const server = await startServer({
    name: 'local Snowflake',
    command: envBin('local-snowflake', 'python'),
    args: [
      '-m',
      'local_snowflake',
      '--port',
      '0',
      '--data',
      path.join(folder, 'snowflake'),
      '--database',
      'BENCH',
      '--memory-limit',
      '6GB',
    ],
    env: { PYTHONPATH: inRoot('local', 'snowflake') },
  });
  try {
    const file = async (count) => {
      const name = path.join(folder, `${count}.singer`);
      if (!(await stat(name).catch(() => undefined))) await writeMessages(name, count);
      return name;
    };
    let runs = 0;
    const target = async (stdin, more = {}, node = process.execPath) => {
      runs += 1;
      const config = path.join(folder, 'config.json');
      const { hostname, port } = new URL(server.url);
      await writeFile(
        config,
        JSON.stringify({
          account: 'local',
          user: 'local',
          password: 'local',
          host: hostname,
          port: Number(port),
          protocol: 'http',
          database: 'BENCH',
          default_target_schema: `RUN_${runs}`,
          clean_up_batch_files: false,
          ...more,
        }),
      );
      const hook = path.join(bench, 'usage-on-exit.mjs');
      return measure(
        folder,
        node,
        ['--import', hook, inRoot('packages/target-snowflake-ts/bin/target-snowflake-ts.js'), '--config', config],
        { stdin },
      );
    };
    if (process.env.BENCH_ONLY === 'round-trips') return await roundTrips(server, folder, say);
    const floorOf = (input, node = process.execPath) => measure(folder, node, [path.join(bench, 'floor.mjs'), input]);
    if (process.env.BENCH_ONLY === 'node-versions')
      return await nodeVersions({ floorOf, target, input: await file(records), records, say });
    const messages = await file(records);
    say(
      `${records.toLocaleString('en')} invoices of ${Math.round((await stat(messages)).size / records)} bytes a line; whole processes, CPU of all threads.\n`,
    );
    const fewer = fewerOf(records);
    const floor = await floorOf(messages);
    const smallFloor = await floorOf(await file(fewer));
    const longFloor = await floorOf(await file(longRecords));
    const own = await target(messages);
    const batch = await target(await writeBatches(folder, records));
    const small = await target(await file(fewer));
    const long = await target(await file(longRecords));
    await rm(await file(longRecords), { force: true });
    const peer = async (name, count) =>
      measure(folder, envBin(`peer-${name}-target-snowflake`, 'python'), [
        path.join(bench, `peer_${name}.py`),
        await file(count),
      ]);
    const peers = [];
    for (const name of ['meltanolabs', 'pipelinewise'])
      peers.push({
        name: `${name}-target-snowflake`,
        whole: await peer(name, peerRecords),
        small: await peer(name, fewerOf(peerRecords)),
      });
    const rows = [
      { name: 'floor: parse, validate, gzip -1', count: records, ...floor },
      { name: 'floor, more records', count: longRecords, ...longFloor },
      { name: 'target-snowflake-ts', own: true, count: records, ...own },
      { name: 'target-snowflake-ts, fewer records', count: fewer, ...small },
      { name: 'target-snowflake-ts, more records', count: longRecords, ...long },
      { name: 'target-snowflake-ts, BATCH files', count: records, ...batch },
      ...peers.map(({ name, whole }) => ({ name: `${name}, no network, no SQL`, count: peerRecords, ...whole })),
    ];
    table(rows);
    say(
      '\nWall time of a load into the local Snowflake, where uploads, copies and merges run while reading goes on:\n',
    );
    say('| run | wall s | upload s | copy s | merge s | commit s |');
    say('| --- | ---: | ---: | ---: | ---: | ---: |');
    for (const [name, run] of [
      ['records', own],
      ['BATCH files', batch],
    ]) {
      const sums = steps(run.log);
      const cells = ['upload', 'copy', 'merge', 'commit'].map((step) => (sums[`${step}_duration`] ?? 0).toFixed(1));
      say(`| ${name} | ${run.wallSeconds.toFixed(1)} | ${cells.join(' | ')} |`);
    }
    say('\nCPU of target-snowflake-ts, per record:\n');
    const heads = [records, longRecords].map((count) => `${count.toLocaleString('en')} records, start included`);
    say(`| beside | ${heads.join(' | ')} | each further record |`);
    say('| --- | ---: | ---: | ---: |');
    const perRecord = (run, count) => run.cpuSeconds / count;
    const perFurther = (run, count, smallRun, smallCount) =>
      (run.cpuSeconds - smallRun.cpuSeconds) / (count - smallCount);
    const ours = [perRecord(own, records), perRecord(long, longRecords), perFurther(long, longRecords, small, fewer)];
    const floors = [
      perRecord(floor, records),
      perRecord(longFloor, longRecords),
      perFurther(longFloor, longRecords, smallFloor, fewer),
    ];
    say(`| floor | ${floors.map((one, index) => `${(ours[index] / one).toFixed(2)} times`).join(' | ')} |`);
    for (const { name, whole, small: smallRun } of peers) {
      const each = perRecord(whole, peerRecords);
      const further = perFurther(whole, peerRecords, smallRun, fewerOf(peerRecords));
      const cells = [each, each, further].map((one, index) => `${(one / ours[index]).toFixed(1)} times less`);
      say(`| ${name} | ${cells.join(' | ')} |`);
    }
    await roundTrips(server, folder, say);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
