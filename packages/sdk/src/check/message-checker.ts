import { Buffer } from 'node:buffer';
import { ProtocolError } from '../errors/protocol-error.js';
import { SingerError } from '../errors/singer-error.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { LineSplitter } from '../messages/line-splitter.js';
import { MessageParser } from '../messages/message-parser.js';
import type { ActivateVersionMessage, SchemaMessage, StateMessage } from '../messages/messages.js';
import type { RecordLine } from '../messages/record-span.js';
import { compileRecordValidator, type RecordValidator } from '../schema/record-validator.js';
import { compareReplicationValues, isReplicationValue, type ReplicationValue } from '../state/compare-values.js';

const MAX_LINE_BYTES = 128 * 1024 * 1024;

/** Something wrong with a message. */
export interface Problem {
  /** The line of input, counted from 1; undefined for the input as a whole. */
  readonly line: number | undefined;
  /** One sentence, without any value of a record. */
  readonly message: string;
}

interface CheckedStream {
  readonly schema: SchemaMessage;
  readonly properties: ReadonlySet<string>;
  readonly allowsOthers: boolean;
  readonly validate: RecordValidator | undefined;
  readonly undeclared: Set<string>;
  version: number | undefined;
}

/**
 * Checks Singer messages as they come: JSON, types, order, schemas, keys, records against schemas, versions, bookmarks.
 * Goes on after a problem, so that one look shows all of them; only what is not UTF-8, or endless, ends it.
 */
export class MessageChecker {
  readonly problems: Problem[] = [];
  readonly #splitter: LineSplitter;
  readonly #streams = new Map<string, CheckedStream>();
  readonly #bookmarks = new Map<string, ReplicationValue>();
  #messages = 0;
  #ended = false;
  #recordsAfterState = 0;
  #states = 0;
  #lastState: unknown;

