import type { Logger } from '@singer-io-ts/sdk';
import { meaningOf } from './codes.js';
import type { ConnectionConfig } from './connection-settings.js';
import type { EnvironmentVariable } from './setting-named.js';
import { DeadlineError } from './deadline.js';
import type { DriverConnection, DriverStatement } from './driver.js';
import { IntegrityError, SessionLostError, snowflakeCode } from './errors.js';
import { quoteLiteral } from './identifiers.js';
import type { Row, RunOptions, Session, Upload } from './session.js';
import { mapStatementError, type Attempted } from './statement-errors.js';

/** Beyond the service's own limit on a statement, for its answer to arrive. */
const ANSWER_GRACE_MS = 60_000;
const SIGN_OUT_MS = 5_000;
/** BEGIN, COMMIT and ROLLBACK do no work that takes longer. */
const TRANSACTION_CONTROL = { timeoutMs: 300_000 };

export interface SnowflakeSessionOptions {
  id: number;
  connection: DriverConnection;
  config: Pick<ConnectionConfig, 'statement_timeout_seconds' | 'upload_timeout_seconds'>;
  environmentVariable: EnvironmentVariable;
  statements: 'in order' | 'side by side';
  logger: Logger;
}

/** A session over the driver's connection. */
export class SnowflakeSession implements Session {
  readonly id: number;
  readonly #options: SnowflakeSessionOptions;
  #lost = false;
  /** Ends when the last statement asked for has ended. */
  #queue: Promise<unknown> = Promise.resolve();
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: SnowflakeSessionOptions) {
    this.id = options.id;
    this.#options = options;
  }

  get lost(): boolean {
    return this.#lost;
  }

  run(sql: string, options: RunOptions = {}): Promise<Row[]> {
    const { connection } = this.#options;
    const attempted = attempt(sql, options);
    const act = () => this.#ask(attempted, options, () => connection.execute(this.#statement(sql, options)));
    return options.inTurn === false ? act() : this.#inTurn(act);
  }

  async runTogether(statements: readonly string[], options: Omit<RunOptions, 'binds'> = {}): Promise<Row[][]> {
    const [first] = statements;
    if (first === undefined) return [];
    if (statements.length === 1) return [await this.run(first, options)];
    const { connection } = this.#options;
    const count = statements.length;
    const together = { ...this.#statement(statements.join(';\n'), options, count), count };
    const attempted = attempt(first, options);
    const act = () => this.#ask(attempted, options, () => connection.executeTogether(together));
    return options.inTurn === false ? act() : this.#inTurn(act);
  }

  async *stream(sql: string, options: RunOptions = {}): AsyncIterable<Row> {
    const { connection } = this.#options;
    const attempted = attempt(sql, options);
    const rows = await this.#inTurn(() =>
      this.#ask(attempted, options, () => connection.stream(this.#statement(sql, options))),
    );
    try {
      yield* rows;
    } catch (error) {
      throw this.#explain(error, attempted, options);
    }
  }

  async begin(): Promise<void> {
    await this.run('BEGIN', TRANSACTION_CONTROL);
  }

  async commit(): Promise<void> {
    await this.run('COMMIT', TRANSACTION_CONTROL);
  }

  async rollback(): Promise<void> {
    await this.run('ROLLBACK', TRANSACTION_CONTROL);
  }

  async upload({ pattern, bytes, location, compression }: Upload): Promise<void> {
    const { config, connection } = this.#options;
    // The driver does not know NONE; by the name it finds that .json is not compressed.
    const source = `SOURCE_COMPRESSION = ${compression === 'NONE' ? 'AUTO_DETECT' : compression}`;
    const sql = `PUT ${quoteLiteral(`file://${pattern}`)} ${quoteLiteral(location)} AUTO_COMPRESS = FALSE ${source} OVERWRITE = TRUE`;
    const statement = this.#statement(sql, { timeoutMs: config.upload_timeout_seconds * 1000 });
    verifyUpload(await this.#ask({ verb: 'PUT', what: 'upload' }, {}, () => connection.execute(statement)), bytes);
  }

  async close(): Promise<void> {
    this.#lost = true;
    await this.#options.connection.destroy(SIGN_OUT_MS);
  }

  /** As `close`, once the statements under way have ended. Each of them has its deadline. */
  async closeWhenIdle(): Promise<void> {
    this.#lost = true;
    await Promise.allSettled(this.#running);
    await this.close();
  }

  #statement(sql: string, { timeoutMs, binds, signal }: RunOptions, count = 1): DriverStatement {
    this.#options.logger.debug(sql);
    const limit = count * this.#options.config.statement_timeout_seconds * 1000 + ANSWER_GRACE_MS;
    return { sql, timeoutMs: timeoutMs ?? limit, binds, signal };
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const result = this.#options.statements === 'side by side' ? act() : this.#queue.then(act);
    this.#queue = result.catch(() => undefined);
    this.#running.add(result);
    void this.#queue.then(() => this.#running.delete(result));
    return result;
  }

  async #ask<Result>(attempted: Attempted, { signal }: RunOptions, act: () => Promise<Result>): Promise<Result> {
    if (this.#lost) throw new SessionLostError({ message: `${attempted.what}: the Snowflake session has ended` });
    try {
      return await act();
    } catch (error) {
      throw this.#explain(error, attempted, { signal });
    }
  }

  #explain(error: unknown, attempted: Attempted, { signal }: Pick<RunOptions, 'signal'>): unknown {
    if (signal?.aborted && error === signal.reason) return error;
    const mapped =
      error instanceof DeadlineError
        ? new SessionLostError({ message: `${attempted.what}: ${error.message}`, cause: error })
        : mapStatementError(error, attempted, this.#options.environmentVariable);
    // Made before its database was there, or granted, a session never gets one.
    if (mapped instanceof SessionLostError || meaningOf(snowflakeCode(mapped) ?? '')?.kind === 'no database')
      this.#lost = true;
    return mapped;
  }
}

/** A PUT that failed can look like one that did not: the driver gives no error, only a row that says so. */
export function verifyUpload(rows: readonly Row[], bytes: ReadonlyMap<string, number>): void {
  const refuse = (seen: string): never => {
    throw new IntegrityError({ message: `upload: a file did not reach the stage whole (${seen})` });
  };
  if (rows.length !== bytes.size) refuse(`${rows.length} files instead of ${bytes.size}`);
  const left = new Map(bytes);
  for (const one of rows) {
    const row = Object.fromEntries(Object.entries(one).map(([name, value]) => [name.toLowerCase(), value]));
    const { status, source } = row;
    const size = Number(row['source_size'] ?? row['sourcesize']);
    const expected = left.get(source ?? '');
    if (status !== 'UPLOADED' || size !== expected)
      refuse(`${status ?? 'no status'}, ${size} of ${expected ?? 'no'} bytes`);
    left.delete(source ?? '');
  }
}

const attempt = (sql: string, { what }: RunOptions): Attempted => {
  const verb = verbOf(sql);
  return { verb, what: what ?? verb };
};

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
