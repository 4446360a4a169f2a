import { silentLogger, validateConfig } from '@singer-io-ts/sdk';
import { configSchema, SnowflakeWarehouse } from 'target-snowflake-ts';

/** The target's settings from the environment variables that dbt and the dashboard read as well. */
export function connectionFrom(env) {
  const settings = {
    account: env.SNOWFLAKE_ACCOUNT,
    user: env.SNOWFLAKE_USER,
    password: env.SNOWFLAKE_PASSWORD,
    private_key_path: env.SNOWFLAKE_PRIVATE_KEY_PATH,
    private_key_passphrase: env.SNOWFLAKE_PRIVATE_KEY_PASSPHRASE,
    role: env.SNOWFLAKE_ROLE,
    warehouse: env.SNOWFLAKE_WAREHOUSE,
    database: env.SNOWFLAKE_DATABASE ?? 'SEVDESK',
    host: env.SNOWFLAKE_HOST,
    port: env.SNOWFLAKE_PORT === undefined ? undefined : Number(env.SNOWFLAKE_PORT),
    protocol: env.SNOWFLAKE_PROTOCOL,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined && value !== ''));
}

/**
 * Signs in to Snowflake with the target's own connection, runs `body` with the session, and signs out whatever happens.
 *
 * @template T
 * @param {Record<string, string | undefined>} env
 * @param {(session: import('target-snowflake-ts').Session) => Promise<T>} body
 * @returns {Promise<T>}
 */
export async function withWarehouse(env, body) {
  const config = validateConfig({ plugin: 'target-snowflake-ts', configSchema, config: connectionFrom(env) });
  const warehouse = new SnowflakeWarehouse({ config, runId: 'scripts', logger: silentLogger() });
  try {
    return await body(await warehouse.session());
  } finally {
    await warehouse.close();
  }
}