  constructor() {
    const parser = new MessageParser({
      schema: (message, line) => this.#schema(message, line),
      record: (record) => this.#record(record),
      state: (message, line) => this.#state(message, line),
      activateVersion: (message, line) => this.#activateVersion(message, line),
      batch: ({ stream }, line) => void this.#known(stream, 'BATCH', line),
    });
    this.#splitter = new LineSplitter({
      maxLineBytes: MAX_LINE_BYTES,
      onLine: (buffer, start, end, line) => {
        this.#messages += 1;
        this.#guard(() => parser.parse(buffer, start, end, line));
      },
    });
  }

  push(chunk: Buffer | string): void {
    if (this.#ended) return;
    try {
      this.#splitter.push(Buffer.from(chunk));
    } catch (error) {
      this.#ended = true;
      this.#keep(error);
    }
  }

  /** Checks what can be told only at the end. */
  end(): readonly Problem[] {
    if (!this.#ended) this.#guard(() => this.#splitter.end());
    if (this.#messages === 0) this.#add(undefined, 'there is no message');
    if (this.#states > 0 && this.#recordsAfterState > 0) {
      this.#add(
        undefined,
        `${String(this.#recordsAfterState)} records come after the last STATE: no later run will know that they were sent`,
      );
    }
    for (const [stream, bookmark] of bookmarksOf(this.#lastState)) {
      if (holdsProgressMarkers(bookmark)) {
        this.#add(undefined, `the last STATE holds progress markers of stream "${stream}": it was not finalised`);
      }
    }
    return this.problems;
  }

  #schema(message: SchemaMessage, line: number): void {
    const { stream, schema, key_properties: keys, bookmark_properties: bookmarks = [] } = message;
    const properties = new Set(Object.keys(schema.properties ?? {}));
    for (const [kind, names] of [
      ['key', keys],
      ['bookmark', bookmarks],
    ] as const) {
      for (const name of names) {
        if (!properties.has(name))
          this.#add(line, `SCHEMA of stream "${stream}" names ${kind} property "${name}", which it does not describe`);
      }
    }
    let validate: RecordValidator | undefined;
    this.#guard(() => {
      validate = compileRecordValidator(stream, schema);
    }, line);
    const before = this.#streams.get(stream);
    this.#streams.set(stream, {
      schema: message,
      properties,
      allowsOthers: isJsonObject(schema.additionalProperties) || schema['patternProperties'] !== undefined,
      validate,
      undeclared: new Set(),
      version: before?.version,
    });
  }

  #record({ stream, record, line, version, timeExtracted }: RecordLine): void {
    const known = this.#known(stream, 'RECORD', line);
    this.#recordsAfterState += 1;
    if (!known) return;
    this.#guard(() => known.validate?.(record, line));
    for (const key of known.schema.key_properties) {
      if (record[key] === undefined || record[key] === null)
        this.#add(line, `record of stream "${stream}" has no value in its key property "${key}"`);
    }
    for (const name of Object.keys(record)) {
      if (known.properties.has(name) || known.allowsOthers || known.undeclared.has(name)) continue;
      // Said once for each property: it would be the same for every record.
      known.undeclared.add(name);
      this.#add(line, `record of stream "${stream}" has property "${name}", which its SCHEMA does not describe`);
    }
    if (version !== undefined) {
      if (known.version !== undefined && version < known.version)
        this.#add(line, `record of stream "${stream}" has a version older than the one before`);
      known.version = Math.max(known.version ?? version, version);
    }
    if (timeExtracted !== undefined && Number.isNaN(Date.parse(timeExtracted)))
      this.#add(line, `record of stream "${stream}" has a time_extracted that is no time`);
  }

  #activateVersion({ stream, version }: ActivateVersionMessage, line: number): void {
    const known = this.#known(stream, 'ACTIVATE_VERSION', line);
    if (known?.version !== undefined && version < known.version)
      this.#add(line, `ACTIVATE_VERSION of stream "${stream}" is older than the version of its records`);
  }

  #state({ value }: StateMessage, line: number): void {
    this.#states += 1;
    this.#recordsAfterState = 0;
    this.#lastState = value;
    if (!isJsonObject(value)) return this.#add(line, 'STATE holds no object');
    for (const [stream, bookmark] of bookmarksOf(value)) {
      const reached = bookmark['replication_key_value'];
      if (!isReplicationValue(reached)) continue;
      const before = this.#bookmarks.get(stream);
      if (before !== undefined && compareReplicationValues(reached, before) < 0)
        this.#add(line, `the bookmark of stream "${stream}" goes back`);
      this.#bookmarks.set(stream, reached);
    }
  }

  #known(stream: string, type: string, line: number): CheckedStream | undefined {
    const known = this.#streams.get(stream);
    if (!known) this.#add(line, `${type} of stream "${stream}" comes before its SCHEMA`);
    return known;
  }

  #guard(check: () => void, line?: number): void {
    try {
      check();
    } catch (error) {
      this.#keep(error, line);
    }
  }

  #keep(error: unknown, line?: number): void {
    if (!SingerError.isInstance(error)) throw error;
    const own = 'line' in error && typeof error.line === 'number' ? error.line : line;
    this.#add(
      own,
      ProtocolError.isInstance(error) || own !== undefined ? error.message.replace(/^line \d+:? /, '') : error.message,
    );
  }

  #add(line: number | undefined, message: string): void {
    this.problems.push({ line, message });
  }
}

function bookmarksOf(state: unknown): [string, JsonObject][] {
  const bookmarks = isJsonObject(state) ? state['bookmarks'] : undefined;
  if (!isJsonObject(bookmarks)) return [];
  return Object.entries(bookmarks).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]));
}

function holdsProgressMarkers(bookmark: JsonObject): boolean {
  const { progress_markers: own, partitions } = bookmark;
  return (
    own !== undefined ||
    (Array.isArray(partitions) &&
      partitions.some((part) => isJsonObject(part) && part['progress_markers'] !== undefined))
  );
}
