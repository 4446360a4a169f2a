import { ProtocolError } from '../errors/protocol-error.js';
import { RecordError } from '../errors/record-error.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { exactnessOf, parseJson, type ExactnessTest } from '../json/lossless.js';
import { holdsOnlyWellFormed, isWellFormedJson } from '../json/well-formed.js';
import type { ActivateVersionMessage, BatchMessage, SchemaMessage, StateMessage } from './messages.js';
import { describeNotJson, refusedRecordIn } from './not-json.js';
import { isStackOverflow, tooDeep } from './too-deep.js';
import { findProperty, RecordFinder, type RecordBytes, type RecordLine } from './record-span.js';

/** Receives messages in the order of the input. */
export interface MessageHandler {
  /** @param source the stream of the input that this one is made of, where a stream map has changed its name */
  schema(message: SchemaMessage, line: number, source?: string): void;
  record(record: RecordLine): void;
  /** Told of a RECORD line that cannot be read, whole; without this, the run ends with the error's cause. */
  unreadable?(error: RecordError, line: RecordBytes): void;
  /** @param text the state's JSON as it came, for passing it on unchanged, however deep it is */
  state(message: StateMessage, line: number, text: string): void;
  activateVersion(message: ActivateVersionMessage, line: number): void;
  batch(message: BatchMessage, line: number): void;
}

/**
 * Turns lines of bytes into checked Singer messages. Each line is parsed once; records keep their bytes.
 * Unknown message types are refused: they could carry data.
 */
export class MessageParser {
  readonly #finder = new RecordFinder();

  constructor(private readonly handler: MessageHandler) {}

  /** @throws {ProtocolError} naming the line and what is wrong with it; never its content */
  parse(buffer: Buffer, start: number, end: number, line: number): void {
    try {
      this.#parse(buffer, start, end, line);
    } catch (error) {
      throw isStackOverflow(error) ? tooDeep(line, error) : error;
    }
  }

  #parse(buffer: Buffer, start: number, end: number, line: number): void {
    const text = buffer.toString('utf8', start, end);
    let message: Record<string, unknown>;
    let record: RecordLine | undefined;
    try {
      message = this.#parseText(text, line);
      if (message['type'] === 'RECORD') record = this.#record(message, text, buffer, start, end, line);
    } catch (error) {
      return this.#unreadable(error, text, { buffer, start, end }, line);
    }
    if (record) return this.handler.record(record);
    switch (message['type']) {
      case 'SCHEMA':
        return this.handler.schema(checkSchema(message, line), line);
      case 'STATE':
        if (!Object.hasOwn(message, 'value')) return refuse(line, 'STATE has no "value"');
        return this.#state(message['value'], text, line);
      case 'ACTIVATE_VERSION':
        return this.handler.activateVersion(checkActivateVersion(message, line), line);
      case 'BATCH':
        return this.handler.batch(checkBatch(message, line), line);
      default:
        return refuse(
          line,
          'the message has no "type" that Singer knows (SCHEMA, RECORD, STATE, ACTIVATE_VERSION, BATCH)',
        );
    }
  }

  /** A record that cannot be read may be put aside like one that does not fit; anything else ends the run. */
  #unreadable(error: unknown, text: string, bytes: RecordBytes, line: number): void {
    const of = this.handler.unreadable && ProtocolError.isInstance(error) ? refusedRecordIn(text) : undefined;
    if (!of || !ProtocolError.isInstance(error)) throw error;
    this.handler.unreadable?.(new RecordError({ ...of, message: error.message, line, cause: error }), bytes);
  }

  #parseText(text: string, line: number): Record<string, unknown> {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch (cause) {
      throw new ProtocolError({
        message: `line ${String(line)} ${describeNotJson(text)}`,
        line,
        cause,
      });
    }
    if (!isJsonObject(message)) return refuse(line, 'a Singer message is a JSON object');
    if (!isWellFormedJson(text, message))
      return refuse(line, `${placeOfHalf(message)}a string holds half of a surrogate pair, which is no character`);
    return message;
  }

  /** A state must come out as it went in, however long its numbers and however deep it is. */
  #state(asDoubles: unknown, message: string, line: number): void {
    const span = findProperty(message, 'value') ?? { start: 0, end: 0 };
    const text = message.slice(span.start, span.end);
    let value = asDoubles;
    try {
      value = parseJson(text);
    } catch (error) {
      if (!isStackOverflow(error)) throw error;
    }
    this.handler.state({ type: 'STATE', value }, line, text);
  }

  #record(
    message: Record<string, unknown>,
    text: string,
    buffer: Buffer,
    start: number,
    end: number,
    line: number,
  ): RecordLine {
    const { stream, record, version, time_extracted: timeExtracted } = message;
    if (typeof stream !== 'string') return refuse(line, 'RECORD has no "stream"');
    if (!isJsonObject(record)) return refuse(line, `RECORD of stream "${stream}" has no "record" object`);
    if (version !== undefined && version !== null && !Number.isSafeInteger(version))
      return refuse(line, `RECORD of stream "${stream}" has a "version" that is no integer`);
    const bytes = this.#finder.find(text, stream, isPlain(message), { buffer, start, end });
    if (!bytes) return refuse(line, `RECORD of stream "${stream}" has no "record" object`);
    return new ParsedRecord(
      stream,
      record,
      typeof version === 'number' ? version : undefined,
      typeof timeExtracted === 'string' ? timeExtracted : undefined,
      line,
      bytes,
      text,
    );
  }
}

