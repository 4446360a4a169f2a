/** `node scripts/python.mjs sync NAME…` makes environments; `… lock NAME…` pins their requirements anew. */
import { ensurePythonEnv, lockPythonEnv } from './lib/python-env.mjs';

const [verb, ...names] = process.argv.slice(2);
const act = { sync: ensurePythonEnv, lock: lockPythonEnv }[verb];
if (!act || names.length === 0) {
  process.stderr.write('usage: node scripts/python.mjs sync|lock NAME…   (NAME: a file python/NAME.in)\n');
  process.exit(2);
}
for (const name of names) await act(name);
