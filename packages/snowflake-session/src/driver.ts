import type * as SnowflakeSdk from 'snowflake-sdk';
import type {
  Binds,
  Connection,
  ConnectionOptions,
  FileAndStageBindStatement,
  RowStatement,
  SnowflakeError,
  StatementOption,
} from 'snowflake-sdk';
import { withDeadline } from './deadline.js';
import type { Row } from './session.js';

export type { Binds, Connection, ConnectionOptions, RowStatement, StatementOption };

/** Snowflake's driver as a module. */
export type Driver = typeof SnowflakeSdk;

/** One statement to run, or several in one request. */
export interface DriverStatement {
  sql: string;
  /**
   * How many statements the text holds, with semicolons between them. The first one's rows are the answer.
   *
   * @default 1
   */
  count?: number;
  /** Values for each `?`, in order. */
  binds?: readonly string[] | undefined;
  timeoutMs: number;
  /** Gives the statement up, with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** The driver's connection, as narrow as it is used here. */
export interface DriverConnection {
  /** Runs one statement. Rejects with the driver's own error, or with a DeadlineError when it gives no answer in time. */
  execute(statement: DriverStatement): Promise<Row[]>;
  /** As `execute`, and hands the rows on as they come. The deadline ends with the first answer. */
  stream(statement: DriverStatement): Promise<AsyncIterable<Row>>;
  destroy(timeoutMs: number): Promise<void>;
}

let loaded: Promise<Driver> | undefined;

/**
 * Loads the driver, which costs 0.4 s and 98 MB, when it is first needed.
 * Left to itself it logs to stdout, which belongs to STATE, asks cloud metadata addresses where it runs, and evaluates VARIANTs as code.
 */
export function loadDriver(): Promise<Driver> {
  loaded ??= (async () => {
    process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] ??= 'true';
    process.env['SNOWFLAKE_DISABLE_MINICORE'] ??= 'true';
    const { default: driver } = (await import('snowflake-sdk')) as unknown as { default: Driver };
    driver.configure({
      logLevel: 'OFF',
      additionalLogToConsole: false,
      jsonColumnVariantParser: (text: string) => JSON.parse(text) as unknown,
    });
    return driver;
  })();
  return loaded;
}

/** Signs in. Rejects with the driver's own error, or with a DeadlineError. */
export async function connectDriver(options: ConnectionOptions, timeoutMs: number): Promise<DriverConnection> {
  const driver = await loadDriver();
  const connection = driver.createConnection(options);
  await withDeadline<undefined>(
    { what: 'signing in', timeoutMs, onGiveUp: () => destroyQuietly(connection) },
    (resolve, reject) => {
      const done = (error: SnowflakeError | undefined): void => (error ? reject(error) : resolve(undefined));
      // Sign-in that involves a browser or an identity provider is asynchronous in the driver.
      connection.connectAsync(done).catch(reject);
    },
  );
  return {
    execute: async (statement) => (await execute(connection, statement)).rows,
    stream: async (statement) => {
      const { done } = await execute(connection, statement, true);
      return done.streamRows() as AsyncIterable<Row>;
    },
    destroy: async (deadlineMs) => {
      try {
        await withDeadline<undefined>({ what: 'signing out', timeoutMs: deadlineMs }, (resolve) =>
          connection.destroy(() => resolve(undefined)),
        );
      } catch {
        // The session ends by itself; whatever the run came to stands.
      }
    },
  };
}

function execute(
  connection: Connection,
  { sql, count = 1, binds, timeoutMs, signal }: DriverStatement,
  streamResult = false,
): Promise<{ done: RowStatement; rows: Row[] }> {
  let statement: RowStatement | FileAndStageBindStatement | undefined;
  const cancel = (): void => {
    if (statement && 'cancel' in statement) statement.cancel(() => undefined);
  };
  return withDeadline({ what: 'the statement', timeoutMs, signal, onGiveUp: cancel }, (resolve, reject) => {
    statement = connection.execute({
      sqlText: sql,
      ...(binds === undefined ? {} : { binds: [...binds] }),
      ...(count === 1 ? {} : { parameters: { MULTI_STATEMENT_COUNT: count } }),
      streamResult,
      fetchAsString: ['Number', 'Date', 'Boolean', 'Buffer', 'JSON'],
      complete: (error, done, rows) => (error ? reject(error) : resolve({ done, rows: (rows ?? []) as Row[] })),
    });
  });
}

function destroyQuietly(connection: Connection): void {
  try {
    connection.destroy(() => undefined);
  } catch {
    // It never connected.
  }
}