/** A record of one shape for all streams, so that what reads it stays fast. */
class ParsedRecord implements RecordLine {
  readonly isExact: ExactnessTest;

  constructor(
    readonly stream: string,
    readonly record: JsonObject,
    readonly version: number | undefined,
    readonly timeExtracted: string | undefined,
    readonly line: number,
    readonly bytes: RecordBytes,
    text: string,
  ) {
    this.isExact = exactnessOf(text);
  }
}

/** Whether a RECORD message has no object or list beside the record. */
function isPlain(message: Record<string, unknown>): boolean {
  for (const name in message) {
    if (name !== 'record' && typeof message[name] === 'object' && message[name] !== null) return false;
  }
  return true;
}

function checkSchema(message: Record<string, unknown>, line: number): SchemaMessage {
  const { stream, schema, key_properties: keyList, bookmark_properties: bookmarks } = message;
  if (typeof stream !== 'string' || stream === '') return refuse(line, 'SCHEMA has no "stream"');
  if (!isJsonObject(schema)) return refuse(line, `SCHEMA of stream "${stream}" has no "schema" object`);
  const properties = schema['properties'] ?? {};
  if (!isJsonObject(properties))
    return refuse(line, `SCHEMA of stream "${stream}": "properties" must be an object of schemas by property`);
  // Taps of streams without a key leave it out, or send null.
  const keys = keyList ?? [];
  if (!isStringList(keys))
    return refuse(line, `SCHEMA of stream "${stream}": "key_properties" must be a list of property names`);
  // Some taps send null, or a single name.
  const bookmarkList = typeof bookmarks === 'string' ? [bookmarks] : (bookmarks ?? undefined);
  if (bookmarkList !== undefined && !isStringList(bookmarkList)) {
    return refuse(line, `SCHEMA of stream "${stream}": "bookmark_properties" must be a list of property names`);
  }
  return {
    type: 'SCHEMA',
    stream,
    schema: schema,
    key_properties: keys,
    ...(bookmarkList === undefined ? {} : { bookmark_properties: bookmarkList }),
  };
}

function checkActivateVersion({ stream, version }: Record<string, unknown>, line: number): ActivateVersionMessage {
  if (typeof stream !== 'string') return refuse(line, 'ACTIVATE_VERSION has no "stream"');
  if (typeof version !== 'number' || !Number.isSafeInteger(version))
    return refuse(line, `ACTIVATE_VERSION of stream "${stream}" has no integer "version"`);
  return { type: 'ACTIVATE_VERSION', stream, version };
}

function checkBatch({ stream, encoding, manifest }: Record<string, unknown>, line: number): BatchMessage {
  if (typeof stream !== 'string') return refuse(line, 'BATCH has no "stream"');
  if (!isStringList(manifest)) return refuse(line, `BATCH of stream "${stream}": "manifest" must be a list of files`);
  const { format, compression: named } = isJsonObject(encoding) ? encoding : {};
  const compression = named ?? undefined;
  if (format !== 'jsonl' || (compression !== undefined && compression !== 'gzip' && compression !== 'none')) {
    return refuse(line, `BATCH of stream "${stream}": only the encoding jsonl with compression gzip or none is read`);
  }
  return {
    type: 'BATCH',
    stream,
    encoding: { format, ...(compression === undefined ? {} : { compression }) },
    manifest,
  };
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function refuse(line: number, what: string): never {
  throw new ProtocolError({ message: `line ${String(line)}: ${what}`, line });
}

/** Names the stream and the property of a record with a string that is not well-formed; empty for another message. */
function placeOfHalf({ stream, record }: Record<string, unknown>): string {
  if (typeof stream !== 'string' || !holdsOnlyWellFormed(stream)) return '';
  const property = isJsonObject(record)
    ? Object.keys(record).find((name) => holdsOnlyWellFormed(name) && !holdsOnlyWellFormed(record[name]))
    : undefined;
  return `stream "${stream}"${property === undefined ? '' : `, property "${property}"`}: `;
}
