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
const HOOK_NAMES = '`{table}`, `{schema}`, `{database}`, `{stream}`, `{run_id}` stand for the quoted names';

const CONTRACT_MODES = ['evolve', 'freeze', 'discard_value', 'discard_row'] as const;
const schemaContract = object(
  {
    new_columns: choice('Properties that the table has no column for. Default: evolve.', CONTRACT_MODES),
    changed_types: choice('Properties whose type the column does not hold. Default: evolve.', CONTRACT_MODES),
  },
  {
    description:
      'What a stream may change in an existing table. evolve: the table follows; freeze: the run ends before anything is changed; ' +
      'discard_value: values that the table has no place for are left out; discard_row: rows with such values are left out. What is left out is counted.',
    additionalProperties: false,
  },
);

/** What a stream may change in an existing table. */
export type SchemaContract = Infer<typeof schemaContract>;

const retentionDays = integer({
  description: "DATA_RETENTION_TIME_IN_DAYS of new tables. Default: the schema's.",
  minimum: 0,
  maximum: 90,
});

const streamOverride = object(
  {
    schema: text('The schema, taken as it is.'),
    table: text('The table, taken as it is.'),
    load_method: choice('As `load_method`.', LOAD_METHODS),
    hard_delete: boolean({ description: 'As `hard_delete`.' }),
    ignore_older: boolean({ description: 'As `ignore_older`.' }),
    schema_contract: schemaContract,
    comments: boolean({ description: 'As `comments`.' }),
    transient: boolean({ description: 'As `transient`.' }),
    data_retention_days: retentionDays,
    cluster_by: array(string(), {
      description: 'The clustering key of a new table: columns, or expressions in SQL.',
    }),
    pre_load_sql: sql('As `pre_load_sql`.'),
    post_load_sql: sql('As `post_load_sql`.'),
  },
  { additionalProperties: false },
);

/** What may differ for one stream; see `streams`. */
export type StreamOverride = Infer<typeof streamOverride>;

const tables = {
  default_target_schema: text('The schema of all streams, whatever their names say.'),
  use_raw_stream_names: flag('Do not take `schema-table` stream names apart.', false),
  normalise_casing: flag('Make names snake_case before they become upper case.', false),
  add_record_metadata: flag('Add the `_SDC_…` columns.', true),
  timestamp_type: choice('The type of date-time columns.', ['TIMESTAMP_NTZ', 'TIMESTAMP_TZ', 'TIMESTAMP_LTZ'], {
    default: 'TIMESTAMP_NTZ',
  }),
  timestamp_ntz_policy: choice(
    'What TIMESTAMP_NTZ columns hold: UTC, or the wall clock of the value. `auto`: UTC in columns that this target made, wall clock in those that another one made.',
    ['auto', 'utc', 'wall-clock'],
    { default: 'auto' },
  ),
  uuid_format: choice(
    'native: uuids without dashes in 32 characters, as the Python target stores them; string: as they come. Default: string, native where the column has 32 characters.',
    ['native', 'string'],
  ),
  on_type_conflict: choice(
    'When a column cannot hold what a new schema describes: convert (make a column that can, fill it from the old one, swap), text (the same with a VARCHAR, which holds the text of anything) or refuse and say what to run.',
    ['convert', 'text', 'refuse'],
    { default: 'convert' },
  ),
  number_type: withDefault(
    string({
      description:
        'The type of `number` properties that do not say how many digits they have: float, decfloat, or number(p,s). Key properties become DECFLOAT instead of FLOAT.',
      pattern: String.raw`^(float|decfloat|number\(\d{1,2},\d{1,2}\))$`,
    }),
    'float',
  ),
  on_inexact_number: choice(
    'A number with more digits than its column holds: refuse, naming line and property, or round as Snowflake does.',
    ['refuse', 'round'],
    { default: 'refuse' },
  ),
  max_text_length: withDefault(
    integer({
      description:
        'The length, in characters, of VARCHAR columns for texts that do not say theirs. Snowflake takes up to 134217728.',
      minimum: 1,
      maximum: 134_217_728,
    }),
    16_777_216,
  ),
  schema_contract: schemaContract,
  comments: flag(
    "Give new tables and columns the schema's descriptions as comments. Existing comments stay as they are.",
    false,
  ),
  transient: flag('Make new tables transient: without Fail-safe.', false),
  data_retention_days: retentionDays,
  streams: {
    type: 'object',
    description: 'Settings for single streams, by stream name.',
    additionalProperties: streamOverride,
  } as TypedSchema<Record<string, StreamOverride>>,
};

