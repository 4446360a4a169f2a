import { quoteIdentifier, quoteTable, type SchemaName, type TableName } from '@singer-io-ts/snowflake-session';
import { SDC } from '../plan/sdc-columns.js';
import { STAGED } from './staged.js';
import { inBatches } from './in-batches.js';
import { keyCondition, olderCondition, renderWinners, type LoadPlan } from './rows.js';
import { readOthers, type OthersOptions } from './table-memory.js';

export interface MergedPart {
  /** Tells the part's row of the result from others'. */
  number: number;
  plan: LoadPlan;
  /** Rows of lower versions have been deleted since. */
  deletedBelow: number | undefined;
}

/** The time in which a statement is compiled grows faster than the number of its subqueries. */
const SELECTS_PER_STATEMENT = 100;

const COLUMNS = ['KEYS', 'FOUND', 'MISSING', 'OLDER', 'BEHIND'] as const;
const OTHERS = ['TABLE_CREATED', 'TABLE_VERSION', 'TAP_RUN', 'TARGET_STARTED', 'OWN_CUT'] as const;
const none = (names: readonly string[]): string => names.map((name) => `NULL::NUMBER AS "${name}"`).join(', ');

/**
 * Compares what was merged with what is in the table now, as a row per part: `KEYS` keys were to be written, `FOUND` rows have one of
 * them, `MISSING` keys have none, `OLDER` rows stayed as they were, and `BEHIND` rows have a lower version than they must.
 */
function ofPart({ number, plan, deletedBelow }: MergedPart): string {
  const { columns, keys, replicationKey, metadata, versions, deletions } = plan;
  const needed = new Set([...keys, ...(replicationKey ? [replicationKey.index] : [])]);
  const key = `t.${quoteIdentifier(columns[keys[0] ?? 0]?.name ?? '')}`;
  const older = olderCondition(plan) ?? 'FALSE';
  const version = metadata?.get(SDC.tableVersion);
  const behind =
    version && versions !== 'none'
      ? `COUNT_IF(${key} IS NOT NULL AND s."W" IS NOT NULL AND COALESCE(t.${quoteIdentifier(version.name)} < s."W", TRUE))`
      : '0';
  const stays = [
    ...(deletedBelow === undefined ? [] : [`s."W" >= ${deletedBelow}`]),
    ...(deletions === 'remove' ? [`s.${quoteIdentifier(STAGED.deleted)} IS NULL`] : []),
  ];
  const spared = stays.length === 0 ? '' : ` WHERE ${stays.join(' AND ')}`;
  return (
    `SELECT 'part' AS "WHAT", ${number} AS "NUMBER", NULL::VARCHAR AS "TABLE_NAME", COUNT(DISTINCT s."N") AS "KEYS", COUNT(${key}) AS "FOUND", ` +
    `COUNT_IF(${key} IS NULL) AS "MISSING", COUNT_IF(${older}) AS "OLDER", ${behind} AS "BEHIND", ${none(OTHERS)} ` +
    `FROM (${renderWinners(plan, needed)}) s LEFT JOIN ${quoteTable(plan.table)} t ON ${keyCondition(plan)}${spared}`
  );
}

/** How many rows a table has, and, when it was replaced by another, how many it must have. */
const ofTable = (number: number, table: TableName, from: TableName | undefined): string =>
  `SELECT 'table', ${number}, NULL, ${from ? `(SELECT COUNT(*) FROM ${quoteTable(from)})` : 'NULL'}, COUNT(*), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM ${quoteTable(table)}`;

export interface Verification {
  parts: readonly MergedPart[];
  /** Tables whose rows are to be counted. */
  tables: readonly { number: number; table: TableName; from: TableName | undefined }[];
  /** What other runs have committed, by schema. */
  others: readonly { schema: SchemaName; number: number; options: OthersOptions }[];
}

/** One statement, or as many as its length asks for. */
export function verify({ parts, tables, others }: Verification): string[] {
  const selects = [
    ...parts.map(ofPart),
    ...tables.map(({ number, table, from }) => ofTable(number, table, from)),
    ...others.map(({ schema, number, options }) => readOthers(schema, options, `'others', ${number}`, COLUMNS.length)),
  ];
  // The first SELECT names the columns of all.
  const head = `SELECT 'none' AS "WHAT", NULL::NUMBER AS "NUMBER", NULL::VARCHAR AS "TABLE_NAME", ${none([...COLUMNS, ...OTHERS])} WHERE FALSE`;
  return inBatches(selects, SELECTS_PER_STATEMENT).map((batch) => [head, ...batch].join(' UNION ALL '));
}
