import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startServer } from './local-server.mjs';
import { inRoot } from './paths.mjs';
import { localKey, localSignIns, prepareLocalAccount } from './local-account.mjs';
import { keepPrivate } from './private-files.mjs';
import { checkPort } from './ports.mjs';
import { envBin } from './python-env.mjs';
import { run } from './run.mjs';

/** The embedded sevDesk's token: no secret, it listens on loopback and its company is invented. */
const SEVDESK_TOKEN = '0123456789abcdef0123456789abcdef';

/** Ports that the operating system picks: for tests and for runs side by side. */
export const FREE_PORTS = { snowflake: 0, sevdesk: 0, ecb: 0 };

const SERVERS = {
  snowflake: ({ port, dataDir }) => ({
    command: envBin('local-snowflake', 'python'),
    args: ['-m', 'local_snowflake', '--port', String(port), '--data', path.join(dataDir, 'snowflake')],
    env: {
      PYTHONPATH: inRoot('local/snowflake'),
      PYTHONDONTWRITEBYTECODE: '1',
      SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
    },
  }),
  sevdesk: ({ port, dataDir, sevdeskArguments }) => ({
    command: process.execPath,
    args: [
      inRoot('local/sevdesk/dist/main.js'),
      '--port',
      String(port),
      '--data',
      path.join(dataDir, 'sevdesk'),
      ...sevdeskArguments,
    ],
  }),
  ecb: ({ port }) => ({ command: process.execPath, args: [inRoot('local/ecb/dist/main.js'), '--port', String(port)] }),
};

/** What tap, target, dbt and Meltano read to work with the embedded servers, whatever else the environment holds. */
function environmentOf({ snowflake, sevdesk, ecb }, dataDir) {
  const { hostname, port } = new URL(snowflake);
  return {
    LOCAL_SNOWFLAKE_PORT: port,
    LOCAL_SEVDESK_PORT: new URL(sevdesk).port,
    LOCAL_ECB_PORT: new URL(ecb).port,
    TAP_SEVDESK_API_URL: sevdesk,
    TAP_ECB_API_URL: ecb,
    TARGET_SNOWFLAKE_TS_HOST: hostname,
    TARGET_SNOWFLAKE_TS_PORT: port,
    SNOWFLAKE_HOST: hostname,
    SNOWFLAKE_PORT: port,
    SNOWFLAKE_PROTOCOL: 'http',
    SNOWFLAKE_ACCOUNT: 'local',
    ...localSignIns(dataDir),
    TARGET_SNOWFLAKE_TS_PRIVATE_KEY_PATH: localKey(dataDir, 'loader'),
    SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
    DBT_TARGET: 'local',
    MELTANO_ENVIRONMENT: 'local',
    MELTANO_STATE_BACKEND_URI: pathToFileURL(path.join(dataDir, 'state')).href,
  };
}

/**
 * @typedef {object} EmbeddedPlatform
 * @property {string} dataDir
 * @property {{ snowflake: string, sevdesk: string, ecb: string }} urls
 * @property {string} sevdeskToken
 * @property {Record<string, string>} env what tap, target, dbt and Meltano need to work with it
 * @property {(args: string[], onLine?: (line: string) => void) => Promise<string>} meltano runs Meltano on it
 * @property {() => Promise<void>} stop ends the servers that were started
 */

/**
 * Starts the embedded servers: a sevDesk, the ECB's rates and a Snowflake, with what they keep in one folder.
 * An embedded server that runs at its configured port already is used and left alone.
 *
 * @param {{ dataDir: string, ports?: Record<string, number>, sevdeskArguments?: string[] }} options
 *   `ports` are the system's choice by default
 * @returns {Promise<EmbeddedPlatform>}
 */
export async function startEmbeddedPlatform({ dataDir, ports = FREE_PORTS, sevdeskArguments = [] }) {
  keepPrivate(dataDir, inRoot('.meltano'));
  await mkdir(path.join(dataDir, 'state'), { recursive: true });
  const urls = {};
  const started = [];
  const stop = async () => void (await Promise.all(started.map((server) => server.stop())));
  try {
    const outcomes = await Promise.allSettled(
      Object.entries(SERVERS).map(async ([name, describe]) => {
        const port = ports[name];
        const address = `http://127.0.0.1:${port}${name === 'sevdesk' ? '/api/v1' : ''}`;
        if ((await checkPort(name, port)) === 'running') {
          urls[name] = address;
          return;
        }
        const server = await startServer({
          name: `the local ${name} server`,
          ...describe({ port, dataDir, sevdeskArguments }),
        });
        started.push(server);
        urls[name] = server.url;
      }),
    );
    // Only once all have started or failed is it known which have to be ended.
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    await prepareLocalAccount({ url: urls.snowflake, dataDir });
  } catch (error) {
    await stop();
    throw error;
  }
  const env = environmentOf(urls, dataDir);
  const meltano = (args, onLine) =>
    run(envBin('meltano', 'meltano'), args, {
      env: { ...process.env, ...env, MELTANO_CLI_LOG_FORMAT: 'json' },
      onLine,
    });
  return { dataDir, urls, sevdeskToken: SEVDESK_TOKEN, env, meltano, stop };
}

/** Starts the embedded servers, runs `body` with them, and stops them whatever happens. */
export async function withEmbeddedPlatform(options, body) {
  const platform = await startEmbeddedPlatform(options);
  try {
    return await body(platform);
  } finally {
    await platform.stop();
  }
}

/** What a Meltano run moves from the sources into RAW. */
export const EXTRACT_AND_LOAD = ['tap-sevdesk', 'target-snowflake-ts', 'tap-ecb', 'target-snowflake-ts'];
