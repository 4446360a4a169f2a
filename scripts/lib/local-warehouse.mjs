import path from 'node:path';
import { prepareLocalAccount } from './local-account.mjs';
import { startServer } from './local-server.mjs';
import { inRoot, localDir } from './paths.mjs';
import { checkPort, configuredPorts } from './ports.mjs';
import { ensurePythonEnv, envBin } from './python-env.mjs';

/**
 * The local Snowflake on `.local/snowflake`: the one that is running, else one that lives until `stop`.
 *
 * @returns {Promise<{ url: string, stop: () => Promise<unknown> }>}
 */
export async function localWarehouse() {
  const { snowflake: port } = configuredPorts(process.env, ['snowflake']);
  if ((await checkPort('snowflake', port)) === 'running') {
    const url = `http://127.0.0.1:${port}`;
    await prepareLocalAccount({ url, dataDir: localDir });
    return { url, stop: () => Promise.resolve() };
  }
  await ensurePythonEnv('local-snowflake');
  const server = await startServer({
    name: 'the local Snowflake',
    command: envBin('local-snowflake', 'python'),
    args: ['-m', 'local_snowflake', '--port', String(port), '--data', path.join(localDir, 'snowflake')],
    env: {
      PYTHONPATH: inRoot('local/snowflake'),
      PYTHONDONTWRITEBYTECODE: '1',
      SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
    },
  });
  try {
    await prepareLocalAccount({ url: server.url, dataDir: localDir });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}
