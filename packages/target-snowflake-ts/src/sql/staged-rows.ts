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

/** How rows are read from where they stand. */
export interface StagedSource {
  /** What FROM takes. */
  from: string;
  /** Which of its rows are meant, as conditions. */
  where: string[];
  /** The value that is in a column of a table of their own, by its name. */
  value: (name: string) => string;
}

/**
 * In a shared table values are cast where they are read, and casts fail as they do in COPY. Snowflake may cast before it filters: in lines
 * of other parts the path leads to nothing, so that their values cannot fail here.
 */
export function sourceOf({ table, share }: StagedRows): StagedSource {
  const from = quoteTable(table);
  if (!share) return { from, where: [], value: quoteIdentifier };
  const columns = new Map(share.columns.map((column) => [column.name, column]));
  return {
    from,
    where: [`${quoteIdentifier(SHARED.part)} = ${share.part}`],
    value: (name) => {
      const column = columns.get(name);
      if (!column) throw new RangeError(`no temporary column was planned by the name ${name}`);
      return valueAt(quoteIdentifier(SHARED.line), { type: column.type, from: [String(share.part), ...column.from] });
    },
  };
}
