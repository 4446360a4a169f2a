import type { JsonObject } from '../json/json-value.js';

/** Where the text of a record stands in the text of its message, in characters: `[start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What may follow the record in a RECORD message when the quick way is to be safe: whole scalar properties, no brace. */
const AFTER_RECORD = /^(?:\s*,\s*"(?:version|time_extracted|type|stream)"\s*:\s*(?:"[^"\\]*"|-?\d+|null))*\s*$/;

/**
 * Finds the text of the record inside valid RECORD messages, so that it can be passed on as it came.
 *
 * The quick way: a producer writes the same text before every record of a stream, so that text is remembered, and
 * the end is found from the back. From the back it is unambiguous when the message has no other object or list in it
 * and no second property named `record`: in valid JSON a brace followed by whole scalar properties and the final brace
 * stands outside every string. Otherwise the message is scanned.
 */
export class RecordFinder {
  readonly #prefixes = new Map<string, string>();

  /**
   * @param text a whole RECORD message that `JSON.parse` accepted, with an object as its record
   * @param plain whether the message has no object or list beside the record
   */
  find(text: string, stream: string, plain: boolean): Span | undefined {
    const prefix = this.#prefixes.get(stream);
    if (plain && prefix !== undefined && text.startsWith(prefix) && !mayNameRecordAgain(text, prefix.length)) {
      const end = recordEndFromBack(text);
      if (end !== undefined) return { start: prefix.length, end };
    }
    const span = findProperty(text, 'record');
    // Only text that names nothing but type and stream is the same before every record.
    if (
      span &&
      /^\s*\{\s*"(?:type|stream)"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*"(?:type|stream)"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*"record"\s*:\s*$/.test(
        text.slice(0, span.start),
      )
    ) {
      this.#prefixes.set(stream, text.slice(0, span.start));
    }
    return span;
  }
}

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
export function spanToBytes(span: Span, text: string, buffer: Buffer, start: number, end: number): RecordBytes {
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
  /** The text of the whole line's record may hold numbers that doubles lose digits of. */
  readonly mayLoseDigits: boolean;
}
