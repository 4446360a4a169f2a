import { readFileSync } from 'node:fs';
import { isRelease } from './node-modules.mjs';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

const tsc = inRoot('node_modules', 'typescript', 'bin', 'tsc');

/** The projects that make what runs; `tsconfig.test.json` only checks types, which is linting's work. */
function projects() {
  const { references } = JSON.parse(readFileSync(inRoot('tsconfig.json'), 'utf8'));
  return references.map(({ path }) => path).filter((path) => path !== 'tsconfig.test.json');
}

/** Compiles what changed since the last time. A release is compiled already. */
export async function build() {
  if (!isRelease()) await run(process.execPath, [tsc, '-b', ...projects()]);
}

/** Checks the types of everything, tests included. */
export const checkTypes = () => run(process.execPath, [tsc, '-b']);
