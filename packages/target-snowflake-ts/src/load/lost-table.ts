import { LoadError, type Logger, type SyncMark } from '@singer-io-ts/sdk';
import { quoteTable, type TableName } from '@singer-io-ts/snowflake-session';
import type { CatalogTable } from '../tables/catalog.js';
import type { RememberedTable } from '../tables/table-memory.js';

/** The tap continues from a bookmark whose table is gone: loading what is new would leave the old rows out for good. */
export class LostTableError extends LoadError {
  readonly code = 'LOST_TABLE';
}

export interface LostTableOptions {
  stream: string;
  table: TableName;
  /** The tap's mark as it was before anything of this run was loaded. */
  mark: SyncMark;
  /** The table as it stands; undefined when there is none. */
  found: CatalogTable | undefined;
  remembered: RememberedTable;
}

/** What is wrong with a table, and how sure it is that rows are missing. */
interface Loss {
  what: string;
  /** The table may have all rows nevertheless, as a copy or a restored one does: only a person knows. */
  mayHaveRows: boolean;
}

/** What is wrong with a table that a bookmark continues from; undefined when they belong together as far as can be known. */
export function whatIsLost({ mark, found, remembered }: Omit<LostTableOptions, 'stream' | 'table'>): Loss | undefined {
  if (mark.from === null) return undefined;
  if (mark.sent && !found) return sure('is not there, or the role may not see it');
  if (mark.sent && found?.rows === 0 && !remembered.leftEmpty) return sure('has no rows');
  const { runOfEarlierTable, tapRun } = remembered;
  if (mark.sent && found && runOfEarlierTable !== undefined)
    return {
      what: `is not the one that was loaded last, by the run of ${timeOf(runOfEarlierTable)}: this one was created at ${timeOf(found.created)}`,
      mayHaveRows: true,
    };
  // A table that nothing is remembered of may have been loaded before marks were known.
  if (tapRun !== undefined && mark.from > tapRun) return sure(`was last loaded by an earlier run (${timeOf(tapRun)})`);
  return undefined;
}

const sure = (what: string): Loss => ({ what, mayHaveRows: false });

/** Refuses, or warns of, a table that does not belong to the tap's bookmark. */
export function checkTable(options: LostTableOptions, onLostTable: 'fail' | 'warn', logger: Logger): void {
  const lost = whatIsLost(options);
  if (lost === undefined) return;
  const { stream, table, mark } = options;
  const { what, mayHaveRows } = lost;
  const message =
    `stream ${stream}: the tap continues from its run of ${timeOf(mark.from ?? 0)}, but table ${quoteTable(table)} ${what}, ` +
    `so rows that were loaded before ${mayHaveRows ? 'may be' : 'are'} missing. To load all of them again, run the tap without its state: meltano run --full-refresh TAP target-snowflake-ts`;
  const otherwise = mayHaveRows
    ? 'if it has them, as a copy or a restored table does, accept it by one run with on_lost_table set to warn (TARGET_SNOWFLAKE_TS_ON_LOST_TABLE=warn)'
    : 'to load only what is new, set on_lost_table to warn';
  if (onLostTable === 'fail') throw new LostTableError({ message: `${message}; ${otherwise}` });
  logger.warning(message, { stream });
}

function timeOf(run: number): string {
  const time = new Date(run);
  return Number.isNaN(time.getTime()) ? String(run) : time.toISOString();
}
