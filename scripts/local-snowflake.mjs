/**
 * `npm run local:snowflake -- --port P --data DIR`: the local Snowflake in the foreground, its environment made first. Before it says
 * that it is ready, its account is set up as a real one is, so that Meltano's environment `local` signs in to it as the loader.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from './lib/build.mjs';
import { ConfigurationError, EXIT_CONFIGURATION } from './lib/configuration-error.mjs';
import { folderProblem } from './lib/folder-problem.mjs';
import { prepareLocalAccount } from './lib/local-account.mjs';
import { READY } from './lib/local-server.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { ensurePythonEnv, envBin } from './lib/python-env.mjs';
import { inRoot, localDir } from './lib/paths.mjs';

const args = process.argv.slice(2);
const names = (option) => args.some((arg) => arg === option || arg.startsWith(`${option}=`));
const asksOnly = names('--help') || names('-h');
if (!asksOnly && !names('--data')) args.push('--data', path.join(localDir, 'snowflake'));
/** With databases of one's own the account is one's own, too. */
const isPlatform = !asksOnly && !names('--database');

try {
  await ensurePythonEnv('local-snowflake');
  if (isPlatform) {
    await ensureNodeModules();
    // A build that is there is taken as it is: `npm run build` renews it.
    if (!existsSync(inRoot('packages/snowflake-session/dist/index.js'))) await build();
  }
} catch (error) {
  process.stderr.write(`local-snowflake: ${error.message}\n`);
  process.exit(error instanceof ConfigurationError ? EXIT_CONFIGURATION : 1);
}
const child = spawn(envBin('local-snowflake', 'python'), ['-m', 'local_snowflake', ...args], {
  stdio: ['inherit', 'pipe', 'inherit'],
  env: { ...process.env, PYTHONPATH: inRoot('local', 'snowflake'), SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true' },
});
let isEnded = false;
for (const signal of ['SIGTERM', 'SIGINT'])
  process.on(signal, () => {
    isEnded = true;
    child.kill(signal);
  });
child.on('error', (error) => {
  process.stderr.write(`local-snowflake: cannot be started: ${error.message}\n`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  isEnded = true;
  process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
});
for await (const line of createInterface({ input: child.stdout })) {
  const url = READY.exec(line)?.[1];
  if (url !== undefined && isPlatform) await setUp(url);
  if (!isEnded) process.stdout.write(`${line}\n`);
}

/** A server whose account could not be set up serves all the same: the user local signs in. */
async function setUp(url) {
  process.env.SNOWFLAKE_DISABLE_PLATFORM_DETECTION = 'true';
  try {
    const problem = folderProblem('LOCAL_DIR', localDir);
    if (problem !== undefined) throw new Error(problem);
    await prepareLocalAccount({ url, dataDir: localDir });
  } catch (error) {
    if (!isEnded)
      process.stderr.write(
        `local-snowflake: the users of deploy/snowflake/set-up.sql could not be made: ${error.message}\n`,
      );
  }
}
