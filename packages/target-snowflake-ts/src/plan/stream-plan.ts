import { canonicalSchema, ConfigError, SchemaConflictError, type SchemaMessage } from '@singer-io-ts/sdk';
import { quoteTable, type TableName } from '@singer-io-ts/snowflake-session';
import type { Config, LoadMethod, SchemaContract } from '../settings/settings.js';
import { overrideOf, streamSetting } from '../settings/stream-setting.js';
import { parseType, type ColumnType, type TimestampZone } from './column-type.js';
import {
  ownPropertiesOf,
  propertiesOf,
  wantedType,
  type PropertySchema,
  type TypeSettings,
} from './json-schema-type.js';
import { columnNamesOf, tableNameOf } from './naming.js';
import { refuseMalformed } from './refuse-malformed.js';
import { refuseReserved } from './reserved-names.js';
import { referencesOf } from './schema-references.js';
import { deletedAtProperty, SDC, sdcColumns, type DeletedAt } from './sdc-columns.js';
import type { PropertyPlan, TableOptions, WantedColumn } from './table.js';

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
  /** The property by which records may say that their row is deleted; undefined where nothing would come of it. */
  deletedAt: DeletedAt | undefined;
  /** What the schema may change in a table that is there. */
  contract: Required<SchemaContract>;
  options: TableOptions;
  preLoadSql: string[];
  postLoadSql: string[];
}

/** What errors about a stream's table begin with. */
export const subjectOf = ({ stream, table }: Pick<StreamPlan, 'stream' | 'table'>): string =>
  `stream ${stream}, table ${quoteTable(table)}`;

/**
 * Plans a stream.
 *
 * @throws {SchemaConflictError} when the schema makes no table
 */
export function planStream(message: SchemaMessage, config: Config): StreamPlan {
  const { stream, key_properties: keyProperties, bookmark_properties: bookmarks = [] } = message;
  const schema = canonicalSchema(message.schema) as PropertySchema;
  const zone = config.timestamp_type.slice('TIMESTAMP_'.length) as TimestampZone;
  const override = overrideOf(config, stream);
  const loadMethod = streamSetting(config, stream, 'load_method');
  refuseMalformed(stream, schema);
  const references = referencesOf(schema);
  const schemas = propertiesOf(schema, references);
  const columns = columnNamesOf(stream, Object.keys(schemas), { normaliseCasing: config.normalise_casing });
  const types: TypeSettings = {
    timestampZone: zone,
    uuidFormat: config.uuid_format ?? 'string',
    numberType: numberType(config.number_type),
    textLength: config.max_text_length,
    references,
  };
  const comments = streamSetting(config, stream, 'comments');
  const own = ownPropertiesOf(schema, references);
  const all = Object.entries(schemas).map(([property, described]): PropertyPlan => {
    const comment = comments && typeof described === 'object' ? described.description : undefined;
    const column = {
      name: columns.get(property) ?? property,
      ...wantedType(described, types, keyProperties.includes(property)),
      ...(comment === undefined ? {} : { comment }),
    };
    return own.has(property) ? { property, column } : { property, column, loose: true };
  });
  const hardDelete = streamSetting(config, stream, 'hard_delete');
  const { deletedAt, properties } = deletedAtProperty(stream, all, {
    withMetadata: config.add_record_metadata,
    removesRows: hardDelete && loadMethod !== 'append-only' && keyProperties.length > 0,
  });
  const position = (property: string): number => properties.findIndex((one) => one.property === property);
  const keys = keyProperties.map((property) => {
    const index = position(property);
    if (index !== -1) return index;
    throw new SchemaConflictError({
      message: `stream ${stream}: key property ${JSON.stringify(property)} is not among the schema's properties`,
    });
  });
  const bookmark = bookmarks.length === 1 ? position(bookmarks[0] ?? '') : -1;
  const table = tableNameOf(
    stream,
    {
      database: config.database,
      schema: config.schema,
      defaultTargetSchema: config.default_target_schema,
      useRawStreamNames: config.use_raw_stream_names,
    },
    { schema: override?.schema, table: override?.table },
  );
  refuseReserved(stream, table);
  const metadata = sdcColumns(zone).filter(
    ({ name }) => config.add_record_metadata || (name === SDC.deletedAt && deletedAt?.described === true),
  );
  return {
    stream,
    table,
    properties,
    keys: loadMethod === 'append-only' ? [] : keys,
    replicationKey:
      loadMethod !== 'append-only' && streamSetting(config, stream, 'ignore_older') && bookmark !== -1
        ? bookmark
        : undefined,
    loadMethod,
    hardDelete,
    metadata: metadata.length === 0 ? undefined : metadata,
    deletedAt,
    contract: {
      new_columns: 'evolve',
      changed_types: 'evolve',
      ...config.schema_contract,
      ...override?.schema_contract,
    },
    options: {
      comment: comments ? schema.description : undefined,
      clusterBy: override?.cluster_by ?? [],
      ...retention(config, stream),
    },
    preLoadSql: listOf(override?.pre_load_sql ?? config.pre_load_sql),
    postLoadSql: listOf(override?.post_load_sql ?? config.post_load_sql),
  };
}

/** @throws {ConfigError} for days that Snowflake refuses when the table is made */
function retention(config: Config, stream: string): Pick<TableOptions, 'transient' | 'dataRetentionDays'> {
  const transient = streamSetting(config, stream, 'transient');
  const dataRetentionDays = streamSetting(config, stream, 'data_retention_days');
  if (transient && dataRetentionDays !== undefined && dataRetentionDays > 1)
    throw new ConfigError({
      message: `setting "data_retention_days" is ${dataRetentionDays} for stream ${stream}, whose table is transient: those keep 0 or 1 day. Set it to 1, or "transient" to false`,
      setting: 'data_retention_days',
    });
  return { transient, dataRetentionDays };
}

/** `float`, `decfloat` or `number(p,s)`, as the setting has it. @throws {ConfigError} when Snowflake has no such NUMBER */
function numberType(setting: string): ColumnType {
  const type = parseType(setting);
  if (type.kind !== 'number') return type;
  const { precision, scale } = type;
  if (precision >= 1 && precision <= 38 && scale <= Math.min(37, precision)) return type;
  throw new ConfigError({
    message: `setting number_type: Snowflake has no ${setting}; a NUMBER has 1 to 38 digits, of which at most 37 behind the point`,
    setting: 'number_type',
  });
}

/** Every column that the stream wants of its table. */
export const wantedColumns = ({ properties, metadata = [] }: StreamPlan): WantedColumn[] => {
  const own = properties.map(({ column }) => column);
  return [...own, ...metadata.filter(({ name }) => !own.some((column) => column.name === name))];
};

const listOf = (sql: string | string[] | undefined): string[] =>
  sql === undefined ? [] : typeof sql === 'string' ? [sql] : sql;
