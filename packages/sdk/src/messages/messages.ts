import type { JsonObject } from '../json/json-value.js';
import type { JsonSchema } from '../schema/json-schema.js';

// The messages of the Singer specification (v0.3) with the extensions that Meltano's plugins share:
// ACTIVATE_VERSION (Stitch) and BATCH (Meltano SDK). Property names are those of the wire.

/** Describes a stream; comes before its records and again when it changes. */
export interface SchemaMessage {
  type: 'SCHEMA';
  stream: string;
  schema: JsonSchema;
  /** The properties that identify a record; empty for a stream without a key. */
  key_properties: string[];
  /** The replication key, if the stream has one. */
  bookmark_properties?: string[];
}

/** One record of a stream. */
export interface RecordMessage {
  type: 'RECORD';
  stream: string;
  record: JsonObject;
  /** The version of the table this record belongs to. */
  version?: number;
  /** When the record was read from the source, RFC 3339. */
  time_extracted?: string;
}

/** A checkpoint: whatever came before it need not be read again once it is loaded. */
export interface StateMessage {
  type: 'STATE';
  value: unknown;
}

/** From here on only records of this version belong to the table. */
export interface ActivateVersionMessage {
  type: 'ACTIVATE_VERSION';
  stream: string;
  version: number;
}

/** Records in files instead of lines. */
export interface BatchMessage {
  type: 'BATCH';
  stream: string;
  /** Without a compression the files themselves say whether they are gzipped. */
  encoding: { format: 'jsonl'; compression?: 'gzip' | 'none' };
  /** `file://` addresses, or plain paths, of the files. */
  manifest: string[];
}

export type Message = SchemaMessage | RecordMessage | StateMessage | ActivateVersionMessage | BatchMessage;
