import { quoteLiteral, quoteTable, type SchemaName } from '@singer-io-ts/snowflake-session';
import { inBatches } from './in-batches.js';

/** The table in which this target remembers what it has to know of the tables of a schema. */
export const MEMORY_TABLE = '_SDC_TABLES';

/** The columns that it needs. It may have others. */
export const MEMORY_COLUMNS = [
  'TABLE_NAME',
  'STREAM',
  'TABLE_CREATED',
  'TABLE_VERSION',
  'TAP_RUN',
  'TARGET_STARTED',
  'RUN_ID',
  'CUT',
  'LEFT_EMPTY',
  'COLUMNS',
  'WRITTEN_AT',
];

const memory = (schema: SchemaName): string => quoteTable({ ...schema, table: MEMORY_TABLE });

/**
 * Rows are only ever added, since INSERT locks nothing: loads of different tables never wait for each other here. What is known of a
 * table is the greatest or the last of its rows.
 */
export const createMemory = (schema: SchemaName): string =>
  `CREATE TABLE IF NOT EXISTS ${memory(schema)} ("TABLE_NAME" VARCHAR, "STREAM" VARCHAR, "TABLE_CREATED" NUMBER(38,0), ` +
  '"TABLE_VERSION" NUMBER(38,0), "TAP_RUN" NUMBER(38,0), "TARGET_STARTED" NUMBER(38,0), "RUN_ID" VARCHAR, "CUT" NUMBER(38,0), ' +
  '"LEFT_EMPTY" BOOLEAN, "COLUMNS" VARIANT, "WRITTEN_AT" TIMESTAMP_TZ)';

/** One thing to remember of a table. What is undefined says nothing. */
export interface MemoryEntry {
  table: string;
  stream: string;
  /** When the table was created, in milliseconds of unix time: what was written to an earlier table of this name does not count. */
  created?: number | undefined;
  /** The greatest table version written. */
  version?: number | undefined;
  /** The tap's run, as the mark in its STATE gives it. */
  tapRun?: number | undefined;
  /** When this run of the target started, in milliseconds of unix time. */
  targetStarted?: number | undefined;
  runId?: string | undefined;
  cut?: number | undefined;
  /** Whether the table has no rows now, as it should. */
  leftEmpty?: boolean | undefined;
  /** Column name to what is to be remembered of the column, as JSON text. */
  columns?: string | undefined;
}

/** Adds entries in one statement, or as many as its length asks for. */
export function insertMemory(schema: SchemaName, entries: readonly MemoryEntry[]): string[] {
  const into =
    `INSERT INTO ${memory(schema)} ("TABLE_NAME", "STREAM", "TABLE_CREATED", "TABLE_VERSION", "TAP_RUN", "TARGET_STARTED", "RUN_ID", ` +
    `"CUT", "LEFT_EMPTY", "COLUMNS", "WRITTEN_AT")`;
  return inBatches(entries.map(selectEntry)).map((selects) => `${into} ${selects.join(' UNION ALL ')}`);
}

function selectEntry(entry: MemoryEntry): string {
  const number = (value: number | undefined): string => (value === undefined ? 'NULL' : String(value));
  const text = (value: string | undefined): string => (value === undefined ? 'NULL' : quoteLiteral(value));
  const values = [
    quoteLiteral(entry.table),
    quoteLiteral(entry.stream),
    number(entry.created),
    number(entry.version),
    number(entry.tapRun),
    number(entry.targetStarted),
    text(entry.runId),
    number(entry.cut),
    entry.leftEmpty === undefined ? 'NULL' : String(entry.leftEmpty).toUpperCase(),
    entry.columns === undefined ? 'NULL::VARIANT' : `PARSE_JSON(${quoteLiteral(entry.columns)})`,
    'CURRENT_TIMESTAMP()::TIMESTAMP_TZ',
  ];
  return `SELECT ${values.join(', ')}`;
}

const namesOf = (tables: readonly string[]): string => tables.map((name) => quoteLiteral(name)).join(', ');

/**
 * What is remembered of some tables: a row per table and time of creation with the greatest of each value, and, with `COLUMNS`, a row per
 * entry that speaks of columns, in the order in which they were written.
 */
