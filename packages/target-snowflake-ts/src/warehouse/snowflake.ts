import { WarehouseUnavailableError, type Logger } from '@singer-io-ts/sdk';
import type { Config } from '../config.js';
import { quoteLiteral } from '../identifiers.js';
import { alterSession } from '../sql/session.js';
import { connectDriver, DeadlineError, type DriverConnection, type DriverOptions } from './driver.js';
import { mapSignInError, mapStatementError, SessionLostError } from './driver-errors.js';
import type { Row, Session, Upload, Warehouse } from './session.js';
import { chooseSignIn } from './sign-in.js';

/** Beyond the service's own limit on a statement, for its answer to arrive. */
const ANSWER_GRACE_MS = 60_000;
const SIGN_OUT_MS = 5_000;

/** What a connection takes of the settings. */
export type ConnectionConfig = Pick<
  Config,
  | 'account'
  | 'database'
  | 'schema'
  | 'warehouse'
  | 'role'
  | 'host'
  | 'port'
  | 'protocol'
  | 'proxy_host'
  | 'proxy_port'
  | 'proxy_user'
  | 'proxy_password'
  | 'proxy_protocol'
  | 'no_proxy'
  | 'query_tag'
  | 'session_parameters'
  | 'quoted_identifiers_ignore_case'
  | 'login_timeout_seconds'
  | 'statement_timeout_seconds'
  | 'upload_timeout_seconds'
  | 'lock_timeout_seconds'
> &
  Parameters<typeof chooseSignIn>[0];

export interface SnowflakeOptions {
  config: ConnectionConfig;
  runId: string;
  logger: Logger;
}

/** Snowflake through its driver. Settings are checked when it is made; the driver is loaded and signs in when a session is asked for. */
export class SnowflakeWarehouse implements Warehouse {
  readonly #options: SnowflakeOptions;
  readonly #signIn: ReturnType<typeof chooseSignIn>;
  #session: SnowflakeSession | undefined;
  #opening: Promise<Session> | undefined;
  #sessions = 0;

  constructor(options: SnowflakeOptions) {
    this.#options = options;
    this.#signIn = chooseSignIn(options.config);
  }

  session(): Promise<Session> {
    this.#opening ??= this.#usable().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async close(): Promise<void> {
    // A session that is being opened would otherwise be left behind.
    await this.#opening?.catch(() => undefined);
    await this.#session?.close();
    this.#session = undefined;
  }

  async #usable(): Promise<Session> {
    if (this.#session && !this.#session.lost) return this.#session;
    await this.#session?.close();
    this.#session = undefined;
    this.#session = await this.#open();
    return this.#session;
  }

