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

/** One statement to run. */
export interface DriverStatement {
  sql: string;
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
  /** Runs as many statements in one request as the text holds, with semicolons in between; resolves to each one's rows. */
  executeTogether(statements: DriverStatement & { count: number }): Promise<Row[][]>;
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
    executeTogether: (statements) => executeTogether(connection, statements),
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
  statement: DriverStatement,
  streamResult = false,
): Promise<{ done: RowStatement; rows: Row[] }> {
  return start(connection, statement, { streamResult }, ({ done, rows }, { resolve }) => resolve({ done, rows }));
}

/**
 * The driver leaves it to the caller to fetch the answers after the first one; they are fetched side by side. Rows are streamed, since the
 * driver never tells of a session that ended between two answers when it is to collect the rows itself.
 */
function executeTogether(
  connection: Connection,
  { count, ...statement }: DriverStatement & { count: number },
): Promise<Row[][]> {
  let ids: string[] | undefined;
  const answers = new Map<string, Row[]>();
  const options = { parameters: { MULTI_STATEMENT_COUNT: count }, streamResult: true };
  return start(connection, statement, options, ({ done }, { resolve, reject }) => {
    // The request itself is told of first, without rows.
    if (!isAnswer(done)) return;
    const id = done.getQueryId();
    ids ??= [id, ...askForTheOthers(done)];
    collect(done.streamRows() as AsyncIterable<Row>).then((rows) => {
      answers.set(id, rows);
      if (answers.size === ids?.length) resolve(ids.map((each) => answers.get(each) ?? []));
    }, reject);
  });
}

/** One of several answers; the driver's types know the means to get at the next one of other statements only. */
type Answer = RowStatement & Pick<FileAndStageBindStatement, 'hasNext' | 'NextResult'>;

const isAnswer = (done: RowStatement): done is Answer => 'hasNext' in done;

/** Has the driver fetch the answers after the first one, whose ids these are. */
function askForTheOthers(first: Answer): string[] {
  const ids: string[] = [];
  while (first.hasNext()) {
    first.NextResult();
    ids.push(first.getQueryId());
  }
  return ids;
}

async function collect(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

interface Settling<Result> {
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** Has the driver run a statement, within its deadline; `onAnswer` takes each answer until it settles. */
function start<Result>(
  connection: Connection,
  { sql, binds, timeoutMs, signal }: DriverStatement,
  options: Partial<StatementOption>,
  onAnswer: (answer: { done: RowStatement; rows: Row[] }, settling: Settling<Result>) => void,
): Promise<Result> {
  let statement: RowStatement | FileAndStageBindStatement | undefined;
  const cancel = (): void => {
    if (statement && 'cancel' in statement) statement.cancel(() => undefined);
  };
  return withDeadline({ what: 'the statement', timeoutMs, signal, onGiveUp: cancel }, (resolve, reject) => {
    statement = connection.execute({
      sqlText: sql,
      ...(binds === undefined ? {} : { binds: [...binds] }),
      ...options,
      fetchAsString: ['Number', 'Date', 'Boolean', 'Buffer', 'JSON'],
      complete: (error, done, rows) =>
        error ? reject(error) : onAnswer({ done, rows: (rows ?? []) as Row[] }, { resolve, reject }),
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
