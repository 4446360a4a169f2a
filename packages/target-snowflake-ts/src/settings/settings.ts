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

const streamOverride = object(
  {
    schema: text('The schema, taken as it is.'),
    table: text('The table, taken as it is.'),
    load_method: choice('As `load_method`.', LOAD_METHODS),
    hard_delete: boolean({ description: 'As `hard_delete`.' }),
    ignore_older: boolean({ description: 'As `ignore_older`.' }),
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
    'When a column cannot hold what a new schema describes: convert (make a column that can, fill it from the old one, swap) or refuse and say what to run.',
    ['convert', 'refuse'],
    { default: 'convert' },
  ),
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
  hard_delete: flag('Whether ACTIVATE_VERSION deletes rows, instead of marking them in _SDC_DELETED_AT.', false),
  process_activate_version_messages: flag('Whether ACTIVATE_VERSION is obeyed.', true),
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
  load_ledger: flag('Keep the table _SDC_LOAD_LEDGER: a row per cut and stream, in the same transaction.', true),
  max_record_bytes: count('The longest record taken; Snowflake reads each into a VARIANT first.', 16_777_216),
  batch_size_rows: count('Records of all streams together that make a cut.', 500_000),
  batch_size_bytes: count('Bytes of records of all streams together that make a cut.', 536_870_912),
  batch_max_age_seconds: count('How long a record may wait for its cut.', 300),
  file_size_bytes: count('Compressed size at which a file is closed and the next one begun.', 134_217_728, 1024),
  max_disk_bytes: count('Compressed bytes waiting on disk at which reading pauses.', 4_294_967_296, 1_048_576),
  parallelism: count(
    'Statements and uploads of different streams at a time. The transaction itself runs one statement after the other.',
    8,
  ),
  spool_directory: text("Where files wait. Default: the system's folder for temporary files."),
  stage: text(
    '`temporary`, `user` (`@~`) or the name of a stage. Without the right to create stages, `temporary` falls back to `user`.',
    {
      default: 'temporary',
    },
  ),
  clean_up_batch_files: flag('Remove the files of BATCH messages once they are loaded.', true),
  batch_config: unused(
    'Accepted and not needed: this target reads BATCH files as they are and chooses its own files by file_size_bytes.',
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
