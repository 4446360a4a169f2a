import { array, boolean, integer, object, string, withDefault, type Infer, type TypedSchema } from '@singer-io-ts/sdk';
import { connectionSettings } from '@singer-io-ts/snowflake-session';

/** A setting that always has a value once defaults are filled in. */
type Filled<T> = ReturnType<typeof withDefault<T>>;

function text(description: string): TypedSchema<string>;
function text(description: string, more: { default: string }): Filled<string>;
function text(description: string, more: { default?: string } = {}): TypedSchema<string> {
  return string({ description, ...more });
}
const flag = (description: string, fallback: boolean) => withDefault(boolean({ description }), fallback);
const count = (description: string, fallback: number, minimum = 1) =>
  withDefault(integer({ description, minimum }), fallback);
function choice<const Value extends string>(description: string, values: readonly Value[]): TypedSchema<Value>;
function choice<const Value extends string>(
  description: string,
  values: readonly Value[],
  more: { default: NoInfer<Value> },
): Filled<Value>;
function choice(description: string, values: readonly string[], more: { default?: string } = {}): TypedSchema<string> {
  return string({ description, enum: [...values], ...more });
}
const sql = (description: string): TypedSchema<string | string[]> => ({
  ...array(string(), { description }),
  type: ['string', 'array'],
});
const unused = (description: string): TypedSchema<object> => object({}, { description });

const LOAD_METHODS = ['upsert', 'append-only', 'overwrite'] as const;
const HOOK_NAMES = '`{table}`, `{schema}`, `{database}`, `{stream}`, `{run_id}` are replaced by the quoted names';

const CONTRACT_MODES = ['evolve', 'freeze', 'discard_value', 'discard_row'] as const;
const schemaContract = object(
  {
    new_columns: choice('New properties, for which the table has no column. Default: evolve.', CONTRACT_MODES),
    changed_types: choice(
      'Properties whose new type does not fit the existing column. Default: evolve.',
      CONTRACT_MODES,
    ),
  },
  {
    description:
      'How a stream may change an existing table. evolve: the table is altered to fit; freeze: the run fails before anything is changed; ' +
      'discard_value: values that do not fit are dropped; discard_row: rows with such values are dropped. Dropped values and rows are counted.',
    additionalProperties: false,
  },
);

/** What a stream may change in an existing table. */
export type SchemaContract = Infer<typeof schemaContract>;

const retentionDays = integer({
  description: "DATA_RETENTION_TIME_IN_DAYS for new tables, at most 1 for transient ones. Default: the schema's.",
  minimum: 0,
  maximum: 90,
});

const streamOverride = object(
  {
    schema: text('Name of the schema, used as given but in upper case.'),
    table: text('Name of the table, used as given but in upper case.'),
    load_method: choice('Like `load_method`, for this stream.', LOAD_METHODS),
    hard_delete: boolean({ description: 'Like `hard_delete`, for this stream.' }),
    ignore_older: boolean({ description: 'Like `ignore_older`, for this stream.' }),
    schema_contract: schemaContract,
    comments: boolean({ description: 'Like `comments`, for this stream.' }),
    transient: boolean({ description: 'Like `transient`, for this stream.' }),
    data_retention_days: retentionDays,
    cluster_by: array(string(), {
      description: 'Clustering key of a new table: columns or SQL expressions.',
    }),
    pre_load_sql: sql('Like `pre_load_sql`, for this stream.'),
    post_load_sql: sql('Like `post_load_sql`, for this stream.'),
  },
  { additionalProperties: false },
);

/** What may differ for one stream; see `streams`. */
export type StreamOverride = Infer<typeof streamOverride>;

const tables = {
  default_target_schema: text('Schema for all streams, even if their names contain one.'),
  use_raw_stream_names: flag('Do not split stream names of the form `schema-table`.', false),
  normalise_casing: flag('Convert names to snake_case before they become upper case.', false),
  add_record_metadata: flag('Add the `_SDC_…` metadata columns.', true),
  timestamp_type: choice('The type of date-time columns.', ['TIMESTAMP_NTZ', 'TIMESTAMP_TZ', 'TIMESTAMP_LTZ'], {
    default: 'TIMESTAMP_NTZ',
  }),
  timestamp_ntz_policy: choice(
    'What TIMESTAMP_NTZ columns store: UTC, or the local time as written in the value (wall clock). `auto`: UTC in columns that this target created, wall clock in all others.',
    ['auto', 'utc', 'wall-clock'],
    { default: 'auto' },
  ),
  uuid_format: choice(
    'native: UUIDs without dashes in 32 characters, as the Python target stores them; string: unchanged. Default: string, or native if the existing column has 32 characters.',
    ['native', 'string'],
  ),
  on_type_conflict: choice(
    'What to do when a column cannot hold what a new schema describes: convert (create a column that can, copy the old values, swap the two), text (the same with a VARCHAR) or refuse and say which statement to run.',
    ['convert', 'text', 'refuse'],
    { default: 'convert' },
  ),
  number_type: withDefault(
    string({
      description:
        'Column type of `number` properties whose schema does not state a precision: float, decfloat, or number(p,s). Key properties become DECFLOAT instead of FLOAT.',
      pattern: String.raw`^(float|decfloat|number\(\d{1,2},\d{1,2}\))$`,
    }),
    'float',
  ),
  on_inexact_number: choice(
    'What to do with a number that has more digits than its column can hold: refuse it, naming line and property, or round it as Snowflake does.',
    ['refuse', 'round'],
    { default: 'refuse' },
  ),
  max_text_length: withDefault(
    integer({
      description:
        'Length, in characters, of VARCHAR columns whose schema has no maxLength. Snowflake allows up to 134217728.',
      minimum: 1,
      maximum: 134_217_728,
    }),
    16_777_216,
  ),
  schema_contract: schemaContract,
  comments: flag(
    "Set the schema's descriptions as comments on new tables and columns. Existing comments are not changed.",
    false,
  ),
  transient: flag('Create new tables as TRANSIENT, that is, without Fail-safe.', false),
  data_retention_days: retentionDays,
  streams: {
    type: 'object',
    description: 'Settings for individual streams, by stream name.',
    additionalProperties: streamOverride,
  } as TypedSchema<Record<string, StreamOverride>>,
};

