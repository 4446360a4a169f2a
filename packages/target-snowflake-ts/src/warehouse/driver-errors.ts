import {
  AuthenticationError,
  ConfigError,
  CopyRejectedError,
  LoadError,
  SchemaConflictError,
  StatementRefusedError,
  WarehouseUnavailableError,
  type SingerError,
  type SingerErrorOptions,
} from '@singer-io-ts/sdk';

/** What the driver throws, as far as it is read. */
export interface DriverError {
  code?: string | number;
  sqlState?: string;
  message?: string;
  response?: { status?: number; statusCode?: number };
  data?: { errorCode?: string };
  cause?: unknown;
}

/** Another transaction holds what this one needs. The transaction as a whole can be tried again. */
export class LockConflictError extends LoadError {
  readonly code = 'LOCK_CONFLICT';
  override readonly retriable = true;
}

/** Another process changed the table since it was looked at. What was planned for it has to be planned anew. */
export class TableChangedError extends SchemaConflictError {
  override readonly retriable: boolean = true;
}

/** The session is gone, and with it its transaction, temporary tables and stages. What was under way has to be done anew in another one. */
export class SessionLostError extends WarehouseUnavailableError {}

/** Snowflake could not be reached at the start of a run. The driver has tried several times by then; a scheduler may try the run again. */
export class UnreachableError extends WarehouseUnavailableError {
  override readonly retriable: boolean;

  constructor({ retriable, ...options }: SingerErrorOptions & { retriable: boolean }) {
    super(options);
    this.retriable = retriable;
  }
}

/** Codes of the service and the driver that tell that the session is gone. */
const SESSION_GONE = new Set([
  '390104',
  '390108',
  '390110',
  '390111',
  '390112',
  '390114',
  '390115',
  '390120',
  '405503',
  '407001',
  '407002',
]);
/** Codes of a statement that lost against another transaction: lock timeout, deadlock, conflict. */
const LOCKED = new Set(['000625', '000635', '000639', '001996', '200001']);
/** Codes of values that do not fit their column. */
const BAD_VALUES = new Set([
  '100035',
  '100037',
  '100038',
  '100039',
  '100040',
  '100041',
  '100046',
  '100051',
  '100058',
  '100065',
  '100069',
  '100071',
  '100072',
  '100074',
  '100077',
  '100078',
  '100079',
  '100080',
  '100082',
  '100083',
  '100089',
  '100094',
  '100096',
  '100097',
  '100098',
  '100108',
  '100132',
]);
const CANCELLED = new Set(['000604', '000605', '000630', '000709']);

const codeOf = (error: DriverError): string => String(error.code ?? error.data?.errorCode ?? '').padStart(6, '0');

/** Maps what signing in threw. The driver's own words are kept as the cause only. */
export function mapSignInError(
  error: unknown,
  {
    method,
    account,
    host,
    first,
  }: {
    method: string;
    account: string;
    host: string | undefined;
    /** Whether the run had no session yet. */ first: boolean;
  },
): SingerError {
  const cause = error as DriverError;
  const code = codeOf(cause);
  const where = host ?? `account ${account}`;
  if (code.startsWith('39') && !isServiceTrouble(code)) return refused(code, method, cause);
  if (code.startsWith('404'))
    return new ConfigError({ message: `the settings do not make a connection: ${firstLine(cause.message)}`, cause });
  const status = cause.response?.statusCode ?? cause.response?.status;
  if (host === undefined && (status === 403 || status === 404)) {
    return new ConfigError({
      message: `Snowflake knows no account ${account} (HTTP ${status}); check setting "account" (environment variable TARGET_SNOWFLAKE_TS_ACCOUNT)`,
      setting: 'account',
      cause,
    });
  }
  const settings = host === undefined ? '"account"' : '"host", "port" and "protocol"';
  return new UnreachableError({
    message: `Snowflake at ${where} cannot be reached${reason(cause)}; check setting ${settings} and the network`,
    cause,
    retriable: !first,
  });
}

/** 390 codes that speak of the service, not of the credentials. */
const isServiceTrouble = (code: string): boolean => ['390114', '390189', '390400', '390500', '390503'].includes(code);

function refused(code: string, method: string, cause: DriverError): AuthenticationError {
  const mfa = /multi-?factor|MFA|password.*(not allowed|disabled|policy)/i.test(cause.message ?? '');
  const advice: Record<string, string> = {
    password: mfa
      ? 'the account does not let this user in by password alone: use a key pair (private_key_path), an access token or workload identity'
      : 'check user and password; most accounts refuse passwords alone now, so prefer a key pair (private_key_path)',
    'key pair':
      'check that the public key is set on the user (ALTER USER … SET RSA_PUBLIC_KEY) and that user and account are right',
    'OAuth token':
      'the token is wrong or has expired: get a new one, or use oauth_client_id and oauth_client_secret, which do not expire',
    'programmatic access token': 'the token is wrong, has expired, or the network policy that tokens need is missing',
  };
  return new AuthenticationError({
    message: `Snowflake refused sign-in by ${method} (code ${code}); ${advice[method] ?? 'check the settings of this sign-in method'}`,
    cause,
  });
}

