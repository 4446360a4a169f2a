import type { JsonSchema } from '@singer-io-ts/sdk';

const text = (description: string, more: JsonSchema = {}): JsonSchema => ({ type: 'string', description, ...more });
const secret = (description: string): JsonSchema => text(description, { secret: true, writeOnly: true });
const flag = (description: string, fallback: boolean): JsonSchema => ({
  type: 'boolean',
  description,
  default: fallback,
});
const count = (description: string, fallback: number, minimum = 1): JsonSchema => ({
  type: 'integer',
  description,
  default: fallback,
  minimum,
});
const choice = (description: string, values: string[], more: JsonSchema = {}): JsonSchema =>
  text(description, { enum: values, ...more });
const sql = (description: string): JsonSchema => ({
  type: ['string', 'array'],
  items: { type: 'string' },
  description,
});

const LOAD_METHODS = ['upsert', 'append-only', 'overwrite'];
const HOOK_NAMES = '`{table}`, `{schema}`, `{database}`, `{stream}`, `{run_id}` stand for the quoted names';

const connection: Record<string, JsonSchema> = {
  account: text(
    'The account identifier, such as `myorg-myaccount`; the part of the address before `.snowflakecomputing.com`.',
  ),
  user: text('The login name. Not needed with OAuth, access tokens and workload identity.'),
  database: text('The database that holds the tables.'),
  schema: text('The schema of streams whose name does not name one.'),
  warehouse: text("The warehouse that loads. Default: the user's."),
  role: text("The role that owns what is made. Default: the user's."),
  host: text('Another host than the account says, for private links and the local Snowflake.'),
  port: { type: 'integer', description: 'The port of `host`.', minimum: 1, maximum: 65_535 },
  protocol: choice('`http` only for a local Snowflake.', ['https', 'http'], { default: 'https' }),
  login_timeout_seconds: count('How long signing in may take in all.', 60),
  statement_timeout_seconds: count('How long one statement may take in all, waiting for the warehouse included.', 3600),
  upload_timeout_seconds: count('How long the upload of one file may take in all.', 900),
  lock_timeout_seconds: count(
    "How long to wait for another run's lock. The locks of a killed run can last ten minutes.",
    900,
  ),
  max_retries: count('How often a failed step is tried again when trying again can help.', 4, 0),
  query_tag: text('The QUERY_TAG of the session. Default: JSON with the names of app and run.'),
  session_parameters: {
    type: 'object',
    description: 'More session parameters by name. What the load depends on cannot be changed here.',
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  },
  proxy_host: text('The host of an HTTP proxy. Default: the environment variables HTTPS_PROXY and NO_PROXY.'),
  proxy_port: { type: 'integer', description: 'The port of the proxy.', minimum: 1, maximum: 65_535 },
  proxy_user: text('The user of the proxy.'),
  proxy_password: secret('The password of the proxy.'),
  proxy_protocol: choice('How the proxy is reached.', ['http', 'https']),
  no_proxy: text('Hosts that are reached without the proxy, separated by `|`.'),
};

const signIn: Record<string, JsonSchema> = {
  authenticator: text(
    'How to sign in: snowflake_jwt (key pair), oauth, oauth_client_credentials, programmatic_access_token, workload_identity, externalbrowser, ' +
      'snowflake (password) or an Okta URL. Default: what the settings allow, in this order.',
  ),
  private_key: secret('The private key for key pair sign-in: PEM, or the base64 of PEM or DER.'),
  private_key_path: text('A file with the private key, PEM or DER.'),
  private_key_passphrase: secret('The passphrase of an encrypted private key.'),
  oauth_access_token: secret('An OAuth access token.'),
  oauth_client_id: text('The client of the OAuth client credentials flow.'),
  oauth_client_secret: secret('The secret of the OAuth client credentials flow.'),
  oauth_token_request_url: text('Where the client credentials flow gets its token. Default: the account.'),
  oauth_scope: text('The scope asked for in the client credentials flow. Default: from the role.'),
  programmatic_access_token: secret('A programmatic access token of the user.'),
  workload_identity_provider: choice('Sign in as the workload that this runs in.', ['AWS', 'AZURE', 'GCP', 'OIDC']),
  workload_identity_token: secret('The token of workload identity provider OIDC.'),
  use_browser_authentication: flag('Sign in with the browser, for people.', false),
  password: secret('The password. Most accounts refuse sign-in by password alone; prefer a key pair.'),
};