const loading = {
  max_retries: count('Maximum number of retries of a failed step, if a retry can help.', 4, 0),
  load_method: choice(
    'upsert: one row per key, the newest; append-only: one row per record; overwrite: the run replaces the whole table, atomically at its end.',
    LOAD_METHODS,
    { default: 'upsert' },
  ),
  hard_delete: flag(
    'Delete rows that ACTIVATE_VERSION or a record with `_sdc_deleted_at` removes, instead of marking them in _SDC_DELETED_AT.',
    false,
  ),
  process_activate_version_messages: flag('Apply ACTIVATE_VERSION messages.', true),
  ignore_older: flag('Skip a record whose replication key is older than that of the row in the table.', true),
  validate_records: flag('Validate records against their schema.', true),
  allow_empty_overwrite: flag(
    'With load_method overwrite: let a run without records empty a table that has rows.',
    false,
  ),
  on_lost_table: choice(
    "What to do when the tap continues from a bookmark but the rows loaded before are not there, because the table is missing, empty or a different one: fail, or warn and load only what is new. Needs the mark that this project's taps write to STATE.",
    ['fail', 'warn'],
    { default: 'fail' },
  ),
  on_invalid_record: choice(
    'What to do with a record that does not fit its schema or table: fail, or store it in the table _SDC_QUARANTINE, in the same transaction, and continue.',
    ['fail', 'quarantine'],
    { default: 'fail' },
  ),
  max_invalid_records: count(
    'With on_invalid_record quarantine: how many records a run may store there; one more fails the run.',
    1000,
    0,
  ),
  load_ledger: flag('Write one row per cut and stream to the table _SDC_LOAD_LEDGER, in the same transaction.', true),
  max_record_bytes: count(
    'Maximum size of a record. Snowflake reads each one into a VARIANT first, which holds 128 MB.',
    134_217_728,
  ),
  batch_size_rows: count('Number of records, of all streams together, after which a cut is loaded.', 500_000),
  batch_size_bytes: count('Size of the records, of all streams together, after which a cut is loaded.', 536_870_912),
  batch_max_age_seconds: count('Maximum time a record waits before its cut is loaded.', 300),
  file_size_bytes: count('Compressed size at which a file is closed and a new one is started.', 134_217_728, 1024),
  compression: choice(
    'Compression of the staged files. zstd needs less CPU and space, but Node 22.15 or newer; auto: zstd if Node supports it, else gzip.',
    ['auto', 'gzip', 'zstd'],
    { default: 'auto' },
  ),
  max_disk_bytes: count(
    'Compressed bytes on disk, waiting to be loaded, at which reading pauses.',
    4_294_967_296,
    1_048_576,
  ),
  parallelism: count(
    'Maximum number of parallel statements and uploads, across streams. The transaction itself runs one statement at a time.',
    8,
  ),
  shared_copy_max_bytes: count(
    'Streams with at most this many uncompressed bytes in a cut share one file and one COPY, which saves statements. 0: every stream has its own.',
    524_288,
    0,
  ),
  spool_directory: text("Folder for files that wait to be loaded. Default: the system's folder for temporary files."),
  stage: text(
    'Stage to upload to: `temporary`, `user` (`@~`) or the name of a stage. If the role may not create stages, `temporary` falls back to `user`.',
    {
      default: 'temporary',
    },
  ),
  clean_up_batch_files: flag(
    'Delete the files of BATCH messages once they are loaded, if they are below `batch_config.storage.root`.',
    true,
  ),
  batch_config: object(
    { storage: object({ root: text('A folder, as a path or a file:// URL.') }) },
    {
      description:
        'The folder into which the tap writes the files of BATCH messages: `storage.root`. Files elsewhere are read too, but never deleted.',
    },
  ),
  faker_config: unused(
    'Accepted but ignored: stream maps have no `fake` here, and an expression that uses it is refused.',
  ),
  ingestion_method: choice(
    'Only file_staging is supported; snowpipe_streaming is refused.',
    ['file_staging', 'snowpipe_streaming'],
    {
      default: 'file_staging',
    },
  ),
  pre_load_sql: sql(`SQL to run before a stream's first load in a run; ${HOOK_NAMES}.`),
  post_load_sql: sql(`SQL to run after a stream's last load in a run; ${HOOK_NAMES}.`),
};

/**
 * The settings' JSON Schema, in the order in which `--about` lists them: the only place that names a setting. `npm run generate` makes
 * meltano.yml, the Hub definition and the README's table from it.
 */
export const configSchema = object({ ...connectionSettings, ...tables, ...loading }, { additionalProperties: false });

/** The settings, checked and with defaults filled in. */
export type Config = Infer<typeof configSchema>;

/** How records reach the table. */
export type LoadMethod = Config['load_method'];
