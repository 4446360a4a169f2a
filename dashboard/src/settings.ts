import {
  connectionFromEnvironment,
  snowflakeVariable,
  type ConnectionConfig,
  type EnvironmentVariable,
} from '@singer-io-ts/snowflake-session';
import type { AccessSettings } from './access-settings.js';
import { readAccessSettings } from './access-settings.js';
import type { Environment } from './environment.js';
import { SettingsError, list, optional, readAll, webAddress, wholeNumber } from './environment.js';

/** How the dashboard signs in to Snowflake. */
export interface SnowflakeSettings {
  readonly connection: ConnectionConfig;
  /** The environment variable that a setting of the connection comes from. */
  readonly environmentVariable: EnvironmentVariable;
}

export interface DashboardSettings {
  readonly snowflake: SnowflakeSettings;
  readonly port: number;
  readonly access: AccessSettings;
  /** Data older than this is shown as outdated, in red. */
  readonly outdatedAfterMinutes: number;
  /** How long an answer of the warehouse is shown again without asking. */
  readonly cacheSeconds: number;
  /** Host names, beside loopback ones, under which a reverse proxy serves the dashboard. */
  readonly allowedHosts: readonly string[];
  /** Where sevDesk's own pages are, for links to a document. */
  readonly sevdeskUrl: string;
}

const DEFAULT_PORT = 18310;
const DEFAULT_MAX_AGE_MINUTES = 150;
const DEFAULT_CACHE_SECONDS = 30;
const DEFAULT_SEVDESK_URL = 'https://my.sevdesk.de';

/**
 * Reads the settings from environment variables; an empty variable counts as not set.
 *
 * @throws {SettingsError} with a line for each setting that is missing or wrong
 */
export function readSettings(env: Environment): DashboardSettings {
  const read = readAll({
    snowflake: () => readSnowflakeSettings(env),
    port: () => wholeNumber(env, 'DASHBOARD_PORT', { fallback: DEFAULT_PORT, minimum: 0, maximum: 65_535 }),
    outdatedAfterMinutes: () =>
      wholeNumber(env, 'DASHBOARD_MAX_AGE_MINUTES', {
        fallback: DEFAULT_MAX_AGE_MINUTES,
        minimum: 1,
        maximum: 43_200,
      }),
    cacheSeconds: () =>
      wholeNumber(env, 'DASHBOARD_CACHE_SECONDS', { fallback: DEFAULT_CACHE_SECONDS, minimum: 0, maximum: 86_400 }),
    access: () => readAccessSettings(env),
    sevdeskUrl: () => webAddress(env, 'DASHBOARD_SEVDESK_URL', DEFAULT_SEVDESK_URL),
  });
  const { signIn } = read.access;
  const ownHost = signIn.by === 'oidc' ? [new URL(signIn.url).hostname] : [];
  return {
    ...read,
    allowedHosts: [...list(env, 'DASHBOARD_ALLOWED_HOSTS'), ...ownHost].map((host) => host.toLowerCase()),
  };
}

/** A line for each setting that is missing or wrong; none when the dashboard can be started with them. */
export function settingProblems(env: Environment): readonly string[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message.split('\n');
  }
}

/** Settings that the dashboard may have of its own, so that it reads with a role that can do nothing else. */
const OWN = ['user', 'private_key_path', 'private_key_passphrase', 'role', 'schema'];

function readSnowflakeSettings(env: Environment): SnowflakeSettings {
  readAll({ account: () => required(env, 'SNOWFLAKE_ACCOUNT'), warehouse: () => required(env, 'SNOWFLAKE_WAREHOUSE') });
  const ownVariable = (setting: string): string => `DASHBOARD_${snowflakeVariable(setting)}`;
  const own = OWN.flatMap((setting) => {
    const value = optional(env, ownVariable(setting));
    return value === undefined ? [] : [[setting, value] as const];
  });
  const ownNames = new Set(own.map(([setting]) => setting));
  const connection = connectionFromEnvironment(env, {
    ...(optional(env, 'SNOWFLAKE_DATABASE') === undefined ? { database: 'SEVDESK' } : {}),
    // SNOWFLAKE_SCHEMA is where raw data goes.
    schema: 'ANALYTICS',
    login_timeout_seconds: 45,
    statement_timeout_seconds: 60,
    ...Object.fromEntries(own),
  });
  return {
    connection,
    environmentVariable: (setting) => (ownNames.has(setting) ? ownVariable(setting) : snowflakeVariable(setting)),
  };
}

function required(env: Environment, name: string): string {
  const value = optional(env, name);
  if (value !== undefined) return value;
  throw new SettingsError(
    `${name} is not set. Set it in the environment or in .env, or start the dashboard on the local Snowflake with --local.`,
  );
}