const tables: Record<string, JsonSchema> = {
  default_target_schema: text('The schema of all streams, whatever their names say.'),
  use_raw_stream_names: flag('Do not take `schema-table` stream names apart.', false),
  normalise_casing: flag('Make names snake_case before they become upper case.', false),
  quoted_identifiers_ignore_case: flag(
    'Sets the session parameter QUOTED_IDENTIFIERS_IGNORE_CASE. New names are upper case with both values; existing ones match in any case.',
    false,
  ),
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
    additionalProperties: {
      type: 'object',
      additionalProperties: false,
      properties: {
        schema: text('The schema, taken as it is.'),
        table: text('The table, taken as it is.'),
        load_method: choice('As `load_method`.', LOAD_METHODS),
        hard_delete: { type: 'boolean', description: 'As `hard_delete`.' },
        ignore_older: { type: 'boolean', description: 'As `ignore_older`.' },
        pre_load_sql: sql('As `pre_load_sql`.'),
        post_load_sql: sql('As `post_load_sql`.'),
      },
    },
  },
};

const loading: Record<string, JsonSchema> = {
  load_method: choice(
    'upsert: one row per key, the newest; append-only: a row per record; overwrite: the run replaces the table, at its end and at once.',
    LOAD_METHODS,
    { default: 'upsert' },
  ),
  hard_delete: flag('Whether ACTIVATE_VERSION deletes rows, instead of marking them in _SDC_DELETED_AT.', false),
  process_activate_version_messages: flag('Whether ACTIVATE_VERSION is obeyed.', true),
  ignore_older: flag('Whether a record whose replication key is older than the row in the table is skipped.', true),
  validate_records: flag('Whether records are checked against their schema.', true),
  load_ledger: flag('Keep the table _SDC_LOAD_LEDGER: a row per cut and stream, in the same transaction.', true),
  max_record_bytes: count('The longest record taken; Snowflake reads each into a VARIANT first.', 16_777_216),
  batch_size_rows: count('Records of all streams together that make a cut.', 500_000),
  batch_size_bytes: count('Bytes of records of all streams together that make a cut.', 536_870_912),
  batch_max_age_seconds: count('How long a record may wait for its cut.', 300),
  file_size_bytes: count('Compressed size at which a file is closed and the next one begun.', 134_217_728, 1024),
  max_disk_bytes: count('Compressed bytes waiting on disk at which reading pauses.', 4_294_967_296, 1_048_576),
  upload_concurrency: count('Files uploaded at a time.', 4),
  spool_directory: text("Where files wait. Default: the system's folder for temporary files."),
  stage: text(
    '`temporary`, `user` (`@~`) or the name of a stage. Without the right to create stages, `temporary` falls back to `user`.',
    {
      default: 'temporary',
    },
  ),
  clean_up_batch_files: flag('Remove the files of BATCH messages once they are loaded.', true),
  batch_config: {
    type: 'object',
    description:
      'Accepted and not needed: this target reads BATCH files as they are and chooses its own files by file_size_bytes.',
  },
  faker_config: {
    type: 'object',
    description: 'Accepted and not needed: maps here have no `fake`, and an expression that names it is refused.',
  },
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

/** Every setting with its description and default, in the order in which `--about` lists them. */
export const settings: Record<string, JsonSchema> = { ...connection, ...signIn, ...tables, ...loading };
