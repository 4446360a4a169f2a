import { ConfigError, SchemaConflictError } from '@singer-io-ts/sdk';
import { lengthOf, MAX_IDENTIFIER_LENGTH, type TableName } from '@singer-io-ts/snowflake-session';

/** The settings that decide where a stream's rows go and what its columns are called. */
export interface NamingSettings {
  database: string;
  /** The schema of streams whose name does not name one. */
  schema?: string | undefined;
  /** The schema of all streams, whatever their names say. */
  defaultTargetSchema?: string | undefined;
  /** Do not split stream names at hyphens. */
  useRawStreamNames?: boolean | undefined;
  /** Names become snake_case before they become upper case. */
  normaliseCasing?: boolean | undefined;
}

/** What a stream's override may fix. Such names are taken as they are, in upper case. */
export interface NamingOverride {
  schema?: string | undefined;
  table?: string | undefined;
}

/**
 * Where the rows of a stream go. `schema-table` names a schema, as in the Python SDK, unless `default_target_schema` or an override
 * does; characters that are awkward in SQL are dropped as the Python SDK drops them, so that a table which that one made is found.
 *
 * @throws {ConfigError} when nothing names a schema
 */
export function tableNameOf(stream: string, settings: NamingSettings, override: NamingOverride = {}): TableName {
  const parts = settings.useRawStreamNames || stream.endsWith('-') ? [stream] : stream.split('-');
  const named = parts.length === 2 || parts.length === 3 ? parts.at(-2) : undefined;
  const schema =
    override.schema ??
    settings.defaultTargetSchema ??
    (named === undefined ? undefined : conform(named)) ??
    settings.schema;
  if (!schema) {
    throw new ConfigError({
      message: `stream ${stream} has no target schema: set default_target_schema (TARGET_SNOWFLAKE_TS_DEFAULT_TARGET_SCHEMA) or schema`,
    });
  }
  const table = override.table ?? conform(parts.at(-1) ?? stream);
  return {
    database: settings.database.toUpperCase(),
    schema: checked(schema.toUpperCase(), stream, 'schema'),
    table: checked(table.toUpperCase(), stream, 'table'),
  };
}

/**
 * The column names of a stream's properties, in the properties' order: upper case, otherwise unchanged.
 *
 * @throws {SchemaConflictError} when two properties would share a column, or when a name is longer than Snowflake allows
 */
export function columnNamesOf(
  stream: string,
  properties: readonly string[],
  { normaliseCasing = false }: Pick<NamingSettings, 'normaliseCasing'>,
): Map<string, string> {
  const columns = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const property of properties) {
    const column = checked((normaliseCasing ? snakeCase(property) : property).toUpperCase(), stream, 'column');
    const owner = owners.get(column);
    if (owner !== undefined) {
      throw new SchemaConflictError({
        message: `stream ${stream}: properties ${JSON.stringify(owner)} and ${JSON.stringify(property)} would both be column ${column}; rename or drop one with stream_maps`,
      });
    }
    owners.set(column, property);
    columns.set(property, column);
  }
  return columns;
}

/** The Python SDK's rule for the names of tables and schemas. */
function conform(name: string): string {
  const kept = name
    .replace(/[^a-zA-Z0-9_\-.\s]/g, '')
    .trim()
    .toLowerCase()
    .replace(/[.\- ]/g, '_');
  if (kept === '') return name;
  return kept.replace(/^\d/, (digit) => 'abcdefghij'.charAt(Number(digit)));
}

/** `testStreamName`, `TEST_streamName` and `test-stream-name` become `test_stream_name`. */
export function snakeCase(name: string): string {
  return name
    .replace(/[A-Z]{2,}/g, (run) => run.toLowerCase())
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/-/g, '_')
    .toLowerCase();
}

function checked(name: string, stream: string, what: string): string {
  if (name === '' || lengthOf(name) > MAX_IDENTIFIER_LENGTH) {
    throw new SchemaConflictError({
      message:
        name === ''
          ? `stream ${JSON.stringify(stream)} has an empty ${what} name; rename it with stream_maps`
          : `stream ${JSON.stringify(stream.slice(0, 40))}: the ${what} name ${name.slice(0, 40)}… has more than ${MAX_IDENTIFIER_LENGTH} characters, which Snowflake does not take; rename it with stream_maps`,
    });
  }
  return name;
}
