import { SchemaConflictError } from '@singer-io-ts/sdk';
import { quoteTable } from '@singer-io-ts/snowflake-session';
import type { Config } from '../settings/settings.js';
import { tableNameOf } from './naming.js';
import type { StreamPlan } from './stream-plan.js';

/**
 * Two streams never share a table: each would take the other's rows for its own.
 *
 * @throws {SchemaConflictError} when another stream has the table that a stream wants
 */
export function refuseClash(
  streams: Iterable<StreamPlan>,
  { stream, table }: StreamPlan,
  config: Pick<Config, 'database' | 'use_raw_stream_names'>,
): void {
  for (const other of streams) {
    if (other.stream === stream || quoteTable(other.table) !== quoteTable(table)) continue;
    const elsewhere = 'give one of them another table in setting "streams"';
    const advice =
      !config.use_raw_stream_names && rawTable(stream, config.database) !== rawTable(other.stream, config.database)
        ? `set "use_raw_stream_names" to true, so that what stands before the hyphen stays in the table's name, or ${elsewhere}`
        : elsewhere;
    throw new SchemaConflictError({
      message: `streams ${other.stream} and ${stream} would both go to table ${quoteTable(table)}; ${advice}`,
    });
  }
}

const rawTable = (stream: string, database: string): string =>
  tableNameOf(stream, { database, defaultTargetSchema: database, useRawStreamNames: true }).table;
