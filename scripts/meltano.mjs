/** `npm run meltano -- ARGUMENTS`: the project's own pinned Meltano, set up first if it is not there. */
import { spawn } from 'node:child_process';
import { build } from './lib/build.mjs';
import { main } from './lib/main.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { inRoot } from './lib/paths.mjs';
import { keepPrivate } from './lib/private-files.mjs';
import { ensurePythonEnv, envBin } from './lib/python-env.mjs';

await main(
  async () => {
    await ensureNodeModules();
    await build();
    for (const name of ['meltano', 'dbt']) await ensurePythonEnv(name);
    keepPrivate(inRoot('.meltano'));
    const child = spawn(envBin('meltano', 'meltano'), process.argv.slice(2), { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('close', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
  },
  { handlesSignals: true },
);
