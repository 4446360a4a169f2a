import { connectionFromEnvironment, SnowflakeWarehouse, snowflakeVariable } from '@singer-io-ts/snowflake-session';

/** The connection that the environment variables describe which dbt and the dashboard read as well. */
export const connectionFrom = (env) =>
  connectionFromEnvironment(env, env.SNOWFLAKE_DATABASE ? {} : { database: 'SEVDESK' });

/** The environment as the dashboard reads it: its own user, key and role, where they are set, in place of the loader's. */
export const readerOf = (env) => ownSignIn(env, 'DASHBOARD_');

/** The environment as dbt reads it. */
export const transformerOf = (env) => ownSignIn(env, 'DBT_');

function ownSignIn(env, prefix) {
  const own = ['USER', 'PASSWORD', 'PRIVATE_KEY_PATH', 'PRIVATE_KEY_PASSPHRASE', 'ROLE'].flatMap((name) => {
    const value = env[`${prefix}SNOWFLAKE_${name}`];
    return value ? [[`SNOWFLAKE_${name}`, value]] : [];
  });
  return { ...env, ...Object.fromEntries(own) };
}

/**
 * Signs in to Snowflake, runs `body` with the session, and signs out whatever happens.
 *
 * @template T
 * @param {Record<string, string | undefined>} env
 * @param {(session: import('@singer-io-ts/snowflake-session').Session) => Promise<T>} body
 * @returns {Promise<T>}
 */
export async function withWarehouse(env, body) {
  const warehouse = new SnowflakeWarehouse({
    config: connectionFrom(env),
    application: 'sevdesk_data_platform',
    environmentVariable: snowflakeVariable,
  });
  try {
    return await body(await warehouse.session());
  } finally {
    await warehouse.close();
  }
}