  async #open(): Promise<SnowflakeSession> {
    const { config, runId, logger } = this.#options;
    const { method, options } = this.#signIn;
    logger.debug(`signing in to ${config.host ?? config.account} by ${method}`);
    let connection: DriverConnection;
    try {
      connection = await connectDriver(driverOptions(config, options), config.login_timeout_seconds * 1000);
    } catch (error) {
      throw mapSignInError(error, { method, account: config.account, host: config.host, first: this.#sessions === 0 });
    }
    this.#sessions += 1;
    const session = new SnowflakeSession(this.#sessions, connection, config, logger);
    try {
      await session.run(
        alterSession({
          own: config.session_parameters ?? {},
          quotedIdentifiersIgnoreCase: config.quoted_identifiers_ignore_case,
          queryTag: config.query_tag ?? JSON.stringify({ app: 'target-snowflake-ts', run: runId }),
          statementTimeoutSeconds: config.statement_timeout_seconds,
          lockTimeoutSeconds: config.lock_timeout_seconds,
        }),
      );
    } catch (error) {
      await session.close();
      throw error;
    }
    return session;
  }
}

function driverOptions(config: ConnectionConfig, signIn: Record<string, string>): DriverOptions {
  const { account, database, schema, warehouse, role, host, port, protocol } = config;
  const options: Record<string, string | number | boolean | undefined> = {
    account,
    database,
    schema,
    warehouse,
    role,
    ...(host === undefined
      ? {}
      : {
          host,
          port: port ?? (protocol === 'http' ? 80 : 443),
          protocol,
          accessUrl: `${protocol}://${host}${port === undefined ? '' : `:${port}`}`,
        }),
    proxyHost: config.proxy_host,
    proxyPort: config.proxy_port,
    proxyUser: config.proxy_user,
    proxyPassword: config.proxy_password,
    proxyProtocol: config.proxy_protocol,
    noProxy: config.no_proxy,
    application: 'target_snowflake_ts',
    clientSessionKeepAlive: true,
    representNullAsStringNull: false,
    sfRetryMaxLoginRetries: 2,
    ...signIn,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

class SnowflakeSession implements Session {
  #lost = false;
  /** Ends when the last statement asked for has ended. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly id: number,
    private readonly connection: DriverConnection,
    private readonly config: Pick<ConnectionConfig, 'statement_timeout_seconds' | 'upload_timeout_seconds'>,
    private readonly logger: Logger,
  ) {}

  get lost(): boolean {
    return this.#lost;
  }

  run(
    sql: string,
    { timeoutMs = this.config.statement_timeout_seconds * 1000 + ANSWER_GRACE_MS } = {},
  ): Promise<Row[]> {
    const result = this.#queue.then(() => this.#execute(sql, timeoutMs, verbOf(sql)));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async upload({ path, bytes, location, compression }: Upload): Promise<void> {
    // The driver does not know NONE; by the name it finds that .json is not compressed.
    const source = `SOURCE_COMPRESSION = ${compression === 'gzip' ? 'GZIP' : 'AUTO_DETECT'}`;
    const sql = `PUT ${quoteLiteral(`file://${path}`)} ${quoteLiteral(location)} AUTO_COMPRESS = FALSE ${source} OVERWRITE = TRUE`;
    const rows = await this.#execute(sql, this.config.upload_timeout_seconds * 1000, 'upload');
    verifyUpload(rows, bytes);
  }

  async close(): Promise<void> {
    this.#lost = true;
    await this.connection.destroy(SIGN_OUT_MS);
  }

  async #execute(sql: string, timeoutMs: number, what: string): Promise<Row[]> {
    if (this.#lost) throw new SessionLostError({ message: `${what}: the Snowflake session has ended` });
    this.logger.debug(sql);
    try {
      return await this.connection.execute(sql, timeoutMs);
    } catch (error) {
      const mapped =
        error instanceof DeadlineError
          ? new SessionLostError({ message: `${what}: ${error.message}`, cause: error })
          : mapStatementError(error, what);
      if (mapped instanceof SessionLostError) this.#lost = true;
      throw mapped;
    }
  }
}

/** A PUT that failed can look like one that did not: the driver gives no error, only a row that says so. */
export function verifyUpload(rows: readonly Row[], bytes: number): void {
  const row = Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const { status } = row;
  const size = Number(row['source_size'] ?? row['sourcesize']);
  if (rows.length === 1 && status === 'UPLOADED' && size === bytes) return;
  const seen =
    rows.length === 1 ? `${status ?? 'no status'}, ${size} of ${bytes} bytes` : `${rows.length} files instead of 1`;
  throw new WarehouseUnavailableError({ message: `upload: the file did not reach the stage whole (${seen})` });
}

/** For messages: what a statement does, never the statement itself. */
function verbOf(sql: string): string {
  const [first = '', second = '', third = ''] = sql
    .trim()
    .split(/\s+/, 3)
    .map((word) => word.toUpperCase());
  switch (first) {
    case 'COPY':
    case 'MERGE':
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'BEGIN':
    case 'COMMIT':
    case 'ROLLBACK':
    case 'SELECT':
      return first;
    case 'CREATE':
      return ['OR', 'TEMPORARY'].includes(second) ? `CREATE ${third.replace('REPLACE', 'TABLE')}` : `CREATE ${second}`;
    default:
      return `${first} ${second}`.trim();
  }
}
