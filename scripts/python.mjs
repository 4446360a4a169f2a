/** `node scripts/python.mjs sync NAME…` makes environments; `… lock NAME…` pins their requirements anew. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { readArguments, refuseArguments } from './lib/arguments.mjs';
import { inRoot } from './lib/paths.mjs';
import { ensurePythonEnv, lockPythonEnv } from './lib/python-env.mjs';

const NAMES = [...new Set(readdirSync(inRoot('python')).map((file) => path.parse(file).name))];
const ACTIONS = { sync: ensurePythonEnv, lock: lockPythonEnv };

const USAGE = `usage: node scripts/python.mjs sync|lock NAME…

Manages the Python environments under .venvs.

  sync   installs an environment, or brings it up to date with python/NAME.txt
  lock   resolves python/NAME.in again and pins versions and hashes in python/NAME.txt

  NAME   ${NAMES.join(', ')}
`;

const [verb, ...names] = readArguments(USAGE, {}, [...Object.keys(ACTIONS), ...NAMES]).positionals;
const act = ACTIONS[verb];
if (!act) refuseArguments(USAGE, 'the first word is sync or lock');
if (names.length === 0) refuseArguments(USAGE, `name an environment to ${verb}`);
for (const name of names) await act(name);
