import { quoteIdentifier, quoteLiteral, quoteTable, type TableName } from '@singer-io-ts/snowflake-session';
import { SDC, type SdcColumn } from '../plan/sdc-columns.js';
import type { LoadColumn } from '../plan/table.js';
import { finalExpression, STAGED, stagedName, type LineLayout } from './copy.js';

/** How the replication keys of two rows are compared: as they are, or as the instants that texts stand for. */
export interface ReplicationKey {
  /** The position among the columns. */
  index: number;
  as: 'value' | 'instant-in-text';
}

/** Rows in a temporary table and the table they are to go to. */
export interface LoadPlan {
  table: TableName;
  staged: TableName;
  layout: LineLayout;
  /** The properties' columns; the nth is `Cn` in the temporary table. */
  columns: readonly LoadColumn[];
  /** Positions of the key's columns; empty for a stream without a key. */
  keys: readonly number[];
  /** Set when an older row must not replace a newer one. */
  replicationKey: ReplicationKey | undefined;
  /** The metadata columns, when they are kept. */
  metadata: ReadonlyMap<SdcColumn, LoadColumn> | undefined;
  /** The position of a property that says when the record was deleted, if the stream has one. */
  deletedAt: number | undefined;
  /** When the cut was sealed, RFC 3339 in UTC. */
  batchedAt: string;
  /** When the run began, in milliseconds. */
  syncStartedAt: number;
}

/** The name of the nth column's final value in the rows below. */
export const finalName = (index: number): string => `F${index}`;

/** The properties' columns that are written as such: the time of a deletion is written with the metadata. */
export const ownColumns = ({
  columns,
  deletedAt,
}: Pick<LoadPlan, 'columns' | 'deletedAt'>): { column: LoadColumn; index: number }[] =>
  columns.map((column, index) => ({ column, index })).filter(({ index }) => index !== deletedAt);

const f = (index: number): string => quoteIdentifier(finalName(index));

/** The rows of the temporary table as they go into the table: `N` the line, `V` the version, `Fn` the columns, and the metadata. */
export function renderRows(plan: LoadPlan): string {
  const values = ownColumns(plan).map(
    ({ column, index }) => `${finalExpression(quoteIdentifier(stagedName(index)), column, plan.layout)} AS ${f(index)}`,
  );
  const selected = [quoteIdentifier(STAGED.line), quoteIdentifier(STAGED.version), ...values];
  for (const [name, column] of plan.metadata ?? [])
    selected.push(`${metadataValue(name, column, plan)} AS ${quoteIdentifier(name)}`);
  return `SELECT ${selected.join(', ')} FROM ${quoteTable(plan.staged)}`;
}

/**
 * One row per key: what is left when the records are applied one after the other. With a replication key that is the newest record since
 * the last one whose key is null; without it, the last record. `L` is the line of the last null key, `W` the greatest version.
 */
export function renderWinners(plan: LoadPlan): string {
  const partition = `PARTITION BY ${plan.keys.map(f).join(', ')}`;
  const line = quoteIdentifier(STAGED.line);
  const version = `MAX(${quoteIdentifier(STAGED.version)}) OVER (${partition}) AS "W"`;
  const key = replicationValue(plan);
  if (key === undefined) {
    return `SELECT *, ${version} FROM (${renderRows(plan)}) QUALIFY ROW_NUMBER() OVER (${partition} ORDER BY ${line} DESC) = 1`;
  }
  const marked = `SELECT *, MAX(IFF(${key} IS NULL, ${line}, NULL)) OVER (${partition}) AS "L", ${version} FROM (${renderRows(plan)})`;
  const order = `IFF("L" IS NULL OR ${line} >= "L", 0, 1), ${key} DESC NULLS LAST, ${line} DESC`;
  return `SELECT * FROM (${marked}) QUALIFY ROW_NUMBER() OVER (${partition} ORDER BY ${order}) = 1`;
}

/** Whether the row in the table (`t`) is newer than the one that comes (`s`); undefined when that does not matter. */
export function olderCondition(plan: LoadPlan): string | undefined {
  const { replicationKey } = plan;
  const column = replicationKey && plan.columns[replicationKey.index];
  if (!column) return undefined;
  const have = comparable(`t.${quoteIdentifier(column.name)}`, replicationKey);
  const come = comparable(`s.${f(replicationKey.index)}`, replicationKey);
  return `(s."L" IS NULL AND ${have} IS NOT NULL AND ${come} IS NOT NULL AND ${come} < ${have})`;
}

/** The join of a row with the one of the same key. */
export const keyCondition = ({ columns, keys }: LoadPlan): string =>
  keys.map((index) => `t.${quoteIdentifier(columns[index]?.name ?? '')} = s.${f(index)}`).join(' AND ');

const replicationValue = ({ replicationKey }: LoadPlan): string | undefined =>
  replicationKey && comparable(f(replicationKey.index), replicationKey);

const comparable = (value: string, { as }: ReplicationKey): string =>
  as === 'value' ? value : `TRY_TO_TIMESTAMP_TZ(${value})`;

function metadataValue(name: SdcColumn, column: LoadColumn, plan: LoadPlan): string {
  switch (name) {
    case SDC.extractedAt:
      return instant(quoteIdentifier(STAGED.extracted), column);
    case SDC.receivedAt:
      return `TO_TIMESTAMP_${zoneOf(column)}(${quoteIdentifier(STAGED.received)}, 3)`;
    case SDC.batchedAt:
      // The session's time zone is UTC, so a text without an offset is UTC in every type.
      return `${quoteLiteral(plan.batchedAt.replace(/Z$/, ''))}::TIMESTAMP_${zoneOf(column)}`;
    case SDC.deletedAt:
      return plan.deletedAt === undefined
        ? `NULL::TIMESTAMP_${zoneOf(column)}`
        : instant(`${quoteIdentifier(stagedName(plan.deletedAt))}::TIMESTAMP_TZ`, column);
    case SDC.sequence:
      return quoteIdentifier(STAGED.received);
    case SDC.tableVersion:
      return quoteIdentifier(STAGED.version);
    case SDC.syncStartedAt:
      return String(plan.syncStartedAt);
  }
}

/** Metadata is in UTC whatever the policy for the stream's own columns is. @param value of type TIMESTAMP_TZ */
export function instant(value: string, column: Pick<LoadColumn, 'type'>): string {
  return zoneOf(column) === 'NTZ'
    ? `CONVERT_TIMEZONE('UTC', ${value})::TIMESTAMP_NTZ`
    : `${value}::TIMESTAMP_${zoneOf(column)}`;
}

const zoneOf = ({ type }: Pick<LoadColumn, 'type'>): string => (type.kind === 'timestamp' ? type.zone : 'NTZ');
