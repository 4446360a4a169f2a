import { SchemaConflictError } from '@singer-io-ts/sdk';
import { quoteTable } from '@singer-io-ts/snowflake-session';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { TableColumn } from '../plan/table.js';

/**
 * With a collation such as `de-ci`, `A` and `a` are one key: one of two rows would replace the other.
 *
 * @throws {SchemaConflictError} when a column of a stream's key has one
 */
export function refuseCollated(
  {
    stream,
    table,
    keys,
    properties,
    loadMethod,
  }: Pick<StreamPlan, 'stream' | 'table' | 'keys' | 'properties' | 'loadMethod'>,
  columns: readonly TableColumn[] = [],
): void {
  if (loadMethod !== 'upsert') return;
  const names = new Set(keys.map((index) => properties[index]?.column.name));
  const found = columns.find(({ name, collation }) => collation !== undefined && names.has(name.toUpperCase()));
  if (!found) return;
  throw new SchemaConflictError({
    message:
      `stream ${stream}: key column ${found.name} of table ${quoteTable(table)} compares its texts by the collation ${found.collation ?? ''}, by which different keys can be the same; nothing was uploaded. ` +
      "Snowflake changes no collation of a column that is there: create the table anew with the column as VARCHAR COLLATE '', and, if it comes from DEFAULT_DDL_COLLATION, unset that for the schema",
  });
}
