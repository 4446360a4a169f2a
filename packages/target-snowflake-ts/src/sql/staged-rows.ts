import { quoteIdentifier, quoteTable, type TableName } from '@singer-io-ts/snowflake-session';
import { INTEGER } from '../plan/column-type.js';
import { PART_OF_LINE } from '../plan/shared-line.js';
import { valueAt, type StagedColumn } from './staged.js';

/** Columns of a temporary table that rows of several parts share. */
const SHARED = { part: 'P', line: 'R' } as const;

/** A shared table takes lines as they are; they are cast where they are read. */
export const SHARED_COLUMNS: readonly StagedColumn[] = [
  { name: SHARED.part, type: INTEGER, from: [PART_OF_LINE] },
  { name: SHARED.line, type: { kind: 'variant' }, from: [] },
];

/** Where the rows of a load stand: in a temporary table of their own, in typed columns, or beside those of other parts in a shared one. */
export interface StagedRows {
  table: TableName;
  /** Set for a shared table: which lines are the part's, and what each column would be in a table of their own. */
  share?: { part: number; columns: readonly StagedColumn[] };
}

/**
 * The rows, with the columns of a table of their own, as FROM takes them. Casts fail as they do in COPY. Snowflake may cast before it
 * filters: in lines of other parts the path leads to nothing, so that their values cannot fail here.
 *
 * @param needed the columns that are asked for. @default all
 */
export function fromStaged({ table, share }: StagedRows, needed?: ReadonlySet<string>): string {
  if (!share) return quoteTable(table);
  const line = quoteIdentifier(SHARED.line);
  const values = share.columns
    .filter(({ name }) => needed?.has(name) ?? true)
    .map(
      ({ name, type, from }) =>
        `${valueAt(line, { type, from: [String(share.part), ...from] })} AS ${quoteIdentifier(name)}`,
    );
  return `(SELECT ${values.join(', ')} FROM ${quoteTable(table)} WHERE ${quoteIdentifier(SHARED.part)} = ${share.part})`;
}
