import { connectionFromEnvironment, SnowflakeWarehouse, snowflakeVariable } from '@singer-io-ts/snowflake-session';

/** The connection that the environment variables describe which dbt and the dashboard read as well. */
export const connectionFrom = (env) =>
  connectionFromEnvironment(env, env.SNOWFLAKE_DATABASE ? {} : { database: 'SEVDESK' });

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