export const readMemory = (schema: SchemaName, tables: readonly string[]): string =>
  `SELECT "TABLE_NAME", "TABLE_CREATED", MAX("TABLE_VERSION") AS "TABLE_VERSION", MAX("TAP_RUN") AS "TAP_RUN", ` +
  `MAX("TARGET_STARTED") AS "TARGET_STARTED", MAX_BY("LEFT_EMPTY", IFF("LEFT_EMPTY" IS NULL, NULL, "WRITTEN_AT")) AS "LEFT_EMPTY", ` +
  `COUNT(*) AS "ENTRIES", NULL AS "COLUMNS", NULL::TIMESTAMP_TZ AS "WRITTEN_AT" ` +
  `FROM ${memory(schema)} WHERE "TABLE_NAME" IN (${namesOf(tables)}) GROUP BY "TABLE_NAME", "TABLE_CREATED" ` +
  `UNION ALL SELECT "TABLE_NAME", NULL, NULL, NULL, NULL, NULL, NULL, TO_JSON("COLUMNS"), "WRITTEN_AT" ` +
  `FROM ${memory(schema)} WHERE "TABLE_NAME" IN (${namesOf(tables)}) AND "COLUMNS" IS NOT NULL ORDER BY "WRITTEN_AT"`;

export interface OthersOptions {
  tables: readonly string[];
  runId: string;
  cut: number;
}

/**
 * What other runs have committed to some tables, and whether this cut has: a row per table and time of creation.
 *
 * @param head what the row begins with
 * @param empty how many columns after the table's name stay empty, to fit beside other rows
 */
export const readOthers = (
  schema: SchemaName,
  { tables, runId, cut }: OthersOptions,
  head: string,
  empty: number,
): string => {
  const others = (column: string): string =>
    `MAX(IFF("RUN_ID" IS DISTINCT FROM ${quoteLiteral(runId)}, "${column}", NULL))`;
  const nothing = Array.from({ length: empty }, () => 'NULL').join(', ');
  return (
    `SELECT ${head}, "TABLE_NAME", ${nothing}, "TABLE_CREATED", ${others('TABLE_VERSION')}, ${others('TAP_RUN')}, ${others('TARGET_STARTED')}, ` +
    `COUNT_IF("RUN_ID" = ${quoteLiteral(runId)} AND "CUT" = ${cut}) ` +
    `FROM ${memory(schema)} WHERE "TABLE_NAME" IN (${namesOf(tables)}) GROUP BY "TABLE_NAME", "TABLE_CREATED"`
  );
};

/** Whether a cut has committed. */
export const findCut = (schema: SchemaName, runId: string, cut: number): string =>
  `SELECT COUNT(*) AS "ROWS" FROM ${memory(schema)} WHERE "RUN_ID" = ${quoteLiteral(runId)} AND "CUT" = ${cut}`;

/**
 * Puts old entries together into one per table and time of creation, then removes them: two statements of one transaction. Entries of the
 * last day stay, since a transaction that is still open may not have been seen by this one.
 */
export function compactMemory(schema: SchemaName, runId: string): readonly [fold: string, remove: string] {
  const old = `"WRITTEN_AT" < DATEADD(DAY, -1, CURRENT_TIMESTAMP()) AND "COLUMNS" IS NULL`;
  const by = quoteLiteral(`compacted by ${runId}`);
  return [
    `INSERT INTO ${memory(schema)} ("TABLE_NAME", "STREAM", "TABLE_CREATED", "TABLE_VERSION", "TAP_RUN", "TARGET_STARTED", "RUN_ID", "LEFT_EMPTY", "WRITTEN_AT") ` +
      `SELECT "TABLE_NAME", MAX("STREAM"), "TABLE_CREATED", MAX("TABLE_VERSION"), MAX("TAP_RUN"), MAX("TARGET_STARTED"), ${by}, ` +
      `MAX_BY("LEFT_EMPTY", IFF("LEFT_EMPTY" IS NULL, NULL, "WRITTEN_AT")), MAX("WRITTEN_AT") ` +
      `FROM ${memory(schema)} WHERE ${old} GROUP BY "TABLE_NAME", "TABLE_CREATED"`,
    `DELETE FROM ${memory(schema)} WHERE ${old} AND "RUN_ID" IS DISTINCT FROM ${by}`,
  ];
}
