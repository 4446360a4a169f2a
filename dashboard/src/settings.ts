import {
  connectionFromEnvironment,
  snowflakeVariable,
  type ConnectionConfig,
  type EnvironmentVariable,
} from '@singer-io-ts/snowflake-session';

/** A setting that is missing or cannot be used. The message is one line that says which one and what to do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** How the dashboard signs in to Snowflake. */
export interface SnowflakeSettings {
  readonly connection: ConnectionConfig;
  /** The environment variable that a setting of the connection comes from. */
  readonly environmentVariable: EnvironmentVariable;
}

export interface DashboardSettings {
  readonly snowflake: SnowflakeSettings;
  readonly port: number;
  /** Data older than this is shown as outdated, in red. */
  readonly outdatedAfterMinutes: number;
  /** How long an answer of the warehouse is shown again without asking. */
  readonly cacheSeconds: number;
  /** Host names, beside loopback ones, under which a reverse proxy serves the dashboard. */
  readonly allowedHosts: readonly string[];
  /** Where sevDesk's own pages are, for links to a document. */
  readonly sevdeskUrl: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORT = 18310;
const DEFAULT_MAX_AGE_MINUTES = 150;
const DEFAULT_CACHE_SECONDS = 30;
const DEFAULT_SEVDESK_URL = 'https://my.sevdesk.de';

/**
 * Reads the settings from environment variables; an empty variable counts as not set.
 *
 * @throws {SettingsError} for the first setting that is missing or wrong
 */
export function readSettings(env: Environment): DashboardSettings {
  return {
    snowflake: readSnowflakeSettings(env),
    port: wholeNumber(env, 'DASHBOARD_PORT', { fallback: DEFAULT_PORT, minimum: 0, maximum: 65_535 }),
    outdatedAfterMinutes: wholeNumber(env, 'DASHBOARD_MAX_AGE_MINUTES', {
      fallback: DEFAULT_MAX_AGE_MINUTES,
      minimum: 1,
      maximum: 43_200,
    }),
    cacheSeconds: wholeNumber(env, 'DASHBOARD_CACHE_SECONDS', {
      fallback: DEFAULT_CACHE_SECONDS,
      minimum: 0,
      maximum: 86_400,
    }),
    allowedHosts: (optional(env, 'DASHBOARD_ALLOWED_HOSTS') ?? '')
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ''),
    sevdeskUrl: webAddress(env, 'DASHBOARD_SEVDESK_URL', DEFAULT_SEVDESK_URL),
  };
}

/** Settings that the dashboard may have of its own, so that it reads with a role that can do nothing else. */
const OWN = ['user', 'private_key_path', 'private_key_passphrase', 'role', 'schema'];

function readSnowflakeSettings(env: Environment): SnowflakeSettings {
  for (const name of ['SNOWFLAKE_ACCOUNT', 'SNOWFLAKE_WAREHOUSE']) required(env, name);
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

function optional(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function required(env: Environment, name: string): string {
  const value = optional(env, name);
  if (value !== undefined) return value;
  throw new SettingsError(
    `${name} is not set. Set it in the environment or in .env, or start the dashboard on the local Snowflake with --local.`,
  );
}

/** An address that a link may lead to, without a slash at its end. */
function webAddress(env: Environment, name: string, fallback: string): string {
  const text = optional(env, name) ?? fallback;
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text.replace(/\/+$/, '');
  throw new SettingsError(`${name} is ${JSON.stringify(text)}. It must be a web address such as ${fallback}.`);
}

function wholeNumber(
  env: Environment,
  name: string,
  { fallback, minimum, maximum }: { fallback: number; minimum: number; maximum: number },
): number {
  const text = optional(env, name);
  if (text === undefined) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= minimum && value <= maximum) return value;
  throw new SettingsError(
    `${name} is ${JSON.stringify(text)}. It must be a whole number from ${minimum} to ${maximum}.`,
  );
}