/**
 * Maps what a statement threw. `what` says what was being done, in words for the user; the statement itself and the service's words,
 * which may hold values, are left to the cause.
 */
export function mapStatementError(error: unknown, what: string): SingerError {
  const cause = withoutValues(error as DriverError);
  const code = codeOf(cause);
  if (SESSION_GONE.has(code))
    return new SessionLostError({ message: `${what}: the Snowflake session has ended`, cause });
  if (LOCKED.has(code) || /conflict|lock(ed)?\b/i.test(code === '000603' ? cause.message : '')) {
    return new LockConflictError({ message: `${what}: another run holds the lock (code ${code})`, cause });
  }
  if (CANCELLED.has(code))
    return new WarehouseUnavailableError({
      message: `${what}: the statement was cancelled or took too long (code ${code}); see statement_timeout_seconds`,
      cause,
    });
  // The files are uploaded anew with each try.
  if (code === '091016')
    return new WarehouseUnavailableError({ message: `${what}: a staged file is not there (code ${code})`, cause });
  if (isNetwork(code))
    return new SessionLostError({ message: `${what}: the connection to Snowflake broke${reason(cause)}`, cause });
  if (code === '003001')
    return new StatementRefusedError({
      message: `${what}: the role lacks a right for this (code 003001); grant it or choose another "role"`,
      cause,
    });
  if (code === '000606' || code === '000607')
    return new StatementRefusedError({
      message: `${what}: no warehouse is active; set "warehouse" (environment variable TARGET_SNOWFLAKE_TS_WAREHOUSE) to one that the role may use`,
      cause,
    });
  if (code === '002003' || code === '002043')
    return new StatementRefusedError({
      message: `${what}: something that it needs does not exist or the role may not see it (code ${code}); check database, schema, warehouse and role`,
      cause,
    });
  // IF NOT EXISTS looks first and makes then: two runs that start together can both look before one makes.
  if (code === '002002' || code === '001430')
    return new TableChangedError({ message: `${what}: another run has just made it (code ${code})`, cause });
  if (code === '000904')
    return new TableChangedError({
      message: `${what}: a column is not there any more; another process changed the table, run again`,
      cause,
    });
  if (BAD_VALUES.has(code))
    return new CopyRejectedError({
      message: `${what}: Snowflake refused a value${placeOf(cause.message)} (code ${code})`,
      cause,
    });
  return new StatementRefusedError({
    message: `${what}: Snowflake refused the statement (code ${code}); log level debug shows why`,
    cause,
  });
}

/** The driver's error as a cause that may be printed: the service quotes the value that it refused, which belongs in no log. */
function withoutValues(error: DriverError): DriverError & Error {
  const [told = '', ...place] = (error.message ?? '').split(/(?=\n\s*File ')/);
  const redacted = new Error([told.replace(/'[\s\S]*'/, "'…'"), ...place].join(''));
  redacted.name = error instanceof Error ? error.name : 'DriverError';
  redacted.stack = `${redacted.name}: ${redacted.message}`;
  const { code, sqlState, data, response, cause } = error;
  return Object.assign(redacted, { code, sqlState, data, response, cause }) as DriverError & Error;
}

const isNetwork = (code: string): boolean => /^40[12]\d{3}$/.test(code) || /^0*E[A-Z]+$/.test(code);

/** Where a COPY stopped: file, line and column, which the service's message holds beside the value. */
export function copyPlace(message: string | undefined): { file?: string; line?: number; column?: string } {
  const file = /File '([^']+)'/i.exec(message ?? '')?.[1];
  const line = /line (\d+)/i.exec(message ?? '')?.[1];
  const column = /column "?[^"]*"?\["(C\d+)":\d+\]/i.exec(message ?? '')?.[1];
  return {
    ...(file === undefined ? {} : { file: file.split('/').at(-1) ?? file }),
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column }),
  };
}

function placeOf(message: string | undefined): string {
  const { file, line } = copyPlace(message);
  return file === undefined ? '' : ` in staged file ${file}${line === undefined ? '' : `, line ${line}`}`;
}

/** The system's word for a broken connection, if there is one: `ECONNREFUSED`, `ENOTFOUND`. */
function reason(error: DriverError): string {
  for (
    let e: DriverError | undefined = error, depth = 0;
    e && depth < 5;
    e = e.cause as DriverError | undefined, depth += 1
  ) {
    const code = /\b(E[A-Z]{4,}|HTTP \d{3})\b/.exec(`${e.code ?? ''} ${e.message ?? ''}`)?.[1];
    if (code) return ` (${code})`;
  }
  return '';
}

const firstLine = (text = 'unknown reason'): string => text.split('\n')[0] ?? text;
