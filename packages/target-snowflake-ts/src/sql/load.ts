import { quoteIdentifier, quoteTable, type TableName } from '@singer-io-ts/snowflake-session';
import { SDC } from '../plan/sdc-columns.js';
import type { LoadColumn } from '../plan/table.js';
import { STAGED } from './staged.js';
import {
  finalName,
  hasPlace,
  instant,
  keyCondition,
  precedence,
  renderRows,
  renderWinners,
  type LoadPlan,
} from './rows.js';

interface Assignment {
  column: string;
  value: string;
  /** Of the property among the stream's, from 1; 0 for metadata. */
  position: number;
}

/** Every column that a load writes with the name of its value in the rows. */
function assignments(plan: LoadPlan): Assignment[] {
  return [
    ...plan.columns.flatMap((column, index) =>
      hasPlace(column)
        ? [
            {
              column: quoteIdentifier(column.name),
              value: quoteIdentifier(finalName(index)),
              position: index + 1,
            },
          ]
        : [],
    ),
    ...[...(plan.metadata ?? [])].map(([name, column]) => ({
      column: quoteIdentifier(column.name),
      value: quoteIdentifier(name),
      position: 0,
    })),
  ];
}

/** Brings a part into its table: rows with a key by {@link mergeRows}, others by {@link insertRows}. */
export const writeRows = (plan: LoadPlan): string => (plan.keys.length > 0 ? mergeRows(plan) : insertRows(plan));

const DELETED = `s.${quoteIdentifier(STAGED.deleted)}`;

/** A column's new value. A deletion leaves the columns alone that its record does not carry. */
function newValue({ column, value, position }: Assignment, { partial }: LoadPlan): string {
  if (!partial || position === 0) return `s.${value}`;
  return `IFF(SUBSTR(s.${quoteIdentifier(STAGED.missing)}, ${position}, 1) = '1', t.${column}, s.${value})`;
}

/**
 * Adds every row, as it is. With table versions by MERGE: unlike INSERT it takes the table's lock, so that what a later run has committed is
 * seen before this transaction can commit.
 */
export function insertRows(plan: LoadPlan): string {
  const all = assignments(plan);
  const columns = all.map(({ column }) => column).join(', ');
  if (plan.versions !== 'none') {
    const values = all.map(({ value }) => `s.${value}`).join(', ');
    return `MERGE INTO ${quoteTable(plan.table)} t USING (${renderRows(plan)}) s ON FALSE WHEN NOT MATCHED THEN INSERT (${columns}) VALUES (${values})`;
  }
  const values = all.map(({ value }) => value).join(', ');
  return `INSERT INTO ${quoteTable(plan.table)} (${columns}) SELECT ${values} FROM (${renderRows(plan)})`;
}

/**
 * Brings the table up to the rows: one row per key. A higher table version wins; within one version a row never gives way to an older one.
 * A row that is skipped as older was seen nevertheless: it takes the version, and its mark of deletion is removed. A row whose record says
 * that it is deleted is marked or removed.
 */
export function mergeRows(plan: LoadPlan): string {
  const isKey = new Set(plan.keys.map(finalName).map(quoteIdentifier));
  const all = assignments(plan);
  const updates = [
    ...all
      .filter(({ value }) => !isKey.has(value) && value !== quoteIdentifier(SDC.tableVersion))
      .map((one) => `${one.column} = ${newValue(one, plan)}`),
    ...versionUpdate(plan),
  ];
  const { higherVersion, newerKey } = precedence(plan);
  const seen = plan.metadata ? [...versionUpdate(plan), ...deletionCleared(plan)] : [];
  const values = all.map(({ value }) => (value === quoteIdentifier(SDC.tableVersion) ? 's."W"' : `s.${value}`));
  const removes = plan.deletions === 'remove';
  const skipped = newerKey !== undefined && seen.length > 0;
  const unless = [higherVersion, skipped ? undefined : newerKey].filter((one) => one !== undefined);
  return [
    `MERGE INTO ${quoteTable(plan.table)} t USING (${renderWinners(plan)}) s ON ${keyCondition(plan)}`,
    skipped
      ? `WHEN MATCHED AND ${higherVersion === undefined ? '' : `NOT ${higherVersion} AND `}${newerKey} THEN UPDATE SET ${seen.join(', ')}`
      : '',
    removes
      ? `WHEN MATCHED${unless.map((one) => ` AND NOT ${one}`).join('')} AND ${DELETED} IS NOT NULL THEN DELETE`
      : '',
    updates.length > 0
      ? `WHEN MATCHED${unless.map((one) => ` AND NOT ${one}`).join('')} THEN UPDATE SET ${updates.join(', ')}`
      : '',
    `WHEN NOT MATCHED${removes ? ` AND ${DELETED} IS NULL` : ''} THEN INSERT (${all.map(({ column }) => column).join(', ')}) VALUES (${values.join(', ')})`,
  ]
    .filter(Boolean)
    .join(' ');
}

function versionUpdate({ metadata }: LoadPlan): string[] {
  const column = metadata?.get(SDC.tableVersion);
  if (!column) return [];
  const have = `t.${quoteIdentifier(column.name)}`;
  return [`${quoteIdentifier(column.name)} = GREATEST(COALESCE(${have}, s."W"), COALESCE(s."W", ${have}))`];
}

function deletionCleared({ metadata, deletions }: LoadPlan): string[] {
  const column = metadata?.get(SDC.deletedAt);
  if (!column) return [];
  const name = quoteIdentifier(column.name);
  return [`${name} = ${deletions === 'none' ? 'NULL' : `IFF(${DELETED} IS NULL, NULL, t.${name})`}`];
}

export interface ActivateOptions {
  table: TableName;
  metadata: ReadonlyMap<string, LoadColumn>;
  version: number;
  hardDelete: boolean;
}

/** Removes, or marks as deleted, the rows of older versions and those without one. */
export function activateVersion({ table, metadata, version, hardDelete }: ActivateOptions): string {
  const versionName = quoteIdentifier(metadata.get(SDC.tableVersion)?.name ?? SDC.tableVersion);
  const stale = `(${versionName} IS NULL OR ${versionName} < ${version})`;
  if (hardDelete) return `DELETE FROM ${quoteTable(table)} WHERE ${stale}`;
  const deleted = metadata.get(SDC.deletedAt);
  const deletedName = quoteIdentifier(deleted?.name ?? SDC.deletedAt);
  const now = instant('CURRENT_TIMESTAMP()', deleted ?? { type: { kind: 'timestamp', zone: 'NTZ' } });
  return `UPDATE ${quoteTable(table)} SET ${deletedName} = ${now} WHERE ${deletedName} IS NULL AND ${stale}`;
}

/** Replaces all rows of a table by those of another with the same columns. */
export function replaceRows(
  table: TableName,
  from: TableName,
  columns: readonly string[],
): { empty: string; fill: string } {
  const names = columns.map(quoteIdentifier).join(', ');
  return {
    empty: `DELETE FROM ${quoteTable(table)}`,
    fill: `INSERT INTO ${quoteTable(table)} (${names}) SELECT ${names} FROM ${quoteTable(from)}`,
  };
}
