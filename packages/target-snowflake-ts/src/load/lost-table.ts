import { LoadError, type Logger, type SyncMark } from '@singer-io-ts/sdk';
import { quoteTable, type TableName } from '@singer-io-ts/snowflake-session';
import type { CatalogTable } from '../tables/catalog.js';
import type { RememberedTable } from '../tables/table-memory.js';

/** The tap goes on from a bookmark whose table is gone: loading what is new would leave the old rows out for good. */
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

/** What is wrong with a table that a bookmark goes on from; undefined when they belong together as far as can be known. */
export function whatIsLost({
  mark,
  found,
  remembered,
}: Omit<LostTableOptions, 'stream' | 'table'>): string | undefined {
  if (mark.from === null) return undefined;
  if (mark.sent && !found) return 'is not there';
  if (mark.sent && found?.rows === 0 && !remembered.leftEmpty) return 'has no rows';
  // A table that nothing is remembered of may have been loaded before marks were known.
  if (remembered.tapRun !== undefined && mark.from > remembered.tapRun)
    return `was last loaded by an earlier run (${timeOf(remembered.tapRun)})`;
  return undefined;
}

/** Refuses, or warns of, a table that does not belong to the tap's bookmark. */
export function checkTable(options: LostTableOptions, onLostTable: 'fail' | 'warn', logger: Logger): void {
  const lost = whatIsLost(options);
  if (lost === undefined) return;
  const { stream, table, mark } = options;
  const message =
    `stream ${stream}: the tap goes on from its run of ${timeOf(mark.from ?? 0)}, but table ${quoteTable(table)} ${lost}, ` +
    'so rows that were loaded before are missing. To load all of them again, run the tap without its state: meltano run --full-refresh TAP target-snowflake-ts';
  if (onLostTable === 'fail')
    throw new LostTableError({ message: `${message}; to load only what is new, set on_lost_table to warn` });
  logger.warning(message, { stream });
}

function timeOf(run: number): string {
  const time = new Date(run);
  return Number.isNaN(time.getTime()) ? String(run) : time.toISOString();
}
