import { IntegrityError, type Session, type TableName } from '@singer-io-ts/snowflake-session';
import { BESIDE, rowsLoaded } from './copy-part.js';
import type { ClosedFile } from '../spool/spool-file.js';
import { copyInto } from '../sql/copy.js';
import { createTemporaryTable } from '../sql/ddl.js';
import { SHARED_COLUMNS } from '../sql/staged-rows.js';
import { nameOf } from './upload-files.js';

/** Makes the temporary table that lines of several parts are copied into. */
export async function createShared(session: Session, table: TableName): Promise<void> {
  await session.run(createTemporaryTable(table, SHARED_COLUMNS), BESIDE);
}

export interface CopySharedOptions {
  session: Session;
  /** The stage's folder, with its `@`. */
  location: string;
  compression: 'GZIP' | 'ZSTD';
  /** How many rows the file has. */
  rows: number;
}

/**
 * Copies a file with lines of several parts, as they are. Values are cast where the lines are read, so that one COPY serves all of them.
 *
 * @throws a LoadError; one for a line that Snowflake refuses does not say whose it is
 */
export async function copyShared(
  table: TableName,
  file: ClosedFile,
  { session, location, compression, rows }: CopySharedOptions,
): Promise<void> {
  const sql = copyInto({ table, columns: SHARED_COLUMNS, location, compression, files: [nameOf(file)] });
  const loaded = rowsLoaded(await session.run(sql, BESIDE), 1, 'small streams');
  if (loaded !== rows) throw new IntegrityError({ message: `small streams: COPY loaded ${loaded} rows of ${rows}` });
}