const loading = {
  max_retries: count('How often a failed step is tried again when trying again can help.', 4, 0),
  load_method: choice(
    'upsert: one row per key, the newest; append-only: a row per record; overwrite: the run replaces the table, at its end and at once.',
    LOAD_METHODS,
    { default: 'upsert' },
  ),
  hard_delete: flag(
    'Whether rows that are gone are deleted, by ACTIVATE_VERSION or by a record with `_sdc_deleted_at`, instead of marked in _SDC_DELETED_AT.',
    false,
  ),
  process_activate_version_messages: flag('Whether ACTIVATE_VERSION messages are applied.', true),
  ignore_older: flag('Whether a record whose replication key is older than the row in the table is skipped.', true),
  validate_records: flag('Whether records are checked against their schema.', true),
  allow_empty_overwrite: flag(
    'With load_method overwrite: whether a run without records empties a table that has rows.',
    false,
  ),
  on_lost_table: choice(
    "When a tap goes on from a bookmark and the table is missing, empty or another one, so that rows loaded before are not there: fail, or warn and load what is new. Needs the mark that this project's taps write into STATE.",
    ['fail', 'warn'],
    { default: 'fail' },
  ),
  on_invalid_record: choice(
    'A record that does not fit its schema or its table: fail, or put it into the table _SDC_QUARANTINE, in the same transaction, and go on.',
    ['fail', 'quarantine'],
    { default: 'fail' },
  ),
  max_invalid_records: count(
    'With on_invalid_record quarantine: the most records of a run that are put aside; one more ends the run.',
    1000,
    0,
  ),
  load_ledger: flag('Keep the table _SDC_LOAD_LEDGER: a row per cut and stream, in the same transaction.', true),
  max_record_bytes: count(
    'The longest record taken; Snowflake reads each into a VARIANT first, which holds 128 MB.',
    134_217_728,
  ),
  batch_size_rows: count('Records of all streams together that make a cut.', 500_000),
  batch_size_bytes: count('Bytes of records of all streams together that make a cut.', 536_870_912),
  batch_max_age_seconds: count('How long a record may wait for its cut.', 300),
  file_size_bytes: count('Compressed size at which a file is closed and the next one begun.', 134_217_728, 1024),
  compression: choice(
    'How files are compressed. zstd takes less CPU and room, and Node 22.15 or newer; auto: zstd where Node has it, else gzip.',
    ['auto', 'gzip', 'zstd'],
    { default: 'auto' },
  ),
  max_disk_bytes: count('Compressed bytes waiting on disk at which reading pauses.', 4_294_967_296, 1_048_576),
  parallelism: count(
    'Statements and uploads of different streams at a time. The transaction itself runs one statement after the other.',
    8,
  ),
  shared_copy_max_bytes: count(
    'Uncompressed bytes that a stream brings in a cut up to which it shares a file and a COPY with other such streams, which saves statements. 0: each stream has its own.',
    524_288,
    0,
  ),
  spool_directory: text("Where files wait. Default: the system's folder for temporary files."),
  stage: text(
    '`temporary`, `user` (`@~`) or the name of a stage. Without the right to create stages, `temporary` falls back to `user`.',
    {
      default: 'temporary',
    },
  ),
  clean_up_batch_files: flag(
    'Remove the files of BATCH messages once they are loaded, where they lie under `batch_config.storage.root`.',
    true,
  ),
  batch_config: object(
    { storage: object({ root: text('A folder, as a path or a file:// address.') }) },
    {
      description:
        'Where the tap was told to write the files of BATCH messages: `storage.root`. Files elsewhere are read, too, but never removed.',
    },
  ),
  faker_config: unused(
    'Accepted and not needed: maps here have no `fake`, and an expression that names it is refused.',
  ),
  ingestion_method: choice(
    'Only file_staging is there; snowpipe_streaming is refused.',
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
