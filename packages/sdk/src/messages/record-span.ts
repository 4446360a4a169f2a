import type { JsonObject } from '../json/json-value.js';
import { parseJson, type ExactnessTest } from '../json/lossless.js';

/** Where the text of a record is in the text of its message, in characters: `[start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What may follow the record in a RECORD message when the quick way is to be safe: whole scalar properties, no brace. */
const AFTER_RECORD = /^(?:\s*,\s*"(?:version|time_extracted|type|stream)"\s*:\s*(?:"[^"\\]*"|-?\d+|null))*\s*$/;

/** What stands around the record in the messages of a stream, as it was the last time. */
interface Frame {
  readonly prefix: string;
  readonly prefixBytes: number;
  /** From the brace that ends the message, or from a comma before it. */
  suffix: string;
  suffixBytes: number;
}

/** Text that names nothing but type and stream is the same before every record of a stream. */
const BEFORE_RECORD =
  /^\s*\{\s*"(?:type|stream)"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*"(?:type|stream)"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*"record"\s*:\s*$/;

/**
 * Finds the record inside the lines of valid RECORD messages, so that it can be passed on as it came.
 *
 * The quick way: a producer writes the same text before every record of a stream, and mostly the same after it, so both are remembered; the
 * end is found from the back. From the back it is unambiguous when the message has no other object or list in it and no second property
 * named `record`: in valid JSON a brace followed by whole scalar properties and the final brace stands outside every string. There is no
 * second one where that brace is the first after the record's beginning. Otherwise the message is scanned.
 */
export class RecordFinder {
  readonly #frames = new Map<string, Frame>();

  /**
   * @param text the line `buffer[start, end)` decoded: a whole RECORD message that `JSON.parse` accepted, with an object as its record
   * @param plain whether the message has no object or list beside the record
   */
  find(text: string, stream: string, plain: boolean, { buffer, start, end }: RecordBytes): RecordBytes | undefined {
    const frame = this.#frames.get(stream);
    if (plain && frame && text.startsWith(frame.prefix) && endsSoundly(text, frame))
      return { buffer, start: start + frame.prefixBytes, end: end - frame.suffixBytes };
    const span = findProperty(text, 'record');
    if (!span) return undefined;
    const prefix = text.slice(0, span.start);
    const found = spanToBytes(span, text, { buffer, start, end });
    if (BEFORE_RECORD.test(prefix))
      this.#frames.set(stream, { prefix, prefixBytes: found.start - start, suffix: '', suffixBytes: 0 });
    return found;
  }
}

/** Whether the record that begins after the frame's prefix ends where the frame's suffix begins; the suffix is brought up to date. */
function endsSoundly(text: string, frame: Frame): boolean {
  const from = frame.prefix.length;
  if (text.charCodeAt(from) !== OPENING_BRACE) return false;
  const sameSuffix = frame.suffix !== '' && text.endsWith(frame.suffix);
  const recordEnd = sameSuffix ? text.length - frame.suffix.length : recordEndFromBack(text);
  if (recordEnd === undefined || text.charCodeAt(recordEnd - 1) !== CLOSING_BRACE) return false;
  if (text.indexOf('}', from) !== recordEnd - 1 && mayNameRecordAgain(text, from)) return false;
  if (!sameSuffix) {
    frame.suffix = text.slice(recordEnd);
    frame.suffixBytes = Buffer.byteLength(frame.suffix);
  }
  return true;
}

const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * Whether `record` may be the name of another property, inside the record or after it; JSON may also spell a name in escapes.
 * The end of the word is searched for: a search that starts with a quotation mark stops at every string.
 */
function mayNameRecordAgain(text: string, from: number): boolean {
  return (
    text.includes('cord"', from) ||
    (text.includes('\\u', from) && (text.includes('\\u006', from) || text.includes('\\u007', from)))
  );
}

function recordEndFromBack(text: string): number | undefined {
  const close = text.lastIndexOf('}');
  const recordClose = text.lastIndexOf('}', close - 1);
  if (recordClose === close - 1) return close;
  return AFTER_RECORD.test(text.slice(recordClose + 1, close)) ? recordClose + 1 : undefined;
}

/** Walks the own properties of an object in valid JSON; the last one of a name counts, as it does for `JSON.parse`. */
export function findProperty(text: string, name: string): Span | undefined {
  let found: Span | undefined;
  let position = text.indexOf('{') + 1;
  for (;;) {
    const keyStart = text.indexOf('"', position);
    if (keyStart === -1) return found;
    const keyEnd = stringEnd(text, keyStart);
    const start = skipSpace(text, text.indexOf(':', keyEnd) + 1);
    const end = valueEnd(text, start);
    if ((JSON.parse(text.slice(keyStart, keyEnd)) as string) === name) found = { start, end };
    const next = skipSpace(text, end);
    if (text[next] !== ',') return found;
    position = next + 1;
  }
}

function skipSpace(text: string, from: number): number {
  let i = from;
  while (text[i] === ' ' || text[i] === '\t' || text[i] === '\r' || text[i] === '\n') i += 1;
  return i;
}

/** The index after the string that starts at `from`. */
function stringEnd(text: string, from: number): number {
  let i = text.indexOf('"', from + 1);
  while (isEscaped(text, i)) i = text.indexOf('"', i + 1);
  return i + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

/** The index after the value that starts at `from`. */
function valueEnd(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return stringEnd(text, from);
  if (first !== '{' && first !== '[') {
    let i = from;
    while (i < text.length && !',}] \t\r\n'.includes(text.charAt(i))) i += 1;
    return i;
  }
  let depth = 0;
  let i = from;
  do {
    const c = text[i];
    if (c === '"') i = stringEnd(text, i);
    else {
      if (c === '{' || c === '[') depth += 1;
      else if (c === '}' || c === ']') depth -= 1;
      i += 1;
    }
  } while (depth > 0);
  return i;
}

/** The JSON of a record inside a line of bytes: `buffer[start, end)`. The bytes are valid until the next chunk is read: copy them. */
export interface RecordBytes {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
}

/** The text of a record's bytes. */
export function textOf({ buffer, start, end }: RecordBytes): string {
  return buffer.toString('utf8', start, end);
}

/** Turns a span of characters into one of bytes; `text` is the line `buffer[start, end)` decoded. */
function spanToBytes(span: Span, text: string, { buffer, start, end }: RecordBytes): RecordBytes {
  if (text.length === end - start) return { buffer, start: start + span.start, end: start + span.end };
  const before = Buffer.byteLength(text.slice(0, span.start));
  const after = Buffer.byteLength(text.slice(span.end));
  return { buffer, start: start + before, end: end - after };
}

/** A record as the message's reader hands it on. */
export interface RecordLine {
  readonly stream: string;
  /** The record as doubles and strings; use `bytes` where every digit counts. */
  readonly record: JsonObject;
  readonly version: number | undefined;
  readonly timeExtracted: string | undefined;
  /** The line of input, counted from 1. */
  readonly line: number;
  readonly bytes: RecordBytes;
  /** Whether a value of the record is sure to say all that its text says; otherwise {@link exactRecord} does. */
  readonly isExact: ExactnessTest;
}

/** A record with all digits of its numbers. */
export function exactRecord({ record, bytes, isExact }: Pick<RecordLine, 'record' | 'bytes' | 'isExact'>): JsonObject {
  return isExact(record) ? record : (parseJson(textOf(bytes)) as JsonObject);
}
