import { SchemaConflictError } from '@singer-io-ts/sdk';
import { quoteTable, type Row, type SchemaName } from '@singer-io-ts/snowflake-session';
import type { StreamPlan } from '../plan/stream-plan.js';
import { LEDGER_TABLE } from '../sql/ledger.js';

/**
 * What can bear a table's name without taking rows, by `TABLE_TYPE`. Iceberg, hybrid, transient and temporary tables are not among them:
 * they take INSERT, MERGE, UPDATE and DELETE. A type that is not known here is left for Snowflake to judge.
 */
const WITHOUT_ROWS_OF_ITS_OWN = new Map([
  ['VIEW', 'a view'],
  ['MATERIALIZED VIEW', 'a materialized view'],
  ['EXTERNAL TABLE', 'an external table'],
  ['EVENT TABLE', 'an event table'],
  ['INTERACTIVE TABLE', 'an interactive table'],
]);

/** What stands in the place of a table and takes no rows, such as `a view`; undefined for a table that does. */
export function notLoadable({ TABLE_TYPE, IS_DYNAMIC }: Row): string | undefined {
  if (IS_DYNAMIC === 'YES') return 'a dynamic table';
  return WITHOUT_ROWS_OF_ITS_OWN.get(TABLE_TYPE ?? '');
}

/** @throws {SchemaConflictError} when the name of a stream's table belongs to something that takes no rows */
export function refuseNotLoadable(
  { stream, table }: Pick<StreamPlan, 'stream' | 'table'>,
  kind: string | undefined,
): void {
  if (kind === undefined) return;
  throw new SchemaConflictError({
    message:
      `stream ${stream}: ${quoteTable(table)} is ${kind}, which records cannot be loaded into; nothing was uploaded or changed. ` +
      `Rename or drop it, or give the stream another table by setting "streams" (${JSON.stringify({ [stream]: { table: '…' } })})`,
  });
}

/** @throws {SchemaConflictError} when the name of one of this target's own tables belongs to something that takes no rows */
export function refuseOwnNotLoadable(schema: SchemaName, table: string, kind: string | undefined): void {
  if (kind === undefined) return;
  throw new SchemaConflictError({
    message:
      `${quoteTable({ ...schema, table })} is ${kind}, but this target keeps a table of its own under that name; nothing was uploaded or changed. ` +
      `Rename or drop it${table === LEDGER_TABLE ? ', or set load_ledger to false' : ''}`,
  });
}
