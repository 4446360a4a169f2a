/**
 * `npm test [-- SUITE…]`: sets everything up, runs every suite (or those named) one after the other and ends with a
 * line `N passed, N failed` over all of them. Exits with 1 when anything failed.
 */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
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

/** Runs a suite with its output passed through. */
function runSuite({ command, args, env }) {
  return new Promise((resolve, reject) => {
    const child = startProcess(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
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
  const total = { passed: 0, failed: 0, skipped: 0 };
  const summary = [];
  for (const suite of wanted) {
    say(`\n=== ${suite.name} ===`);
    const report = path.join(reports, suite.name);
    await rm(report, { force: true });
    const exitCode = await runSuite(suite.run(report));
    const counts = suite.count(report, exitCode);
    for (const key of Object.keys(total)) total[key] += counts[key];
    summary.push(`${suite.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  }
  say(`\n${summary.join('\n')}\n`);
  say(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
});
