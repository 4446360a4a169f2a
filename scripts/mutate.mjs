/**
 * `npm run mutate [-- AREA]`: puts one fault after the other into the source (scripts/lib/mutants.mjs) and runs the nearest tests, which must
 * fail. Prints what survived and exits with 1 when anything did. Takes minutes; not part of `npm test`. The source is put back in any case.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { main } from './lib/main.mjs';
import { mutants } from './lib/mutants.mjs';
import { inRoot } from './lib/paths.mjs';
import { ensurePythonEnv } from './lib/python-env.mjs';
import { CommandError, run } from './lib/run.mjs';

const areas = [...new Set(mutants.map(({ area }) => area))];

const USAGE = `usage: npm run mutate [-- AREA…]

Puts one fault after the other into the source and runs the nearest tests, which must fail. Prints what survived. Takes minutes.

  AREA   ${areas.map((area) => (area.includes(' ') ? `"${area}"` : area)).join(', ')} (default: all)
`;

const { positionals: chosenAreas } = readArguments(USAGE, {}, areas);

const print = (line) => process.stdout.write(`${line}\n`);

/** Runs the tests of a mutant; resolves to whether they passed. */
async function pass({ tests, only }) {
  const jest = ['--experimental-vm-modules', '--no-warnings', inRoot('node_modules/jest/bin/jest.js'), '--silent'];
  try {
    await run(process.execPath, [...jest, '--runTestsByPath', tests, ...(only ? ['-t', only] : [])]);
    return true;
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}

/** A package with a fault in it may not compile; then the compiler is what notices. */
async function compiles(project) {
  try {
    await run(process.execPath, [inRoot('node_modules/typescript/bin/tsc'), '-b', project]);
    return true;
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}

/** Puts a fault into its file, runs `body` and puts the file back, however the process ends. */
async function withFault({ file, find, replace }, body) {
  const path = inRoot(file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2) throw new Error(`${file} does not hold this once: ${find}`);
  const restore = () => writeFileSync(path, text);
  const interrupted = () => process.exit(1);
  process.once('exit', restore).once('SIGINT', interrupted).once('SIGTERM', interrupted);
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
  try {
    return await body();
  } finally {
    restore();
    process.off('exit', restore).off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

await main(async () => {
  const chosen = mutants.filter(({ area }) => chosenAreas.length === 0 || chosenAreas.includes(area));
  await build();
  await ensurePythonEnv('local-snowflake');
  const suites = new Map(chosen.map((mutant) => [`${mutant.tests} ${mutant.only ?? ''}`, mutant]));
  for (const mutant of suites.values())
    if (!(await pass(mutant))) throw new Error(`${mutant.tests} fails without any fault; mend that first`);
  const survived = [];
  for (const [index, mutant] of chosen.entries()) {
    const killed = await withFault(
      mutant,
      async () => (mutant.build !== undefined && !(await compiles(mutant.build))) || !(await pass(mutant)),
    );
    if (mutant.build !== undefined) await build();
    const [line = ''] = mutant.find.trim().split('\n');
    print(
      `${killed ? '✔ killed  ' : '✖ survived'} ${index + 1}/${chosen.length} ${mutant.area}: ${mutant.file}: ${line}`,
    );
    if (!killed) survived.push(mutant);
  }
  print(`${chosen.length - survived.length} of ${chosen.length} faults were noticed`);
  process.exitCode = survived.length === 0 ? 0 : 1;
});
