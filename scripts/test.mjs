/**
 * `npm test [-- SUITE…]`: sets everything up, runs every suite (or those named), some of them side by side, and ends with a
 * line `N passed, N failed` over all of them. Exits with 1 when anything failed.
 */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { stagesOf } from './lib/lanes.mjs';
import { main } from './lib/main.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { localDir, root } from './lib/paths.mjs';
import { startProcess } from './lib/processes.mjs';
import { ensurePythonEnv } from './lib/python-env.mjs';
import { suites } from './lib/suites.mjs';

const USAGE = `usage: npm test [-- SUITE…]

Sets everything up, runs every suite or those named, and ends with a line "N passed, N failed".

  SUITE   ${suites.map(({ name }) => name).join(', ')}
`;

const { positionals: names } = readArguments(
  USAGE,
  {},
  suites.map(({ name }) => name),
);

const say = (text) => process.stdout.write(`${text}\n`);

/** Runs a suite with its output passed through, or kept in a file. */
function runSuite({ command, args, env }, output) {
  return new Promise((resolve, reject) => {
    const child = startProcess(command, args, {
      cwd: root,
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env },
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

await main(async () => {
  const wanted = suites.filter(({ name }) => names.length === 0 || names.includes(name));

  say('Installing what is missing …');
  await ensureNodeModules();
  await build();
  for (const name of new Set(wanted.flatMap(({ environments }) => environments))) await ensurePythonEnv(name);

  const reports = path.join(localDir, 'test-reports');
  await mkdir(reports, { recursive: true });
  const counts = new Map();

  /** Runs the suites of a lane. `kept` says that another lane has the terminal: their outputs are shown when all lanes have ended. */
  async function runLane(lane, kept) {
    for (const suite of lane) {
      const report = path.join(reports, suite.name);
      await rm(report, { force: true });
      if (!kept) say(`\n=== ${suite.name} ===`);
      const output = kept ? openSync(`${report}.log`, 'w') : 'inherit';
      const exitCode = await runSuite(suite.run(report), output);
      if (kept) closeSync(output);
      counts.set(suite, suite.count(report, exitCode));
    }
  }

  for (const [shown, ...kept] of stagesOf(wanted)) {
    const meanwhile = kept.flat().map(({ name }) => name);
    if (meanwhile.length > 0) say(`\nMeanwhile ${meanwhile.join(', ')} will run, with the output below.`);
    await Promise.all([runLane(shown, false), ...kept.map((lane) => runLane(lane, true))]);
    for (const { name } of kept.flat())
      say(`\n=== ${name} ===\n${readFileSync(path.join(reports, `${name}.log`), 'utf8')}`);
  }

  const total = { passed: 0, failed: 0, skipped: 0 };
  const summary = wanted.map((suite) => {
    const found = counts.get(suite);
    for (const key of Object.keys(total)) total[key] += found[key];
    return `${suite.name}: ${found.passed} passed, ${found.failed} failed, ${found.skipped} skipped`;
  });
  say(`\n${summary.join('\n')}\n`);
  say(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
});
