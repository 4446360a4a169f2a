// eslint-disable-next-line no-restricted-imports -- this package's one connection module
import type { Connection, ConnectionOptions, RowStatement } from 'snowflake-sdk';
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SnowflakeSettings } from '../settings.js';
import { SettingsError } from '../settings.js';
import { fromDriverError, needsNewSession } from './driver-error.js';
import type { Row, Statement, Warehouse } from './warehouse.js';
import { WarehouseError } from './warehouse.js';

const CONNECT_DEADLINE_MS = 45_000;
const STATEMENT_DEADLINE_MS = 60_000;
const SIGN_OUT_MS = 2_000;
// The driver goes on asking a server that is gone; whether it is gone is looked at after this long.
const LOOK_AFTER_MS = 3_000;
// Numbers keep every digit as text; booleans come as 'TRUE' and 'FALSE'; dates as YYYY-MM-DD.
const AS_TEXT: NonNullable<ConnectionOptions['fetchAsString']> = ['Boolean', 'Number', 'Date', 'JSON'];

/**
 * Snowflake through its own driver: one session, opened at the first statement and again whenever it has expired.
 * Every statement ends within a deadline, whatever the driver's own retries do.
 */
export class SnowflakeWarehouse implements Warehouse {
  #connection: Promise<Connection> | undefined;

  constructor(private readonly settings: SnowflakeSettings) {}

  async rows(statement: Statement): Promise<readonly Row[]> {
    const { rows } = await this.#execute(statement, false);
    return rows;
  }

  async *stream(statement: Statement): AsyncIterable<Row> {
    const { statement: running } = await this.#execute(statement, true);
    try {
      for await (const row of running.streamRows()) yield row as Row;
    } catch (error) {
      throw fromDriverError(error);
    }
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    if (!connection?.isUp()) return;
    // Signing out is a courtesy: a warehouse that is gone must not keep the dashboard from ending.
    await Promise.race([
      new Promise<void>((resolve) => connection.destroy(() => resolve())),
      sleep(SIGN_OUT_MS, undefined, { ref: false }),
    ]);
  }

  async #execute(statement: Statement, streamResult: boolean): Promise<Executed> {
    const session = this.#connect();
    try {
      return await this.#executeOn(session, statement, streamResult);
    } catch (error) {
      if (error instanceof SettingsError) throw error;
      if (!needsNewSession(error)) throw fromDriverError(error);
    }
    // Others may have noticed before: only the session that failed is given up. It is not closed, since their statements may run on it.
    if (this.#connection === session) this.#connection = undefined;
    return this.#executeOn(this.#connect(), statement, streamResult).catch((error: unknown) => {
      throw fromDriverError(error);
    });
  }

  async #executeOn(session: Promise<Connection>, { sql, binds }: Statement, streamResult: boolean): Promise<Executed> {
    const connection = await session;
    let running: RowStatement | undefined;
    const executed = new Promise<Executed>((resolve, reject) => {
      running = connection.execute({
        sqlText: sql,
        binds: [...binds],
        streamResult,
        parameters: { QUERY_TAG: 'sevdesk dashboard', STATEMENT_TIMEOUT_IN_SECONDS: STATEMENT_DEADLINE_MS / 1000 },
        complete: (error, done, rows) =>
          error ? reject(error) : resolve({ statement: done, rows: (rows ?? []) as Row[] }),
      });
    });
    return this.#within(STATEMENT_DEADLINE_MS, executed, () => running?.cancel());
  }

  /** Waits for the work, but not past its deadline, nor on a local Snowflake or proxy that has gone away. */
  async #within<Result>(deadlineMs: number, work: Promise<Result>, giveUp: () => void): Promise<Result> {
    const { accessUrl } = this.settings;
    const timers: NodeJS.Timeout[] = [];
    const late = new Promise<never>((_resolve, reject) => {
      const end = (message: string): void => {
        giveUp();
        reject(new WarehouseError({ fault: 'unreachable', message }));
      };
      timers.push(
        setTimeout(() => end(`Snowflake did not answer within ${deadlineMs / 1000} seconds.`), deadlineMs),
        setTimeout(() => {
          if (accessUrl === undefined) return;
          void answers(accessUrl).then((isThere) => {
            if (!isThere) end(`Nothing answers at ${accessUrl}.`);
          });
        }, LOOK_AFTER_MS),
      );
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      timers.forEach((timer) => clearTimeout(timer));
    }
  }

  #connect(): Promise<Connection> {
    if (this.#connection) return this.#connection;
    const session = this.#within(CONNECT_DEADLINE_MS, connect(this.settings), () => undefined);
    this.#connection = session;
    session.catch(() => {
      if (this.#connection === session) this.#connection = undefined;
    });
    return session;
  }
}

interface Executed {
  readonly statement: RowStatement;
  readonly rows: readonly Row[];
}

async function connect(settings: SnowflakeSettings): Promise<Connection> {
  // Both must be set before the driver loads, or it asks cloud metadata addresses where it runs.
  process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] ??= 'true';
  process.env['SNOWFLAKE_DISABLE_MINICORE'] ??= 'true';
  const { default: snowflake } = await import('snowflake-sdk');
  snowflake.configure({ logLevel: 'OFF', jsonColumnVariantParser: JSON.parse as (text: string) => unknown });
  const connection = snowflake.createConnection({
    ...(await credentials(settings)),
    account: settings.account,
    username: settings.user,
    warehouse: settings.warehouse,
    database: settings.database,
    schema: settings.schema,
    ...(settings.role === undefined ? {} : { role: settings.role }),
    ...(settings.accessUrl === undefined ? {} : { accessUrl: settings.accessUrl }),
    application: 'sevdesk_dashboard',
    fetchAsString: AS_TEXT,
    representNullAsStringNull: false,
    clientSessionKeepAlive: false,
    sfRetryMaxLoginRetries: 2,
  });
  return new Promise<Connection>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

async function credentials(settings: SnowflakeSettings): Promise<Partial<ConnectionOptions>> {
  if (settings.privateKeyPath === undefined) {
    return settings.password === undefined ? {} : { password: settings.password };
  }
  const pem = await readFile(settings.privateKeyPath).catch((cause: unknown) => {
    throw new SettingsError(`SNOWFLAKE_PRIVATE_KEY_PATH names ${settings.privateKeyPath}, which cannot be read.`, {
      cause,
    });
  });
  try {
    createPrivateKey({ key: pem, ...(settings.privateKeyPassphrase && { passphrase: settings.privateKeyPassphrase }) });
  } catch (cause) {
    throw new SettingsError(
      `SNOWFLAKE_PRIVATE_KEY_PATH names ${settings.privateKeyPath}, which holds no private key that SNOWFLAKE_PRIVATE_KEY_PASSPHRASE opens.`,
      { cause },
    );
  }
  return {
    authenticator: 'SNOWFLAKE_JWT',
    privateKeyPath: settings.privateKeyPath,
    ...(settings.privateKeyPassphrase === undefined ? {} : { privateKeyPass: settings.privateKeyPassphrase }),
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(LOOK_AFTER_MS) }).then(
    () => true,
    () => false,
  );
}
