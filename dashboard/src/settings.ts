/** A setting that is missing or cannot be used. The message is one line that says which one and what to do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** How the dashboard signs in to Snowflake: an account, or the local Snowflake when a host is given. */
export interface SnowflakeSettings {
  readonly account: string;
  readonly user: string;
  /** A password or a programmatic access token; unused where a private key is given. */
  readonly password: string | undefined;
  readonly privateKeyPath: string | undefined;
  readonly privateKeyPassphrase: string | undefined;
  readonly warehouse: string;
  readonly database: string;
  readonly schema: string;
  readonly role: string | undefined;
  /** Another endpoint than the account's own, as `http://127.0.0.1:18300`. */
  readonly accessUrl: string | undefined;
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
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORT = 18310;
const DEFAULT_MAX_AGE_MINUTES = 150;
const DEFAULT_CACHE_SECONDS = 30;

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
  };
}

function readSnowflakeSettings(env: Environment): SnowflakeSettings {
  const password = optional(env, 'SNOWFLAKE_PASSWORD');
  const privateKeyPath = optional(env, 'SNOWFLAKE_PRIVATE_KEY_PATH');
  const settings = {
    account: required(env, 'SNOWFLAKE_ACCOUNT'),
    user: required(env, 'SNOWFLAKE_USER'),
    warehouse: required(env, 'SNOWFLAKE_WAREHOUSE'),
  };
  if (password === undefined && privateKeyPath === undefined) {
    throw new SettingsError(
      'SNOWFLAKE_PRIVATE_KEY_PATH and SNOWFLAKE_PASSWORD are both not set. Set one of them, in the environment or in .env; a key is the better one.',
    );
  }
  return {
    ...settings,
    password,
    privateKeyPath,
    privateKeyPassphrase: optional(env, 'SNOWFLAKE_PRIVATE_KEY_PASSPHRASE'),
    database: optional(env, 'SNOWFLAKE_DATABASE') ?? 'SEVDESK',
    schema: optional(env, 'DASHBOARD_SNOWFLAKE_SCHEMA') ?? 'ANALYTICS',
    role: optional(env, 'DASHBOARD_SNOWFLAKE_ROLE') ?? optional(env, 'SNOWFLAKE_ROLE'),
    accessUrl: readAccessUrl(env),
  };
}

function readAccessUrl(env: Environment): string | undefined {
  const host = optional(env, 'SNOWFLAKE_HOST');
  if (host === undefined) return undefined;
  const protocol = optional(env, 'SNOWFLAKE_PROTOCOL') ?? 'https';
  if (protocol !== 'http' && protocol !== 'https') {
    throw new SettingsError(`SNOWFLAKE_PROTOCOL is ${JSON.stringify(protocol)}. It must be http or https.`);
  }
  const fallback = protocol === 'https' ? 443 : 80;
  return `${protocol}://${host}:${wholeNumber(env, 'SNOWFLAKE_PORT', { fallback, minimum: 1, maximum: 65_535 })}`;
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
