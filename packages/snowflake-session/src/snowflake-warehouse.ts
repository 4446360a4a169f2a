import { silentLogger, type Logger } from '@singer-io-ts/sdk';
import type { ConnectionConfig } from './connection-settings.js';
import type { EnvironmentVariable } from './setting-named.js';
import { connectDriver, type ConnectionOptions, type DriverConnection } from './driver.js';
import { alterSession } from './session-parameters.js';
import type { Session, Warehouse } from './session.js';
import { chooseSignIn } from './sign-in.js';
import { mapSignInError } from './sign-in-errors.js';
import { SnowflakeSession } from './snowflake-session.js';

export interface SnowflakeOptions {
  config: ConnectionConfig;
  /** What Snowflake's login history shows; letters, digits and `_`. */
  application: string;
  /** Messages name a setting together with its environment variable. */
  environmentVariable: EnvironmentVariable;
  /**
   * The QUERY_TAG where the settings name none.
   *
   * @default the application
   */
  queryTag?: string;
  /**
   * `in order`: one at a time, in the order of the calls, as a transaction needs it. `side by side`: for those who only read.
   *
   * @default 'in order'
   */
  statements?: 'in order' | 'side by side';
  /** @default says nothing */
  logger?: Logger;
}

/** Snowflake through its driver. Settings are checked when it is made; the driver is loaded and signs in when a session is asked for. */
export class SnowflakeWarehouse implements Warehouse {
  readonly #options: Required<SnowflakeOptions>;
  readonly #signIn: ReturnType<typeof chooseSignIn>;
  #session: SnowflakeSession | undefined;
  #opening: Promise<Session> | undefined;
  #sessions = 0;

  /** @throws ConfigError when the settings do not allow to sign in */
  constructor(options: SnowflakeOptions) {
    this.#options = { queryTag: options.application, statements: 'in order', logger: silentLogger(), ...options };
    this.#signIn = chooseSignIn(options.config, options.environmentVariable);
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
    // Statements of others may still be under way in a session that one of them lost.
    const lost = this.#session;
    this.#session = undefined;
    if (this.#options.statements === 'side by side') void lost?.closeWhenIdle();
    else await lost?.close();
    this.#session = await this.#open();
    return this.#session;
  }

  async #open(): Promise<SnowflakeSession> {
    const { config, application, environmentVariable, queryTag, statements, logger } = this.#options;
    const { method, options } = this.#signIn;
    logger.debug(`signing in to ${config.host ?? config.account} by ${method}`);
    let connection: DriverConnection;
    try {
      connection = await connectDriver(
        connectionOptions(config, options, { application, keepAlive: statements === 'in order' }),
        config.login_timeout_seconds * 1000,
      );
    } catch (error) {
      throw mapSignInError(error, { method, config, environmentVariable, first: this.#sessions === 0 });
    }
    this.#sessions += 1;
    const session = new SnowflakeSession({
      id: this.#sessions,
      connection,
      config,
      environmentVariable,
      statements,
      logger,
    });
    try {
      await session.run(
        alterSession({
          own: config.session_parameters ?? {},
          quotedIdentifiersIgnoreCase: config.quoted_identifiers_ignore_case,
          queryTag: config.query_tag ?? queryTag,
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

function connectionOptions(
  config: ConnectionConfig,
  signIn: Record<string, string>,
  { application, keepAlive }: { application: string; keepAlive: boolean },
): ConnectionOptions {
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
    application,
    // A reader that nobody asks anything lets its session go.
    clientSessionKeepAlive: keepAlive,
    representNullAsStringNull: false,
    sfRetryMaxLoginRetries: 2,
    ...signIn,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
