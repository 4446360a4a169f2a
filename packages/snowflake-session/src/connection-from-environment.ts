import { envNameOf, loadConfig, validateConfig, type JsonObject } from '@singer-io-ts/sdk';
import type { ConnectionConfig } from './connection-settings.js';
import type { EnvironmentVariable } from './setting-named.js';
import { connectionSchema } from './connection-settings.js';

const PREFIX = 'snowflake';

/** `role` → `SNOWFLAKE_ROLE`. */
export const snowflakeVariable: EnvironmentVariable = (setting) => envNameOf(PREFIX, setting);

/**
 * The connection that the environment variables `SNOWFLAKE_ACCOUNT`, `SNOWFLAKE_USER`, … describe, one for each setting. Empty ones count
 * as not set.
 *
 * @param settings settings that come before the environment's
 * @throws ConfigError naming the variable that is missing or wrong
 */
export function connectionFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  settings: JsonObject = {},
): ConnectionConfig {
  const config = loadConfig({ plugin: PREFIX, configSchema: connectionSchema, sources: ['ENV', settings], env });
  return validateConfig<ConnectionConfig>({ plugin: PREFIX, configSchema: connectionSchema, config });
}
