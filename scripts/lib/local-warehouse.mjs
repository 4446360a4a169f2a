import path from 'node:path';
import { startServer } from './local-server.mjs';
import { inRoot, localDir } from './paths.mjs';
import { checkPort } from './ports.mjs';
import { ensurePythonEnv, envBin } from './python-env.mjs';

/**
 * The local Snowflake on `.local/snowflake`: the one that is running, else one that lives until `stop`.
 *
 * @returns {Promise<{ url: string, stop: () => Promise<unknown> }>}
 */
export async function localWarehouse() {
  const port = process.env['LOCAL_SNOWFLAKE_PORT'] || '18300';
  if ((await checkPort('snowflake', Number(port))) === 'running')
    return { url: `http://127.0.0.1:${port}`, stop: () => Promise.resolve() };
  await ensurePythonEnv('local-snowflake');
  return startServer({
    name: 'the local Snowflake',
    command: envBin('local-snowflake', 'python'),
    args: ['-m', 'local_snowflake', '--port', port, '--data', path.join(localDir, 'snowflake')],
    env: {
      PYTHONPATH: inRoot('local/snowflake'),
      PYTHONDONTWRITEBYTECODE: '1',
      SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
    },
  });
}
