import { UsageError } from '../errors/usage-error.js';
import { isJsonObject } from '../json/json-value.js';
import type { JsonSchema } from '../schema/json-schema.js';

/** Metadata of one node of a stream's schema, as the Singer catalog has it. */
export interface CatalogMetadata {
  /** Empty for the stream, `["properties", "name", …]` for a property. */
  breadcrumb: string[];
  metadata: {
    inclusion?: 'available' | 'automatic' | 'unsupported';
    selected?: boolean;
    'selected-by-default'?: boolean;
    'table-key-properties'?: string[];
    'valid-replication-keys'?: string[];
    'forced-replication-method'?: string;
    'replication-method'?: string;
    'replication-key'?: string;
    [key: string]: unknown;
  };
}

/** A stream in a catalog. */
export interface CatalogEntry {
  stream: string;
  tap_stream_id: string;
  schema: JsonSchema;
  key_properties?: string[];
  replication_key?: string;
  replication_method?: string;
  metadata?: CatalogMetadata[];
}

/** What `--discover` prints and `--catalog` reads. */
export interface Catalog {
  streams: CatalogEntry[];
}

/** What a catalog entry is made from. */
export interface StreamDescription {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly primaryKeys: readonly string[];
  readonly replicationKey?: string | undefined;
  readonly replicationMethod: ReplicationMethod;
  readonly selectedByDefault?: boolean | undefined;
}

export type ReplicationMethod = 'INCREMENTAL' | 'FULL_TABLE' | 'LOG_BASED';

/** Describes a stream for `--discover`: keys are automatic, everything else is available and selected by default. */
export function describeStream(stream: StreamDescription): CatalogEntry {
  const { name, schema, primaryKeys, replicationKey, replicationMethod, selectedByDefault = true } = stream;
  const automatic = new Set([...primaryKeys, ...(replicationKey === undefined ? [] : [replicationKey])]);
  return {
    stream: name,
    tap_stream_id: name,
    schema,
    key_properties: [...primaryKeys],
    ...(replicationKey === undefined ? {} : { replication_key: replicationKey }),
    replication_method: replicationMethod,
    metadata: [
      {
        breadcrumb: [],
        metadata: {
          inclusion: 'available',
          'selected-by-default': selectedByDefault,
          selected: selectedByDefault,
          'table-key-properties': [...primaryKeys],
          'valid-replication-keys': replicationKey === undefined ? [] : [replicationKey],
          'forced-replication-method': replicationMethod,
        },
      },
      ...Object.keys(schema.properties ?? {}).map((property): CatalogMetadata => ({
        breadcrumb: ['properties', property],
        metadata: automatic.has(property)
          ? { inclusion: 'automatic' }
          : { inclusion: 'available', 'selected-by-default': true },
      })),
    ],
  };
}

/** @throws {UsageError} when the value is no catalog */
export function parseCatalog(value: unknown): Catalog {
  if (!isJsonObject(value) || !Array.isArray(value['streams'])) {
    throw new UsageError({ message: 'the catalog must be an object with a list "streams"; make one with --discover' });
  }
  const streams = value['streams'] as unknown[];
  for (const entry of streams) {
    if (
      !isJsonObject(entry) ||
      typeof (entry['tap_stream_id'] ?? entry['stream']) !== 'string' ||
      !isJsonObject(entry['schema'])
    ) {
      throw new UsageError({
        message: 'each stream of the catalog needs "tap_stream_id" and "schema"; make one with --discover',
      });
    }
  }
  return { streams: streams as CatalogEntry[] };
}
