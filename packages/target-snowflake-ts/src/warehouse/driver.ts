/* eslint-disable no-restricted-imports -- this is the connection module, the only one that imports the driver */
import { WarehouseUnavailableError } from '@singer-io-ts/sdk';
import type * as SnowflakeSdk from 'snowflake-sdk';
import type {
  Connection,
  ConnectionOptions,
  RowStatement,
  FileAndStageBindStatement,
  SnowflakeError,
} from 'snowflake-sdk';
import type { Row } from './session.js';

export type DriverOptions = ConnectionOptions;

/** The driver's connection, as narrow as it is used here. */
export interface DriverConnection {
  /** Runs one statement. Rejects with the driver's own error, or with {@link DeadlineError} when it gives no answer in time. */
  execute(sql: string, timeoutMs: number): Promise<Row[]>;
  destroy(timeoutMs: number): Promise<void>;
}

/** The driver gave no answer in time. What became of the statement is not known. */
export class DeadlineError extends WarehouseUnavailableError {}

type Driver = typeof SnowflakeSdk;
let loaded: Promise<Driver> | undefined;

/**
 * Loads the driver, which costs 0.4 s and 98 MB, when it is first needed.
 * Left to itself it logs to stdout, which belongs to STATE, asks cloud metadata addresses where it runs, and evaluates VARIANTs as code.
 */
function loadDriver(): Promise<Driver> {
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

/** Signs in. Rejects with the driver's own error, or with {@link DeadlineError}. */
export async function connectDriver(options: DriverOptions, timeoutMs: number): Promise<DriverConnection> {
  const driver = await loadDriver();
  const connection = driver.createConnection(options);
  await withDeadline<undefined>(
    timeoutMs,
    'signing in',
    (resolve, reject) => {
      const done = (error: SnowflakeError | undefined): void => (error ? reject(error) : resolve(undefined));
      // Sign-in that involves a browser or an identity provider is asynchronous in the driver.
      connection.connectAsync(done).catch(reject);
    },
    () => destroyQuietly(connection),
  );
  return {
    execute: (sql, deadlineMs) => execute(connection, sql, deadlineMs),
    destroy: async (deadlineMs) => {
      try {
        await withDeadline<undefined>(deadlineMs, 'signing out', (resolve) =>
          connection.destroy(() => resolve(undefined)),
        );
      } catch {
        // The session ends by itself; whatever the run came to stands.
      }
    },
  };
}

function execute(connection: Connection, sqlText: string, timeoutMs: number): Promise<Row[]> {
  let statement: RowStatement | FileAndStageBindStatement | undefined;
  return withDeadline<Row[]>(
    timeoutMs,
    'the statement',
    (resolve, reject) => {
      statement = connection.execute({
        sqlText,
        fetchAsString: ['Number', 'Date', 'Boolean', 'Buffer', 'JSON'],
        complete: (error, _statement, rows) => (error ? reject(error) : resolve((rows ?? []) as Row[])),
      });
    },
    () => {
      if (statement && 'cancel' in statement) statement.cancel(() => undefined);
    },
  );
}

/** The driver retries for minutes on its own, and on an expired upload token for ever: every wait on it has an end. */
function withDeadline<T>(
  timeoutMs: number,
  what: string,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
  onDeadline?: () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      onDeadline?.();
      reject(new DeadlineError({ message: `${what} got no answer within ${Math.round(timeoutMs / 1000)} s` }));
    }, timeoutMs);
    const settle =
      <V>(then: (value: V) => void) =>
      (value: V): void => {
        clearTimeout(timer);
        then(value);
      };
    try {
      start(settle(resolve), settle(reject));
    } catch (error) {
      settle(reject)(error);
    }
  });
}

function destroyQuietly(connection: Connection): void {
  try {
    connection.destroy(() => undefined);
  } catch {
    // It never connected.
  }
}
