import { SchemaConflictError } from '@singer-io-ts/sdk';
import { quoteTable, type SchemaName } from '@singer-io-ts/snowflake-session';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { CatalogTable } from './catalog.js';

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

/** What one of this target's own tables must be. */
export interface OwnTable {
  name: string;
  columns: readonly string[];
  /** How to do without it, if one can. */
  without?: string;
}

/** @throws {SchemaConflictError} when what bears the name of one of this target's own tables cannot be used as that */
export function refuseForeign(
  schema: SchemaName,
  { name, columns, without }: OwnTable,
  found: CatalogTable | undefined,
): void {
  if (!found) return;
  const there = new Set(found.columns.map((column) => column.name));
  // Nothing can be said of columns that the role does not see.
  const missing = there.size === 0 ? [] : columns.filter((column) => !there.has(column));
  const what = found.notLoadable ?? (missing.length > 0 ? `a table without column ${missing.join(', ')}` : undefined);
  if (what === undefined) return;
  throw new SchemaConflictError({
    message:
      `${quoteTable({ ...schema, table: name })} is ${what}, but this target keeps a table of its own under that name; nothing was uploaded or changed. ` +
      `Rename or drop it${without === undefined ? '' : `, or ${without}`}`,
  });
}
