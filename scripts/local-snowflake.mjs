/** `npm run local:snowflake -- --port P --data DIR`: the local Snowflake in the foreground, its environment made first. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ConfigurationError, EXIT_CONFIGURATION } from './lib/configuration-error.mjs';
import { ensurePythonEnv, envBin } from './lib/python-env.mjs';
import { inRoot, localDir } from './lib/paths.mjs';

const args = process.argv.slice(2);
const asksOnly = args.includes('--help') || args.includes('-h');
if (!asksOnly && !args.some((arg) => arg === '--data' || arg.startsWith('--data=')))
  args.push('--data', path.join(localDir, 'snowflake'));

try {
  await ensurePythonEnv('local-snowflake');
} catch (error) {
  process.stderr.write(`local-snowflake: ${error.message}\n`);
  process.exit(error instanceof ConfigurationError ? EXIT_CONFIGURATION : 1);
}
const child = spawn(envBin('local-snowflake', 'python'), ['-m', 'local_snowflake', ...args], {
  stdio: 'inherit',
  env: { ...process.env, PYTHONPATH: inRoot('local', 'snowflake'), SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true' },
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`local-snowflake: cannot be started: ${error.message}\n`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
});
