import type { JsonSchema } from '@singer-io-ts/sdk';
import type { ConnectionConfig } from '@singer-io-ts/snowflake-session';
import { settings } from './settings.js';

/** How records reach the table. */
export type LoadMethod = 'upsert' | 'append-only' | 'overwrite';

/** What may differ for one stream; see `streams`. */
export interface StreamOverride {
  schema?: string;
  table?: string;
  load_method?: LoadMethod;
  hard_delete?: boolean;
  ignore_older?: boolean;
  pre_load_sql?: string | string[];
  post_load_sql?: string | string[];
}

/** The settings, checked and with defaults filled in. Each is described in `settings.ts`. */
export interface Config extends ConnectionConfig {
  max_retries: number;

  default_target_schema?: string;
  use_raw_stream_names: boolean;
  normalise_casing: boolean;
  streams?: Record<string, StreamOverride>;

  load_method: LoadMethod;
  hard_delete: boolean;
  process_activate_version_messages: boolean;
  ignore_older: boolean;
  add_record_metadata: boolean;
  load_ledger: boolean;
  validate_records: boolean;
  timestamp_type: 'TIMESTAMP_NTZ' | 'TIMESTAMP_TZ' | 'TIMESTAMP_LTZ';
  timestamp_ntz_policy: 'auto' | 'utc' | 'wall-clock';
  uuid_format?: 'native' | 'string';
  on_type_conflict: 'convert' | 'refuse';
  max_record_bytes: number;

  batch_size_rows: number;
  batch_size_bytes: number;
  batch_max_age_seconds: number;
  max_disk_bytes: number;
  file_size_bytes: number;
  upload_concurrency: number;
  spool_directory?: string;
  stage: string;
  clean_up_batch_files: boolean;
  ingestion_method: 'file_staging' | 'snowpipe_streaming';
  pre_load_sql?: string | string[];
  post_load_sql?: string | string[];
}

/** The settings' JSON Schema. */
export const configSchema: JsonSchema = {
  type: 'object',
  properties: settings,
  required: ['account', 'database'],
  additionalProperties: false,
};

/** A setting for one stream: the stream's own, else the common one. */
export function streamSetting<K extends keyof StreamOverride & keyof Config>(
  config: Config,
  stream: string,
  setting: K,
): Config[K] {
  const own = config.streams?.[stream]?.[setting];
  return own === undefined ? config[setting] : (own as Config[K]);
}
