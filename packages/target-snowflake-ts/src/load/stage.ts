import { ConfigError, StatementRefusedError, type Logger } from '@singer-io-ts/sdk';
import { quoteIdentifier, quoteLiteral, type SchemaName, type Session } from '@singer-io-ts/snowflake-session';

/**
 * The place in Snowflake where files wait for COPY.
 *
 * Lifecycle: a temporary stage is made once per session, in the schema of the first table, and ends with the session; the user's stage
 * and named ones are there already. Files of a cut lie in a folder of their own and are removed once it is committed.
 */
export class Stage {
  readonly #setting: string;
  readonly #folder: string;
  readonly #logger: Logger;
  #root: { session: number; location: string; temporary: boolean } | undefined;
  #noTemporary = false;

  /** @param setting `temporary`, `user` or a stage's name as in SQL */
  constructor(setting: string, runId: string, logger: Logger) {
    this.#setting = setting;
    this.#folder = runId;
    this.#logger = logger;
  }

  /** The folder for a cut's files, with its `@`; makes the stage when the session has none yet. */
  async folder(session: Session, schema: SchemaName, cut: number): Promise<string> {
    if (this.#root?.session !== session.id)
      this.#root = { session: session.id, ...(await this.#open(session, schema)) };
    return `${this.#root.location}/${cut}`;
  }

  /** Removes a cut's files. What fails here is told and changes nothing: the cut is committed. */
  async remove(session: Session, folder: string): Promise<void> {
    try {
      await session.run(`REMOVE ${quoteLiteral(folder)}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown reason';
      this.#logger.warning(`files of a cut that is loaded stay in ${folder} (${reason}); they can be removed by hand`);
    }
  }

  /** Whether what lies in the stage is gone with the session, so that nothing need be removed at its end. */
  get endsWithSession(): boolean {
    return this.#root?.temporary ?? false;
  }

  async #open(session: Session, { database, schema }: SchemaName): Promise<{ location: string; temporary: boolean }> {
    if (this.#setting !== 'temporary' && this.#setting !== 'user')
      return { location: `@${namedStage(this.#setting)}/target-snowflake-ts/${this.#folder}`, temporary: false };
    if (this.#setting === 'temporary' && !this.#noTemporary) {
      const name = [database, schema, `_SDC_STAGE_${this.#folder.toUpperCase()}`].map(quoteIdentifier).join('.');
      try {
        await session.run(`CREATE TEMPORARY STAGE IF NOT EXISTS ${name}`);
        return { location: `@${name}`, temporary: true };
      } catch (error) {
        if (!(error instanceof StatementRefusedError)) throw error;
        this.#noTemporary = true;
        this.#logger.info(`the role may not create a stage in ${database}.${schema}; using the user's own`);
      }
    }
    return { location: `@~/target-snowflake-ts/${this.#folder}`, temporary: false };
  }
}

/** Reads a stage's name as SQL would: parts in double quotes are taken as they are, others in upper case. */
export function namedStage(setting: string): string {
  const parts = setting.replace(/^@/, '').match(/"(?:[^"]|"")+"|[^."]+/g) ?? [];
  const whole = parts.join('.');
  if (parts.length < 1 || parts.length > 3 || whole !== setting.replace(/^@/, '')) {
    throw new ConfigError({
      message: `setting "stage" (environment variable TARGET_SNOWFLAKE_TS_STAGE) is no name of a stage; write it as in SQL, such as DB.SCHEMA.STAGE`,
      setting: 'stage',
    });
  }
  return parts
    .map((part) => quoteIdentifier(part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toUpperCase()))
    .join('.');
}
