import { quoteIdentifier, quoteLiteral, type TableName } from '@singer-io-ts/snowflake-session';
import { SDC, type SdcColumn } from '../plan/sdc-columns.js';
import type { LoadColumn } from '../plan/table.js';
import { keptRows } from './contract.js';
import { finalExpression } from './copy.js';
import { STAGED, stagedName } from './staged.js';
import { sourceOf, type StagedRows, type StagedSource } from './staged-rows.js';

/** How the replication keys of two rows are compared: as they are, or as the instants that texts stand for. */
export interface ReplicationKey {
  /** The position among the columns. */
  index: number;
  as: 'value' | 'instant-in-text';
}

/** Rows in a temporary table and the table they are to go to. */
export interface LoadPlan {
  table: TableName;
  staged: StagedRows;
  /** The properties' columns; the nth is `Cn` in the temporary table. */
  columns: readonly LoadColumn[];
  /** Positions of the key's columns; empty for a stream without a key. */
  keys: readonly number[];
  /** Set when an older row must not replace a newer one. */
  replicationKey: ReplicationKey | undefined;
  /** The metadata columns, when they are kept. */
  metadata: ReadonlyMap<SdcColumn, LoadColumn> | undefined;
  /** What becomes of rows whose record says that they are deleted; `none` where records cannot say so. */
  deletions: 'none' | 'mark' | 'remove';
  /** Whether all rows are deletions that may not carry all columns, which keep their values then. */
  partial: boolean;
  /** When the cut was sealed, RFC 3339 in UTC. */
  batchedAt: string;
  /** When the run began, in milliseconds. */
  syncStartedAt: number;
  /** The table versions among the rows: none, one, or several, which rank the rows of a key. */
  versions: 'none' | 'one' | 'several';
  /** A version that all rows take that name a lower one: the table's, where the run is known to be later than what wrote it. */
  atLeastVersion: number | undefined;
}

/** The name of the nth column's final value in the rows below. */
export const finalName = (index: number): string => `F${index}`;

/** Whether the table has a column for a property. */
export const hasPlace = ({ contract }: LoadColumn): boolean => contract?.place !== 'no column';

const f = (index: number): string => quoteIdentifier(finalName(index));

/** The version of a row; a row without one has none whatever the table has. */
const versionOf = ({ atLeastVersion }: LoadPlan, { value }: StagedSource): string => {
  const own = value(STAGED.version);
  return atLeastVersion === undefined ? own : `GREATEST(${own}, ${atLeastVersion})`;
};

/**
 * The rows of the temporary table as they go into the table: `N` the line, `V` the version, `Fn` the columns, and the metadata.
 *
 * @param only the positions of the columns that are needed, without the metadata. @default all, with the metadata
 */
