/**
 * The same tap and the same target on this SDK and on the Python SDK, in one run: records per second of CPU for writing
 * messages and for reading them. Records are made in memory and kept nowhere, so that only the SDKs are measured.
 *
 * `npm run bench -- sdk`; environment: BENCH_RECORDS (default 100000).
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { readBenchSettings } from '../../scripts/lib/bench-settings.mjs';
import { endOnSignals } from '../../scripts/lib/processes.mjs';
import { ensurePythonEnv, envBin } from '../../scripts/lib/python-env.mjs';
import { run } from '../../scripts/lib/run.mjs';

const { BENCH_RECORDS: records } = readBenchSettings({ BENCH_RECORDS: 100_000 });
const folder = mkdtempSync(path.join(tmpdir(), 'bench-sdk-'));
const here = (name) => inRoot('bench', 'sdk', name);

endOnSignals();
await ensurePythonEnv('singer-sdk');
const python = envBin('singer-sdk', 'python');
const versions = JSON.parse(readFileSync(inRoot('packages/sdk/package.json'), 'utf8')).version;
const peerVersion = await run(python, ['-c', 'import importlib.metadata as m; print(m.version("singer-sdk"))']);
const OURS = `@singer-io-ts/sdk ${versions}`;
const PEER = `singer-sdk ${peerVersion.trim()} (Python)`;

try {
  const written = { ours: path.join(folder, 'ours.singer'), peer: path.join(folder, 'peer.singer') };
  compare('writing messages', {
    ours: await measure('/dev/null', written.ours, [process.execPath, here('emit.mjs')]),
    peer: await measure('/dev/null', written.peer, [python, here('emit.py')]),
  });
  for (const file of Object.values(written)) {
    const lines = readFileSync(file, 'utf8').split('\n');
    const count = lines.filter((line) => /^\{"type": ?"RECORD"/.test(line)).length;
    if (count !== records) throw new Error(`${path.basename(file)} holds ${count} records, not ${records}`);
  }
  // Both read the same file.
  compare('reading messages', {
    ours: await measure(written.ours, path.join(folder, 'out'), [process.execPath, here('read.mjs')]),
    peer: await measure(written.ours, path.join(folder, 'out'), [python, here('read.py')]),
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(stdin, stdout, command) {
  const said = await run(python, [here('measure.py'), stdin, stdout, ...command], {
    env: { ...process.env, BENCH_RECORDS: String(records), NODE_OPTIONS: '', LOG_LEVEL: 'warning' },
  });
  const used = JSON.parse(said);
  if (used.code !== 0) throw new Error(`${path.basename(command.at(-1))} ended with ${used.code}: ${used.lastLine}`);
  return used;
}

function compare(what, { ours, peer }) {
  const rate = ({ cpuSeconds }) => records / cpuSeconds;
  const row = (name, used) => [
    name,
    used.cpuSeconds.toFixed(2),
    Math.round(rate(used)).toLocaleString('en'),
    used.maxRssMegabytes.toFixed(0),
  ];
  const line = (cells) => `| ${cells.join(' | ')} |\n`;
  process.stdout.write(
    line([`${what}, ${records.toLocaleString('en')} records`, 'CPU s', 'records per CPU second', 'peak RSS MB']),
  );
  process.stdout.write(line(['---', '---:', '---:', '---:']));
  process.stdout.write(line(row(OURS, ours)) + line(row(PEER, peer)));
  process.stdout.write(`\n${(rate(ours) / rate(peer)).toFixed(1)} times as many records per CPU second.\n\n`);
}
