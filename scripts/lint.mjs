/** `npm run lint`: types of everything, circles of imports, ESLint, what nobody uses (knip), what is generated, Prettier, Ruff, prose. Prints what is wrong and exits with 1. */
import { readArguments } from './lib/arguments.mjs';
import { inRoot } from './lib/paths.mjs';
import { checkTypes } from './lib/build.mjs';
import { main } from './lib/main.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { checkProse } from './lib/prose.mjs';
import { ensurePythonEnv, envBin } from './lib/python-env.mjs';
import { run } from './lib/run.mjs';
import { refuseTypeCircles } from './lib/type-circles.mjs';

const USAGE = `usage: npm run lint

Checks types, imports, style, what nobody uses, what is generated, and prose. Prints what is wrong and exits with 1.
`;

readArguments(USAGE);

await main(async () => {
  await ensureNodeModules();
  await checkTypes();
  refuseTypeCircles();
  await run(process.execPath, [inRoot('node_modules/eslint/bin/eslint.js'), '.', '--max-warnings', '0']);
  await run(process.execPath, [inRoot('node_modules/knip/bin/knip.js'), '--no-progress']);
  await run(process.execPath, [inRoot('scripts/generate.mjs'), '--check']);
  await run(process.execPath, [
    inRoot('node_modules/prettier/bin/prettier.cjs'),
    '--check',
    '--log-level',
    'warn',
    '.',
  ]);
  await ensurePythonEnv('lint');
  await run(envBin('lint', 'ruff'), ['check', '--quiet', '.']);
  await run(envBin('lint', 'ruff'), ['format', '--check', '--quiet', '.']);
  await checkProse();
});
