import {
  quoteIdentifier,
  quoteLiteral,
  quoteTable,
  type SchemaName,
  type TableName,
} from '@singer-io-ts/snowflake-session';
import { inBatches } from './in-batches.js';

/** The table of loads, in each schema that is loaded into. */
export const LEDGER_TABLE = '_SDC_LOAD_LEDGER';

const inSchema = (schema: SchemaName, table: string): string => quoteTable({ ...schema, table });

const COLUMNS = {
  RUN_ID: 'VARCHAR',
  CUT: 'NUMBER(38,0)',
  STREAM: 'VARCHAR',
  TABLE_NAME: 'VARCHAR',
  STARTED_AT: 'TIMESTAMP_TZ',
  COMMITTED_AT: 'TIMESTAMP_TZ',
  ROWS_READ: 'NUMBER(38,0)',
  ROWS_INSERTED: 'NUMBER(38,0)',
  ROWS_UPDATED: 'NUMBER(38,0)',
  ROWS_SKIPPED_OLDER: 'NUMBER(38,0)',
  BYTES: 'NUMBER(38,0)',
  TABLE_VERSION: 'NUMBER(38,0)',
  WINDOW_END: 'TIMESTAMP_TZ',
  STATE: 'VARIANT',
  TARGET_VERSION: 'VARCHAR',
};

/** The columns that the ledger needs, in the order in which entries are written. It may have others. */
export const LEDGER_COLUMNS = Object.keys(COLUMNS);

export const createLedger = (schema: SchemaName): string =>
  `CREATE TABLE IF NOT EXISTS ${inSchema(schema, LEDGER_TABLE)} (${Object.entries(COLUMNS)
    .map(([name, type]) => `${quoteIdentifier(name)} ${type}`)
    .join(', ')})`;

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

/** Adds entries of one schema in one statement, or as many as its length asks for. */
export const insertLedgerEntries = (schema: SchemaName, entries: readonly LedgerEntry[]): string[] =>
  inBatches(entries.map(selectEntry)).map(
    (selects) =>
      `INSERT INTO ${inSchema(schema, LEDGER_TABLE)} (${LEDGER_COLUMNS.map((name) => quoteIdentifier(name)).join(', ')}) ${selects.join(' UNION ALL ')}`,
  );

function selectEntry(entry: LedgerEntry): string {
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
  return `SELECT ${values.join(', ')}`;
}
