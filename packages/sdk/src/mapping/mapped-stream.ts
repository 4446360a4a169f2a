import type { JsonObject } from '../json/json-value.js';
import type { SchemaMessage } from '../messages/messages.js';

/** One of the streams that a stream map makes of a stream. */
export interface MappedStream {
  /** Its SCHEMA. */
  readonly message: Omit<SchemaMessage, 'type'>;
  /** Makes its record of a record; undefined when the record is filtered out. The record given is not changed. */
  map(record: JsonObject): JsonObject | undefined;
}

/** Turns a stream into what is made of it; undefined where it passes as it is. */
export type StreamMapper = (message: Omit<SchemaMessage, 'type'>) => readonly MappedStream[] | undefined;
