import { SchemaConflictError } from '@singer-io-ts/sdk';

/** Tables that this target keeps for itself, and what the names of its temporary ones begin with. */
const OWN_TABLES = /^_SDC_(?:TABLES|QUARANTINE|LOAD_.*|OVERWRITE_.*|STAGE_.*)$/;

/** @throws {SchemaConflictError} when a stream's table would be one of this target's own */
export function refuseReserved(stream: string, table: string): void {
  if (!OWN_TABLES.test(table)) return;
  throw new SchemaConflictError({
    message: `stream ${stream}: table ${table} is this target's own; give the stream another table by setting "streams" ({"${stream}": {"table": "…"}}) or an alias in stream_maps`,
  });
}
