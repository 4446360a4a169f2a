/**
 * What distance costs: 21 streams of 2 to 26 columns into a local Snowflake behind a delay a request. Each target does its real SQL. A first load, a small
 * update of each stream, and a run in which nothing is new.
 */
import { openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { startProcess } from '../../scripts/lib/processes.mjs';
import { envBin } from '../../scripts/lib/python-env.mjs';
import { startSlowWire } from './slow-wire.mjs';

const STREAMS = 21;
const TYPES = [
  { type: ['null', 'string'] },
  { type: ['null', 'integer'] },
  { type: ['null', 'number'], multipleOf: 0.01 },
  { type: ['null', 'string'], format: 'date-time' },
  { type: ['null', 'object'] },
];
const VALUES = ['text', 12, 9.75, '2026-03-01T08:00:00Z', { nested: true }];
const columnsOf = (stream) =>
  Array.from({ length: (stream % 7) * 4 + 2 }, (_, column) => (stream + column) % TYPES.length);
const named = (stream, values) =>
  Object.fromEntries(columnsOf(stream).map((kind, column) => [`c${column}`, values[kind]]));

/** The messages of a run that brings the records from `from` to `to` of every stream. */
function messages(from, to) {
  const lines = [];
  for (let stream = 0; stream < STREAMS; stream += 1) {
    const properties = { id: { type: 'integer' }, ...named(stream, TYPES) };
    lines.push({
      type: 'SCHEMA',
      stream: `table_${stream}`,
      schema: { type: 'object', properties },
      key_properties: ['id'],
    });
    for (let id = from; id < to; id += 1)
      lines.push({ type: 'RECORD', stream: `table_${stream}`, record: { id, ...named(stream, VALUES) } });
  }
  lines.push({ type: 'STATE', value: { at: to } });
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Runs a command on a file; resolves to its wall time, or to why it failed. */
async function timed(command, args, input) {
  const began = performance.now();
  const child = startProcess(command, args, { stdio: [openSync(input), 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  const failure = code === 0 ? undefined : (/\w*Error: .*/.exec(log)?.[0] ?? log.trim()).slice(0, 160);
  return { seconds: (performance.now() - began) / 1000, failure };
}

/** @param server the address of a local Snowflake with database BENCH */
export async function roundTrips(server, folder, say) {
  const runs = [
    ['first load', 0, 50],
    ['small update', 50, 53],
    ['idle', 0, 0],
  ];
  const files = {};
  for (const [what, from, to] of runs) {
    files[what] = path.join(folder, `${what.replace(' ', '-')}.singer`);
    await writeFile(files[what], messages(from, to));
  }
  const own = async (port, schema) => {
    const config = path.join(folder, 'round-trips.json');
    const settings = { account: 'local', user: 'local', password: 'local', host: '127.0.0.1', port, protocol: 'http' };
    await writeFile(config, JSON.stringify({ ...settings, database: 'BENCH', default_target_schema: schema }));
    return [process.execPath, [inRoot('packages/target-snowflake-ts/bin/target-snowflake-ts.js'), '--config', config]];
  };
  const peer = (name) => (port, schema, input) => [
    envBin(`peer-${name}-target-snowflake`, 'python'),
    [inRoot('bench', 'target', 'peer_real.py'), name, input, String(port), schema],
  ];
  const targets = [
    ['target-snowflake-ts', own],
    ['meltanolabs-target-snowflake', peer('meltanolabs')],
    ['pipelinewise-target-snowflake', peer('pipelinewise')],
  ];
  say(
    `\n${STREAMS} streams against the same local Snowflake, each request delayed; statements, the requests that bring them, and wall seconds by delay:\n`,
  );
  say('| target | run | statements | requests | 0 ms | 50 ms | 150 ms |');
  say('| --- | --- | ---: | ---: | ---: | ---: | ---: |');
  const { hostname: host, port } = new URL(server.url);
  /** By run, of each target that did them all: what `say` prints. */
  const done = Object.fromEntries(runs.map(([what]) => [what, []]));
  for (const [n, [name, command]] of targets.entries()) {
    const cells = Object.fromEntries(runs.map(([what]) => [what, []]));
    const counts = {};
    let refused;
    for (const delay of [0, 50, 150]) {
      const wire = await startSlowWire({ host, port: Number(port) }, delay);
      for (const [what] of runs) {
        if (refused !== undefined) continue;
        Object.assign(wire, { statements: 0, requests: 0 });
        const [program, args] = await command(wire.port, `TRIPS_${n}_${delay}`, files[what]);
        const { seconds, failure } = await timed(program, args, files[what]);
        refused = failure;
        cells[what].push(seconds.toFixed(1));
        counts[what] = { statements: wire.statements, requests: wire.requests };
      }
      await wire.close();
    }
    // A part of a run says nothing of what the whole would cost.
    if (refused !== undefined) say(`| ${name} | its SQL does not run on the local Snowflake: ${refused} | | | | | |`);
    else
      for (const [what] of runs) {
        const { statements, requests } = counts[what];
        say(`| ${name} | ${what} | ${statements} | ${requests} | ${cells[what].join(' | ')} |`);
        done[what].push({ statements, requests, seconds: Number(cells[what].at(-1)) });
      }
  }
  say('\ntarget-snowflake-ts beside the better of the others in each figure, at the longest delay:\n');
  say('| run | statements | requests | wall time |');
  say('| --- | ---: | ---: | ---: |');
  for (const [what] of runs) {
    const [ours, ...others] = done[what];
    if (others.length === 0) continue;
    const fewer = (figure) => (Math.min(...others.map((other) => other[figure])) / ours[figure]).toFixed(1);
    say(
      `| ${what} | ${['statements', 'requests', 'seconds'].map((figure) => `${fewer(figure)} times less`).join(' | ')} |`,
    );
  }
}
