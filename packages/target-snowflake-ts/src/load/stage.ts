import { ConfigError, StatementRefusedError, type Logger } from '@singer-io-ts/sdk';
import {
  quoteIdentifier,
  quoteLiteral,
  type SchemaName,
  type Session,
  type Upload,
} from '@singer-io-ts/snowflake-session';

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
  #root: { session: number; location: string } | undefined;
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
      this.#root = { session: session.id, location: await this.#open(session, schema) };
    return `${this.#root.location}/${cut}`;
  }

  async remove(session: Session, folder: string): Promise<void> {
    await session.run(`REMOVE ${quoteLiteral(folder)}`);
  }

  async #open(session: Session, { database, schema }: SchemaName): Promise<string> {
    if (this.#setting !== 'temporary' && this.#setting !== 'user')
      return `@${namedStage(this.#setting)}/target-snowflake-ts/${this.#folder}`;
    if (this.#setting === 'temporary' && !this.#noTemporary) {
      const name = [database, schema, `_SDC_STAGE_${this.#folder.toUpperCase()}`].map(quoteIdentifier).join('.');
      try {
        await session.run(`CREATE TEMPORARY STAGE IF NOT EXISTS ${name}`);
        return `@${name}`;
      } catch (error) {
        if (!(error instanceof StatementRefusedError)) throw error;
        this.#noTemporary = true;
        this.#logger.info(`the role may not create a stage in ${database}.${schema}; using the user's own`);
      }
    }
    return `@~/target-snowflake-ts/${this.#folder}`;
  }
}

/** Uploads files, several at a time. The first error is thrown once no upload is under way any more. */
export async function uploadAll(session: Session, uploads: readonly Upload[], concurrency: number): Promise<void> {
  const waiting = [...uploads];
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next && errors.length === 0; next = waiting.shift()) {
      try {
        await session.upload(next);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, uploads.length) }, worker));
  if (errors.length > 0) throw errors[0];
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
