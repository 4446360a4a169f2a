import { quoteLiteral, quoteTable, type SchemaName, type TableName } from '@singer-io-ts/snowflake-session';

/** Names of the tables that this target keeps for itself, in each schema it loads into. */
export const LEDGER_TABLE = '_SDC_LOAD_LEDGER';
export const LOCK_TABLE = '_SDC_LOAD_LOCKS';

const inSchema = (schema: SchemaName, table: string): string => quoteTable({ ...schema, table });

export const createLedger = (schema: SchemaName): string =>
  `CREATE TABLE IF NOT EXISTS ${inSchema(schema, LEDGER_TABLE)} ("RUN_ID" VARCHAR, "CUT" NUMBER(38,0), "STREAM" VARCHAR, "TABLE_NAME" VARCHAR, ` +
  '"STARTED_AT" TIMESTAMP_TZ, "COMMITTED_AT" TIMESTAMP_TZ, "ROWS_READ" NUMBER(38,0), "ROWS_INSERTED" NUMBER(38,0), "ROWS_UPDATED" NUMBER(38,0), ' +
  '"ROWS_SKIPPED_OLDER" NUMBER(38,0), "BYTES" NUMBER(38,0), "TABLE_VERSION" NUMBER(38,0), "WINDOW_END" TIMESTAMP_TZ, "STATE" VARIANT, "TARGET_VERSION" VARCHAR)';

export const createLocks = (schema: SchemaName): string =>
  `CREATE TABLE IF NOT EXISTS ${inSchema(schema, LOCK_TABLE)} ("TABLE_NAME" VARCHAR, "RUN_ID" VARCHAR, "CUT" NUMBER(38,0), "LOCKED_AT" TIMESTAMP_TZ)`;

/** Makes sure that a table has its row to lock. Two runs may both make one; locking then locks both. */
export const ensureLock = (table: TableName): string =>
  `INSERT INTO ${inSchema(table, LOCK_TABLE)} ("TABLE_NAME") SELECT ${quoteLiteral(table.table)} ` +
  `WHERE NOT EXISTS (SELECT 1 FROM ${inSchema(table, LOCK_TABLE)} WHERE "TABLE_NAME" = ${quoteLiteral(table.table)})`;

/** Takes a table's lock until the transaction ends: two merges of one new key would both insert it otherwise. */
export const takeLock = (table: TableName): string =>
  `UPDATE ${inSchema(table, LOCK_TABLE)} SET "LOCKED_AT" = CURRENT_TIMESTAMP()::TIMESTAMP_TZ WHERE "TABLE_NAME" = ${quoteLiteral(table.table)}`;

/** The cut that last committed to a table; to be asked with the lock in hand. */
export const readLock = (table: TableName): string =>
  `SELECT "RUN_ID", "CUT" FROM ${inSchema(table, LOCK_TABLE)} WHERE "TABLE_NAME" = ${quoteLiteral(table.table)}`;

/** Leaves word of the cut that is about to commit. */
export const signLock = (table: TableName, runId: string, cut: number): string =>
  `UPDATE ${inSchema(table, LOCK_TABLE)} SET "RUN_ID" = ${quoteLiteral(runId)}, "CUT" = ${cut} WHERE "TABLE_NAME" = ${quoteLiteral(table.table)}`;

/** Whether a cut is in the ledger. */
export const findInLedger = (schema: SchemaName, runId: string, cut: number): string =>
  `SELECT COUNT(*) AS "ROWS" FROM ${inSchema(schema, LEDGER_TABLE)} WHERE "RUN_ID" = ${quoteLiteral(runId)} AND "CUT" = ${cut}`;

export interface LedgerEntry {
  table: TableName;
  stream: string;
  runId: string;
  cut: number;
  startedAt: string;
  rowsRead: number;
  rowsInserted: number;
  rowsUpdated: number;
  rowsSkippedOlder: number;
  bytes: number;
  tableVersion: number | undefined;
  /** Up to when the stream is complete, RFC 3339. */
  windowEnd: string | undefined;
  /** The stream's bookmark as JSON text. */
  state: string | undefined;
  targetVersion: string;
}

export function insertLedgerEntry(entry: LedgerEntry): string {
  const text = (value: string | undefined): string => (value === undefined ? 'NULL' : quoteLiteral(value));
  const instant = (value: string | undefined): string => `${text(value)}::TIMESTAMP_TZ`;
  const values = [
    text(entry.runId),
    entry.cut,
    text(entry.stream),
    text(entry.table.table),
    instant(entry.startedAt),
    'CURRENT_TIMESTAMP()::TIMESTAMP_TZ',
    entry.rowsRead,
    entry.rowsInserted,
    entry.rowsUpdated,
    entry.rowsSkippedOlder,
    entry.bytes,
    entry.tableVersion ?? 'NULL',
    instant(entry.windowEnd),
    entry.state === undefined ? 'NULL::VARIANT' : `PARSE_JSON(${quoteLiteral(entry.state)})`,
    text(entry.targetVersion),
  ];
  return `INSERT INTO ${inSchema(entry.table, LEDGER_TABLE)} SELECT ${values.join(', ')}`;
}
