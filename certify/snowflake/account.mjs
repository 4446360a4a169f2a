import {
  connectionFromEnvironment,
  SnowflakeWarehouse,
  snowflakeCode,
  snowflakeVariable,
} from '@singer-io-ts/snowflake-session';
import { NotPermitted } from '../report/findings.mjs';

/** Codes that say: this role may not. */
const MISSING_RIGHT = new Set(['003001', '003041', '003540']);

/** Waiting for another transaction is part of some checks; nothing here takes longer. */
const LIMITS = { lock_timeout_seconds: 20, statement_timeout_seconds: 120 };

/** @param {Record<string, string | undefined>} env */
export const connectionOf = (env, more = {}) =>
  connectionFromEnvironment(env, { ...LIMITS, ...(env.SNOWFLAKE_DATABASE ? {} : { database: 'SEVDESK' }), ...more });

/** Sessions of one user, each statement of which goes into the recording. */
export class Account {
  #warehouses = [];
  #options;

  /**
   * @param {{ env: Record<string, string | undefined>, recording: import('../report/recording.mjs').Recording, signal: AbortSignal }} options
   * @throws ConfigError when the settings do not allow to sign in
   */
  constructor(options) {
    this.#options = options;
    this.config = connectionOf(options.env);
  }

  /**
   * Opens a session.
   *
   * @param {{ suite: string, schema?: string, settings?: object }} options `settings` over those of the environment
   */
  async open({ suite, schema, settings = {} }) {
    const { env, recording, signal } = this.#options;
    signal.throwIfAborted();
    const warehouse = new SnowflakeWarehouse({
      config: { ...connectionOf(env, settings), ...(schema === undefined ? {} : { schema }) },
      application: 'sevdesk_certify',
      environmentVariable: snowflakeVariable,
    });
    this.#warehouses.push(warehouse);
    return new AskedSession(await warehouse.session(), { suite, recording, signal });
  }

  /** Ends all sessions, and with them their transactions and locks. */
  async close() {
    await Promise.all(this.#warehouses.splice(0).map((warehouse) => warehouse.close()));
  }
}

/** A session that keeps what it was asked. */
class AskedSession {
  #session;
  #options;

  constructor(session, options) {
    this.#session = session;
    this.#options = options;
  }

  /**
   * Runs a statement.
   *
   * @param {string} sql
   * @param {{ varies?: boolean, binds?: string[], deadlineMs?: number }} [options] `varies`: the answer has ids or times of its own, so that
   *   only its columns are recorded
   * @returns {Promise<Record<string, string | null>[]>}
   * @throws NotPermitted, or the session's error with Snowflake's `code`
   */
  async ask(sql, { varies = false, binds, timeoutMs } = {}) {
    const { suite, recording, signal } = this.#options;
    signal.throwIfAborted();
    try {
      const rows = await this.#session.run(sql, {
        signal,
        ...(binds === undefined ? {} : { binds }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
      recording.add({ suite, ask: sql, answer: varies ? Object.keys(rows[0] ?? {}) : rows });
      return rows;
    } catch (error) {
      const code = snowflakeCode(error);
      if (code !== undefined) recording.add({ suite, ask: sql, code });
      if (MISSING_RIGHT.has(code)) throw new NotPermitted(`this role may not (${code})`);
      throw error;
    }
  }

  /** The code that a statement is refused with; undefined where it is answered. */
  async refusalOf(sql, options) {
    try {
      await this.ask(sql, options);
      return undefined;
    } catch (error) {
      const code = error instanceof NotPermitted ? /\d{6}/.exec(error.message)?.[0] : snowflakeCode(error);
      if (code === undefined) throw error;
      return code;
    }
  }

  /** Runs statements in one request; resolves to each one's rows. @throws the session's error with Snowflake's `code`, where one is refused */
  async askTogether(statements) {
    const { suite, recording, signal } = this.#options;
    signal.throwIfAborted();
    try {
      const answers = await this.#session.runTogether(statements, { signal });
      recording.add({ suite, ask: statements.join(';\n'), answer: answers.flat() });
      return answers;
    } catch (error) {
      recording.add({ suite, ask: statements.join(';\n'), code: snowflakeCode(error) ?? 'none' });
      throw error;
    }
  }

  upload(file) {
    this.#options.signal.throwIfAborted();
    return this.#session.upload(file);
  }
}
