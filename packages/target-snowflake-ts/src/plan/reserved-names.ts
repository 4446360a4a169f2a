import { SchemaConflictError } from '@singer-io-ts/sdk';
import type { TableName } from '@singer-io-ts/snowflake-session';

/** Tables that this target keeps for itself, and what the names of its temporary ones begin with. */
const OWN_TABLES = /^_SDC_(?:TABLES|QUARANTINE|LOAD_.*|OVERWRITE_.*|REPAIR_.*|STAGE_.*)$/;

/** The schema in every database that Snowflake keeps for itself; nothing can be created in it. */
const SNOWFLAKES_SCHEMA = 'INFORMATION_SCHEMA';

/** @throws {SchemaConflictError} when a stream's table would be one of this target's own, or in a schema that nothing can be created in */
export function refuseReserved(stream: string, { schema, table }: Pick<TableName, 'schema' | 'table'>): void {
  if (schema === SNOWFLAKES_SCHEMA)
    throw new SchemaConflictError({
      message: `stream ${stream}: schema ${schema} is Snowflake's own, in which no table can be created; set default_target_schema, or give the stream another schema by setting "streams" (${JSON.stringify({ [stream]: { schema: '…' } })})`,
    });
  if (!OWN_TABLES.test(table)) return;
  throw new SchemaConflictError({
    message: `stream ${stream}: table ${table} is this target's own; give the stream another table by setting "streams" ({"${stream}": {"table": "…"}}) or an alias in stream_maps`,
  });
}
