import { AuthenticationError, ConfigError, type SingerError } from '@singer-io-ts/sdk';
import { isNetworkCode, isSettingsCode, meaningOf, type Meaning } from './codes.js';
import { DeadlineError } from './deadline.js';
import { codeOf, networkReason, oneLine, type DriverError } from './driver-error.js';
import { UnknownSignInError, UnreachableError } from './errors.js';
import type { ConnectionConfig } from './connection-settings.js';
import { settingNamed, type EnvironmentVariable } from './setting-named.js';

export interface SignInAttempt {
  /** What signs in: `password`, `key pair` … */
  method: string;
  config: Pick<ConnectionConfig, 'account' | 'host' | 'role' | 'warehouse' | 'database' | 'schema'>;
  environmentVariable: EnvironmentVariable;
  /** Whether the run had no session yet. */
  first: boolean;
}

/** What to check when the credentials are refused and the code does not say more. */
const ADVICE: Readonly<Record<string, string>> = {
  password:
    'check user and password; most accounts refuse passwords alone now, so prefer a key pair (private_key_path)',
  'key pair':
    'check that the public key is set on the user (ALTER USER … SET RSA_PUBLIC_KEY) and that user and account are right',
  'OAuth token':
    'the token is wrong or has expired: get a new one, or use oauth_client_id and oauth_client_secret, which do not expire',
  'programmatic access token': 'the token is wrong, has expired, or the network policy that tokens need is missing',
};

/** Maps what signing in threw. The driver's own error is kept as the cause. */
export function mapSignInError(error: unknown, attempt: SignInAttempt): SingerError {
  const cause = error as DriverError;
  const { config, environmentVariable, method } = attempt;
  const code = codeOf(cause);
  const meaning = meaningOf(code);
  if (meaning?.kind === 'sign-in refused')
    return new AuthenticationError({
      message: `Snowflake refused sign-in by ${method} (code ${code}); ${meaning.advice ?? ADVICE[method] ?? 'check the settings of this sign-in method'}`,
      cause,
    });
  if (meaning?.kind === 'wrong setting') return wrongSetting(meaning, code, cause, attempt);
  if (isSettingsCode(code))
    return new ConfigError({ message: `the settings do not make a connection: ${oneLine(cause.message)}`, cause });
  const status = cause.response?.statusCode ?? cause.response?.status;
  if (config.host === undefined && (status === 403 || status === 404)) {
    return new ConfigError({
      message: `Snowflake has no account ${config.account} (HTTP ${status}); check ${settingNamed('account', environmentVariable)}`,
      setting: 'account',
      cause,
    });
  }
  const where = config.host ?? `account ${config.account}`;
  if (error instanceof DeadlineError || isNetworkCode(code) || meaning?.kind === 'session over') {
    const check =
      config.host === undefined
        ? settingNamed('account', environmentVariable)
        : `${settingNamed('host', environmentVariable)} and ${settingNamed('port', environmentVariable)}`;
    return new UnreachableError({
      message: `Snowflake at ${where} cannot be reached${networkReason(cause)}; check ${check} and the network`,
      cause,
      retriable: !attempt.first,
    });
  }
  return new UnknownSignInError({
    message: `signing in to Snowflake at ${where} failed for an unknown reason${code === '' ? '' : ` (code ${code})`}: ${oneLine(cause.message)}`,
    cause,
  });
}

function wrongSetting(
  { settings }: Extract<Meaning, { kind: 'wrong setting' }>,
  code: string,
  cause: DriverError,
  { config, environmentVariable }: SignInAttempt,
): ConfigError {
  const said = settings.filter((setting) => new RegExp(`\\b${setting}\\b`, 'i').test(cause.message ?? ''));
  const wrong = said.length > 0 ? said : settings;
  const names = wrong.map((setting) => {
    const value = config[setting];
    return `${settingNamed(setting, environmentVariable)}${value === undefined ? '' : `, which is ${value}`}`;
  });
  return new ConfigError({
    message: `Snowflake has no such ${wrong.join(' or ')}, or this user may not use it (code ${code}); check ${names.join(', and ')}`,
    ...(wrong[0] === undefined ? {} : { setting: wrong[0] }),
    cause,
  });
}
