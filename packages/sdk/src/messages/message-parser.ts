import { ProtocolError } from '../errors/protocol-error.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { mayLoseDigits, parseJson } from '../json/lossless.js';
import { isWellFormedJson } from '../json/well-formed.js';
import type { ActivateVersionMessage, BatchMessage, SchemaMessage, StateMessage } from './messages.js';
import { RecordFinder, spanToBytes, type RecordBytes, type RecordLine } from './record-span.js';

/** Receives messages in the order of the input. */
export interface MessageHandler {
  schema(message: SchemaMessage, line: number): void;
  record(record: RecordLine): void;
  state(message: StateMessage, line: number): void;
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
    const text = buffer.toString('utf8', start, end);
    const message = this.#parseText(text, line);
    switch (message['type']) {
      case 'RECORD':
        return this.handler.record(this.#record(message, text, buffer, start, end, line));
      case 'SCHEMA':
        return this.handler.schema(checkSchema(message, line), line);
      case 'STATE':
        // Values in a state may be longer than a double holds: it must come out as it went in.
        if (!('value' in message)) return refuse(line, 'STATE has no "value"');
        return this.handler.state({ type: 'STATE', value: (parseJson(text) as { value: unknown }).value }, line);
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

  #parseText(text: string, line: number): Record<string, unknown> {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch (cause) {
      throw new ProtocolError({
        message: `line ${String(line)} is not valid JSON; is all that writes to this pipe a Singer tap?`,
        line,
        cause,
      });
    }
    if (!isJsonObject(message)) return refuse(line, 'a Singer message is a JSON object');
    if (!isWellFormedJson(text, message))
      return refuse(line, 'a string holds half of a surrogate pair, which is no character');
    return message;
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
    const span = this.#finder.find(text, stream, isPlain(message));
    if (!span) return refuse(line, `RECORD of stream "${stream}" has no "record" object`);
    return new ParsedRecord(
      stream,
      record,
      typeof version === 'number' ? version : undefined,
      typeof timeExtracted === 'string' ? timeExtracted : undefined,
      line,
      spanToBytes(span, text, buffer, start, end),
      text,
    );
  }
}

/** A record of one shape for all streams, so that what reads it stays fast. */
class ParsedRecord implements RecordLine {
  readonly #text: string;

  constructor(
    readonly stream: string,
    readonly record: JsonObject,
    readonly version: number | undefined,
    readonly timeExtracted: string | undefined,
    readonly line: number,
    readonly bytes: RecordBytes,
    text: string,
  ) {
    this.#text = text;
  }

  /** A search through the whole line, so only for those who ask. */
  get mayLoseDigits(): boolean {
    return mayLoseDigits(this.#text);
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
  const { stream, schema, key_properties: keys = [], bookmark_properties: bookmarks } = message;
  if (typeof stream !== 'string' || stream === '') return refuse(line, 'SCHEMA has no "stream"');
  if (!isJsonObject(schema)) return refuse(line, `SCHEMA of stream "${stream}" has no "schema" object`);
  if (!isJsonObject(schema['properties']))
    return refuse(line, `SCHEMA of stream "${stream}" describes no "properties"; a stream's records are objects`);
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
  const { format, compression } = isJsonObject(encoding) ? encoding : {};
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