export function renderRows(plan: LoadPlan, only?: ReadonlySet<number>): string {
  const source = sourceOf(plan.staged);
  const named = (value: string, name: string): string =>
    value === quoteIdentifier(name) ? value : `${value} AS ${quoteIdentifier(name)}`;
  const values = plan.columns
    .map((column, index) => ({ column, index }))
    .filter(({ column, index }) => hasPlace(column) && (only?.has(index) ?? true))
    .map(({ column, index }) => named(finalExpression(source.value(stagedName(index)), column), finalName(index)));
  const selected = [
    named(source.value(STAGED.line), STAGED.line),
    named(versionOf(plan, source), STAGED.version),
    ...values,
    ...(plan.deletions === 'none' ? [] : [named(source.value(STAGED.deleted), STAGED.deleted)]),
    ...(plan.partial ? [named(source.value(STAGED.missing), STAGED.missing)] : []),
  ];
  if (!only)
    for (const [name, column] of plan.metadata ?? [])
      selected.push(`${metadataValue(name, column, plan, source)} AS ${quoteIdentifier(name)}`);
  const where = [...source.where, ...keptRows(plan.columns, source)];
  return `SELECT ${selected.join(', ')} FROM ${source.from}${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`}`;
}

/**
 * One row per key: what is left when the records are applied one after the other. Records of a lower version than another one's of the key
 * do not count. Of the rest, with a replication key it is the newest record since the last one whose key is null; without it, the last record.
 * `L` is the line of the last null key, `W` the greatest version. A record without a version counts as one of the greatest.
 *
 * @param only as for {@link renderRows}
 */
export function renderWinners(plan: LoadPlan, only?: ReadonlySet<number>): string {
  const partition = `PARTITION BY ${plan.keys.map(f).join(', ')}`;
  const line = quoteIdentifier(STAGED.line);
  const version = quoteIdentifier(STAGED.version);
  const several = plan.versions === 'several';
  const greatest = `MAX(${version}) OVER (${partition}) AS "W"`;
  const rows = several ? `SELECT *, ${greatest} FROM (${renderRows(plan, only)})` : renderRows(plan, only);
  // With one version in all rows there is nothing to rank, and "W" is the version itself.
  const ranked = several ? [`IFF(${version} < "W", 1, 0)`] : [];
  const more = several ? [] : [greatest];
  const key = replicationValue(plan);
  if (key === undefined) {
    const order = [...ranked, `${line} DESC`].join(', ');
    return `SELECT ${['*', ...more].join(', ')} FROM (${rows}) QUALIFY ROW_NUMBER() OVER (${partition} ORDER BY ${order}) = 1`;
  }
  const isNullKey = several ? `${key} IS NULL AND NOT COALESCE(${version} < "W", FALSE)` : `${key} IS NULL`;
  const lastNull = `MAX(IFF(${isNullKey}, ${line}, NULL)) OVER (${partition}) AS "L"`;
  const marked = `SELECT ${['*', lastNull, ...more].join(', ')} FROM (${rows})`;
  const order = [...ranked, `IFF("L" IS NULL OR ${line} >= "L", 0, 1)`, `${key} DESC NULLS LAST`, `${line} DESC`];
  return `SELECT * FROM (${marked}) QUALIFY ROW_NUMBER() OVER (${partition} ORDER BY ${order.join(', ')}) = 1`;
}

/** How the row in the table (`t`) stands to the one that comes (`s`). Each is a condition; undefined where it cannot be met. */
export interface Precedence {
  /** The row in the table has a higher version: it stays as it is. */
  higherVersion: string | undefined;
  /** It has no higher version, and, unless it has a lower one, its replication key is the newer one. */
  newerKey: string | undefined;
}

export function precedence(plan: LoadPlan): Precedence {
  const { replicationKey, metadata, versions } = plan;
  const versionColumn = metadata?.get(SDC.tableVersion);
  const have = versionColumn && `t.${quoteIdentifier(versionColumn.name)}`;
  const versioned = have !== undefined && versions !== 'none';
  const higherVersion = versioned ? `COALESCE(${have} > s."W", FALSE)` : undefined;
  const column = replicationKey && plan.columns[replicationKey.index];
  if (!column) return { higherVersion, newerKey: undefined };
  const there = comparable(`t.${quoteIdentifier(column.name)}`, replicationKey);
  const come = comparable(`s.${f(replicationKey.index)}`, replicationKey);
  const newer = `s."L" IS NULL AND ${there} IS NOT NULL AND ${come} IS NOT NULL AND ${come} < ${there}`;
  const sameVersion = versioned ? ` AND (s."W" IS NULL OR COALESCE(${have} >= s."W", FALSE))` : '';
  return { higherVersion, newerKey: `(${newer}${sameVersion})` };
}

/** Whether the row in the table stays, but for its version. */
export function olderCondition(plan: LoadPlan): string | undefined {
  const { higherVersion, newerKey } = precedence(plan);
  const either = [higherVersion, newerKey].filter((one) => one !== undefined);
  return either.length === 0 ? undefined : `(${either.join(' OR ')})`;
}

/** The join of a row with the one of the same key. */
export const keyCondition = ({ columns, keys }: LoadPlan): string =>
  keys.map((index) => `t.${quoteIdentifier(columns[index]?.name ?? '')} = s.${f(index)}`).join(' AND ');

const replicationValue = ({ replicationKey }: LoadPlan): string | undefined =>
  replicationKey && comparable(f(replicationKey.index), replicationKey);

const comparable = (value: string, { as }: ReplicationKey): string =>
  as === 'value' ? value : `TRY_TO_TIMESTAMP_TZ(${value})`;

function metadataValue(name: SdcColumn, column: LoadColumn, plan: LoadPlan, source: StagedSource): string {
  switch (name) {
    case SDC.extractedAt:
      return instant(source.value(STAGED.extracted), column);
    case SDC.receivedAt:
      return `TO_TIMESTAMP_${zoneOf(column)}(${source.value(STAGED.received)}, 3)`;
    case SDC.batchedAt:
      // The session's time zone is UTC, so a text without an offset is UTC in every type.
      return `${quoteLiteral(plan.batchedAt.replace(/Z$/, ''))}::TIMESTAMP_${zoneOf(column)}`;
    case SDC.deletedAt:
      return plan.deletions === 'none'
        ? `NULL::TIMESTAMP_${zoneOf(column)}`
        : instant(source.value(STAGED.deleted), column);
    case SDC.sequence:
      return source.value(STAGED.received);
    case SDC.tableVersion:
      return versionOf(plan, source);
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
