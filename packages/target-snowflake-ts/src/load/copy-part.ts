import { CopyRejectedError, type LoadError } from '@singer-io-ts/sdk';
import { copyPlace, IntegrityError, quoteTable, type Row, type Session } from '@singer-io-ts/snowflake-session';
import { stagedColumns } from './load-plan.js';
import { renderType } from '../plan/column-type.js';
import type { Part } from '../spool/part-writer.js';
import { numberOfRow } from '../spool/row-number.js';
import type { SealedStream } from '../spool/sink.js';
import type { ClosedFile } from '../spool/spool-file.js';
import { copyInto, MAX_FILES_PER_COPY } from '../sql/copy.js';
import { createTemporaryTable } from '../sql/ddl.js';
import type { LoadPlan } from '../sql/rows.js';
import { RefusedRowError } from './refused-row-error.js';
import { nameOf } from './upload-files.js';

/** What streams do with temporary tables need not wait for each other. */
export const BESIDE = { inTurn: false };

export interface CopyPartOptions {
  session: Session;
  /** The stage's folder, with its `@`. */
  location: string;
  compression: 'GZIP' | 'ZSTD';
}

/**
 * Copies a part into a temporary table of its own, in typed columns.
 *
 * @throws {CopyRejectedError} naming stream, line and property, when Snowflake refuses a value
 */
export async function copyPart(
  { sealed, part, plan }: { sealed: SealedStream; part: Part; plan: LoadPlan },
  files: readonly ClosedFile[],
  { session, location, compression }: CopyPartOptions,
): Promise<void> {
  const { properties, stream } = sealed.plan;
  const { table } = plan.staged;
  const columns = stagedColumns(plan, properties);
  await session.run(createTemporaryTable(table, columns), BESIDE);
  let rows = 0;
  for (let from = 0; from < files.length; from += MAX_FILES_PER_COPY) {
    const names = files.slice(from, from + MAX_FILES_PER_COPY).map(nameOf);
    const sql = copyInto({ table, columns, location, compression, files: names });
    try {
      rows += rowsLoaded(await session.run(sql, BESIDE), names.length, `stream ${stream}`);
    } catch (error) {
      throw error instanceof CopyRejectedError ? await explainRefusal(error, { sealed, part, plan, files }) : error;
    }
  }
  if (rows !== part.rows)
    throw new IntegrityError({ message: `stream ${stream}: COPY loaded ${rows} rows of ${part.rows}` });
}

/** COPY can end well with files left out: every file must be there, loaded and without an error. */
export function rowsLoaded(rows: readonly Row[], files: number, what: string): number {
  const bad = rows.find((row) => row['status'] !== 'LOADED' || Number(row['errors_seen'] ?? 0) > 0);
  if (rows.length !== files || bad) {
    throw new IntegrityError({
      message: `${what}: COPY loaded ${rows.filter((row) => row['status'] === 'LOADED').length} of ${files} files`,
    });
  }
  return rows.reduce((sum, row) => sum + Number(row['rows_loaded']), 0);
}

/** Says which line of input and which property Snowflake refused; never the value, which its own words quote. */
async function explainRefusal(
  error: CopyRejectedError,
  { sealed, part, plan, files }: { sealed: SealedStream; part: Part; plan: LoadPlan; files: readonly ClosedFile[] },
): Promise<LoadError> {
  const { plan: stream } = sealed;
  const { file, line, column: name } = copyPlace((error.cause as Error | undefined)?.message);
  const index = name === undefined ? undefined : Number(name.slice(1));
  const property = index === undefined ? undefined : stream.properties[index]?.property;
  const path = files.find((one) => nameOf(one) === file)?.path;
  const number = path !== undefined && line !== undefined ? await numberOfRow(path, line) : undefined;
  const where = number === undefined ? '' : `${part.placeOf(number).where}: `;
  const what = property === undefined ? 'a value' : `the value of property "${property}"`;
  const column = index === undefined ? undefined : plan.columns[index];
  const advice =
    column === undefined
      ? ''
      : `. The column is ${renderType(column.type)}: correct the value, or rename the column, and the next run makes one as the schema asks`;
  const code = /code (\w+)/.exec(error.message)?.[1] ?? '';
  const reason = `${where}stream ${stream.stream}: Snowflake refused ${what} for table ${quoteTable(stream.table)} (code ${code})`;
  const options = { message: `${reason}; nothing of this cut is loaded${advice}`, cause: error.cause };
  if (number === undefined) return new CopyRejectedError(options);
  return new RefusedRowError({ sealed, part, number, property, reason: reason + advice }, options);
}
