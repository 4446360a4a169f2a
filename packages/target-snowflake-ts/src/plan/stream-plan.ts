import { SchemaConflictError, type SchemaMessage } from '@singer-io-ts/sdk';
import { type Config, type LoadMethod } from '../settings/settings.js';
import { streamSetting } from '../settings/stream-setting.js';
import type { TableName } from '@singer-io-ts/snowflake-session';
import { wantedType, type PropertySchema } from './json-schema-type.js';
import { columnNamesOf, tableNameOf } from './naming.js';
import { SDC, sdcColumns } from './sdc-columns.js';
import type { TimestampZone } from './column-type.js';
import type { WantedColumn } from './table.js';

/** A property of a stream and the column it goes to. */
export interface PropertyPlan {
  property: string;
  column: WantedColumn;
}

/** What a SCHEMA message and the settings say about a stream: where its rows go, in which columns and how. */
export interface StreamPlan {
  stream: string;
  table: TableName;
  properties: PropertyPlan[];
  /** Positions of the key among the properties; empty: no key, or the key does not matter. */
  keys: number[];
  /** The position of the replication key, if older rows must not replace newer ones. */
  replicationKey: number | undefined;
  loadMethod: LoadMethod;
  hardDelete: boolean;
  /** The metadata columns, when they are kept. */
  metadata: ReturnType<typeof sdcColumns> | undefined;
  /** The position of a property `_sdc_deleted_at`, if the stream brings one. */
  deletedAt: number | undefined;
  preLoadSql: string[];
  postLoadSql: string[];
}

/**
 * Plans a stream.
 *
 * @throws {SchemaConflictError} when the schema makes no table
 */
export function planStream(message: SchemaMessage, config: Config): StreamPlan {
  const { stream, schema, key_properties: keyProperties, bookmark_properties: bookmarks = [] } = message;
  const zone = config.timestamp_type.slice('TIMESTAMP_'.length) as TimestampZone;
  const loadMethod = streamSetting(config, stream, 'load_method');
  const names = Object.keys(schema.properties ?? {});
  if (names.length === 0) {
    throw new SchemaConflictError({
      message: `stream ${stream}: its schema has no properties, so there is no table to make`,
    });
  }
  const columns = columnNamesOf(stream, names, { normaliseCasing: config.normalise_casing });
  const metadataNames: readonly string[] = config.add_record_metadata ? Object.values(SDC) : [];
  const properties = names
    .map((property) => ({ property, column: columns.get(property) ?? property }))
    // The target's own value of a metadata column wins, except for the time of a deletion, which only the tap can know.
    .filter(({ column }) => !metadataNames.includes(column) || column === SDC.deletedAt)
    .map(({ property, column }) => ({
      property,
      column: {
        name: column,
        ...wantedType(schema.properties?.[property] as PropertySchema | boolean, {
          timestampZone: zone,
          uuidFormat: config.uuid_format ?? 'string',
        }),
      },
    }));
  const position = (property: string): number => properties.findIndex((one) => one.property === property);
  const keys = keyProperties.map((property) => {
    const index = position(property);
    if (index !== -1) return index;
    throw new SchemaConflictError({
      message: `stream ${stream}: key property ${JSON.stringify(property)} is not among the schema's properties`,
    });
  });
  const bookmark = bookmarks.length === 1 ? position(bookmarks[0] ?? '') : -1;
  const deletedAt = metadataNames.length > 0 ? properties.findIndex(({ column }) => column.name === SDC.deletedAt) : -1;
  const override = config.streams?.[stream];
  return {
    stream,
    table: tableNameOf(
      stream,
      {
        database: config.database,
        schema: config.schema,
        defaultTargetSchema: config.default_target_schema,
        useRawStreamNames: config.use_raw_stream_names,
      },
      { schema: override?.schema, table: override?.table },
    ),
    properties,
    keys: loadMethod === 'append-only' ? [] : keys,
    replicationKey:
      loadMethod !== 'append-only' && streamSetting(config, stream, 'ignore_older') && bookmark !== -1
        ? bookmark
        : undefined,
    loadMethod,
    hardDelete: streamSetting(config, stream, 'hard_delete'),
    metadata: config.add_record_metadata ? sdcColumns(zone) : undefined,
    deletedAt: deletedAt === -1 ? undefined : deletedAt,
    preLoadSql: listOf(override?.pre_load_sql ?? config.pre_load_sql),
    postLoadSql: listOf(override?.post_load_sql ?? config.post_load_sql),
  };
}

/** Every column that the stream wants of its table. */
export const wantedColumns = ({ properties, metadata = [] }: StreamPlan): WantedColumn[] => {
  const own = properties.map(({ column }) => column);
  return [...own, ...metadata.filter(({ name }) => !own.some((column) => column.name === name))];
};

const listOf = (sql: string | string[] | undefined): string[] =>
  sql === undefined ? [] : typeof sql === 'string' ? [sql] : sql;
