import { SnowflakeWarehouse as Sessions, type RunOptions, type Session } from '@singer-io-ts/snowflake-session';
import type { SnowflakeSettings } from '../settings.js';
import { fromSessionError } from './session-error.js';
import type { Row, Statement, Warehouse } from './warehouse.js';
import { WarehouseError } from './warehouse.js';

const STATEMENT_DEADLINE_MS = 60_000;
// The driver goes on asking a server that is gone; whether it is gone is looked at after this long.
const LOOK_AFTER_MS = 3_000;

/**
 * Snowflake through one session, opened at the first statement and again whenever it has ended.
 * Every statement ends within a deadline, whatever the driver's own retries do.
 */
export class SnowflakeWarehouse implements Warehouse {
  readonly #sessions: Sessions;
  readonly #endpoint: string | undefined;
  readonly #whereToLook: string;

  constructor({ connection, environmentVariable }: SnowflakeSettings) {
    const { host, port, protocol } = connection;
    this.#endpoint = host === undefined ? undefined : `${protocol}://${host}${port === undefined ? '' : `:${port}`}`;
    this.#whereToLook = `${environmentVariable('host')} and ${environmentVariable('port')}`;
    this.#sessions = new Sessions({
      config: connection,
      application: 'sevdesk_dashboard',
      environmentVariable,
      statements: 'side by side',
      queryTag: 'sevdesk dashboard',
    });
  }

  async rows({ sql, binds }: Statement): Promise<readonly Row[]> {
    return this.#withSession((session, options) => session.run(sql, { ...options, binds }));
  }

  async *stream({ sql, binds }: Statement): AsyncIterable<Row> {
    const rows = await this.#withSession(async (session, options) => {
      const iterator = session.stream(sql, { ...options, binds })[Symbol.asyncIterator]();
      // A statement that fails does so before its first row, while another session may still help.
      return { iterator, first: await iterator.next() };
    });
    try {
      for (let next = rows.first; next.done !== true; next = await rows.iterator.next()) yield next.value;
    } catch (error) {
      throw fromSessionError(error);
    } finally {
      await rows.iterator.return?.();
    }
  }

  close(): Promise<void> {
    return this.#sessions.close();
  }

  /** Uses the session, and a new one once when that one turns out to have ended. */
  async #withSession<Result>(use: (session: Session, options: RunOptions) => Promise<Result>): Promise<Result> {
    return this.#within(async (options) => {
      const session = await this.#sessions.session();
      try {
        return await use(session, options);
      } catch (error) {
        if (!session.lost || options.signal?.aborted === true) throw error;
        return await use(await this.#sessions.session(), options);
      }
    });
  }

  /** Waits for the work, but not past its deadline, nor on a local Snowflake or proxy that has gone away. */
  async #within<Result>(work: (options: RunOptions) => Promise<Result>): Promise<Result> {
    const giveUp = new AbortController();
    const end = (message: string): void => giveUp.abort(new WarehouseError({ fault: 'unreachable', message }));
    const timers = [
      setTimeout(
        () => end(`Snowflake did not answer within ${STATEMENT_DEADLINE_MS / 1000} seconds.`),
        STATEMENT_DEADLINE_MS,
      ),
      setTimeout(() => {
        const endpoint = this.#endpoint;
        if (endpoint === undefined) return;
        void answers(endpoint).then((isThere) => {
          if (!isThere) end(this.#nothingAt(endpoint));
        });
      }, LOOK_AFTER_MS),
    ];
    const givenUp = new Promise<never>((_resolve, reject) => {
      giveUp.signal.addEventListener('abort', () => reject(giveUp.signal.reason as Error));
    });
    try {
      return await Promise.race([work({ signal: giveUp.signal }), givenUp]);
    } catch (error) {
      throw await this.#explain(error);
    } finally {
      timers.forEach((timer) => clearTimeout(timer));
    }
  }

  /** The driver and the look at the address may both notice that nothing is there; it is told in the same words. */
  async #explain(error: unknown): Promise<Error> {
    const known = fromSessionError(error);
    const endpoint = this.#endpoint;
    const isDriver = known !== error && known instanceof WarehouseError && known.fault === 'unreachable';
    if (!isDriver || endpoint === undefined || (await answers(endpoint))) return known;
    return new WarehouseError({ fault: 'unreachable', message: this.#nothingAt(endpoint), cause: error });
  }

  #nothingAt(endpoint: string): string {
    return `Nothing answers at ${endpoint}. Check ${this.#whereToLook}.`;
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(LOOK_AFTER_MS) }).then(
    () => true,
    () => false,
  );
}
