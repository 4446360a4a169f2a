import { isUtf8 } from 'node:buffer';
import type { BufferPool } from './buffer-pool.js';
import { PageBytes } from './page-bytes.js';
import type { Field, FieldTable } from './field-table.js';
import { scanInstant } from './scan-instant.js';
import type { Oddity, Row } from './page.js';
import { isCents, isNumberStart, skipString, skipValue } from './scan-json.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const N = 0x6e;
const TRUE = 0x74;
const FALSE = 0x66;
/** `null`, as four bytes are read. */
const NULL = 0x6c6c756e;

const TOTAL = Buffer.from('{"total":"');
const OBJECTS = Buffer.from('"objects":[');
const TOTAL_AFTER = Buffer.from('],"total":"');
const ID = Buffer.from('{"id":');
const OBJECT_NAME = Buffer.from(',"objectName":');

/**
 * Flattens a page without taking it apart: what stays as it is is copied as bytes, so every value keeps its exact text.
 *
 * It reads the one form in which the service writes a page, compact and in a usual order. Anything else makes it give up
 * (undefined), and `decodePage`, which is slower and says what is wrong, decides. For what it reads the two agree.
 */
export function scanPage(
  body: Buffer,
  fields: FieldTable,
  pool: BufferPool,
): { total: number; rows: Row[]; release: () => void } | undefined {
  if (!isUtf8(body)) return undefined;
  const scan = new PageScan(body, fields, pool);
  const page = scan.run();
  const release = (): void => pool.give(scan.body);
  if (page) return { ...page, release };
  release();
  return undefined;
}

class PageScan {
  #at = 0;
  readonly #out: PageBytes;
  readonly #rows: Row[] = [];
  readonly #view: DataView;
  /** The answer; scans end at the zero behind it. */
  readonly body: Buffer;

  constructor(
    body: Buffer,
    private readonly fields: FieldTable,
    pool: BufferPool,
  ) {
    this.#out = new PageBytes(body, pool);
    this.body = this.#out.bytes;
    this.#view = new DataView(this.body.buffer, this.body.byteOffset, this.body.length);
  }

  run(): { total: number; rows: Row[] } | undefined {
    let total = this.#take(TOTAL) ? this.#digits() : undefined;
    const early = total !== undefined;
    if (early && !this.#takeByte(COMMA)) return undefined;
    if (!early && !this.#takeByte(OPEN)) return undefined;
    if (!this.#take(OBJECTS)) return undefined;
    if (this.body[this.#at] !== CLOSE_LIST) {
      do if (!this.#object()) return undefined;
      while (this.#takeByte(COMMA));
    }
    if (early) {
      if (!this.#takeByte(CLOSE_LIST)) return undefined;
    } else {
      if (!this.#take(TOTAL_AFTER)) return undefined;
      total = this.#digits();
    }
    if (total === undefined || !this.#takeByte(CLOSE) || this.#at !== this.#out.end) return undefined;
    if (this.#out.full) return undefined;
    return { total, rows: this.#rows };
  }

  /** Digits and the quote that ends them. */
  #digits(): number | undefined {
    const start = this.#at;
    while (isDigit(this.body[this.#at])) this.#at += 1;
    const length = this.#at - start;
    if (length === 0 || length > 15 || !this.#takeByte(QUOTE)) return undefined;
    return Number(this.body.toString('latin1', start, start + length));
  }

  #object(): boolean {
    const { body, fields } = this;
    const view = this.#view;
    const out = this.#out;
    if (!this.#takeByte(OPEN)) return false;
    const row: Row = {
      id: '',
      created: undefined,
      updated: undefined,
      dated: undefined,
      parentId: undefined,
      odd: undefined,
      buffer: body,
      start: out.length,
      end: 0,
    };
    out.byte(OPEN);
    const first = out.length;
    // Neighbouring members that stay as they are are copied together.
    let spanStart = -1;
    let spanEnd = -1;
    let additional: [number, number][] | undefined;
    const copySpan = (): void => {
      if (spanStart < 0) return;
      if (out.length > first) out.byte(COMMA);
      out.copy(spanStart, spanEnd);
      spanStart = -1;
    };
    let field = fields.begin();
    do {
      const keyStart = this.#at;
      field = fields.at(body, view, keyStart, field);
      if (!field) return false;
      const valueStart = keyStart + field.key.length;
      const type = body[valueStart];
      // Nearly all values are text or null.
      const end =
        type === QUOTE
          ? skipString(body, valueStart)
          : type === N && view.getInt32(valueStart, true) === NULL
            ? valueStart + 4
            : skipValue(body, valueStart);
      if (end < 0) return false;
      this.#at = end;
      if (this.#fits(field.rule, type, valueStart, end)) {
        if (spanStart < 0) spanStart = keyStart;
        spanEnd = end;
        if (field.role !== undefined && !this.#note(row, field.role, valueStart, end)) return false;
      } else {
        copySpan();
        if (field.rule === 'additional') (additional ??= []).push([keyStart, end]);
        else if (field.rule !== 'excluded') {
          if (field.rule !== 'text' && field.rule !== 'reference') return false;
          if (out.length > first) out.byte(COMMA);
          const written =
            field.rule === 'text'
              ? this.#asText(row, field, keyStart, end)
              : this.#reference(row, field, valueStart, end);
          if (!written) return false;
        }
      }
      field = field.next;
    } while (this.#takeByte(COMMA));
    if (!this.#takeByte(CLOSE)) return false;
    copySpan();
    if (additional) this.#additional(additional, out.length > first);
    out.byte(CLOSE);
    if (row.id === '') return false;
    const { dates } = fields;
    if (dates.create && row.created === undefined) row.odd = NO_CREATE;
    if (dates.update && row.updated === undefined) row.odd = row.odd ? NO_DATES : NO_UPDATE;
    row.end = out.length;
    this.#rows.push(row);
    return true;
  }

  /** Whether a value can be copied as it is. */
  #fits(rule: Field['rule'], type: number | undefined, start: number, end: number): boolean {
    switch (rule) {
      case 'text':
      case 'instant':
        return type === QUOTE || type === N;
      case 'value':
        return true;
      case 'number':
        return type === N || isNumberStart(type);
      case 'amount':
        return type === N || (isNumberStart(type) && isCents(this.body, start, end));
      case 'object':
        return type === OPEN || type === N;
      case 'list':
        return type === OPEN_LIST || type === N;
      case 'boolean':
        return type === TRUE || type === FALSE || type === N;
      default:
        return false;
    }
  }

  /** A number or a boolean where the schema says text. */
  #asText(row: Row, { key, role }: Field, keyStart: number, end: number): boolean {
    const { body } = this;
    const out = this.#out;
    const start = keyStart + key.length;
    const type = body[start];
    // Of a structure the text would have to be escaped.
    if (type !== TRUE && type !== FALSE && !isNumberStart(type)) return false;
    if (role === 'id') row.id = body.toString('latin1', start, end);
    else if (role !== undefined) return false;
    out.copy(keyStart, start);
    out.byte(QUOTE);
    out.copy(start, end);
    out.byte(QUOTE);
    return true;
  }

  /** `{"id":…,"objectName":…}` or null, and nothing else in it. */
  #reference(row: Row, field: Field, start: number, end: number): boolean {
    const { body } = this;
    const out = this.#out;
    if (body[start] === N) {
      out.append(field.idKey);
      out.copy(start, end);
      out.append(field.objectNameKey);
      out.copy(start, end);
      return true;
    }
    if (!startsWith(body, start, ID)) return false;
    const idStart = start + ID.length;
    const idEnd = skipValue(body, idStart);
    if (idEnd < 0 || !startsWith(body, idEnd, OBJECT_NAME)) return false;
    const nameStart = idEnd + OBJECT_NAME.length;
    const nameEnd = skipValue(body, nameStart);
    if (nameEnd !== end - 1) return false;
    const idType = body[idStart];
    const nameType = body[nameStart];
    if ((idType !== QUOTE && idType !== N) || (nameType !== QUOTE && nameType !== N)) return false;
    if (field.role === 'parent' && idType === QUOTE) {
      row.parentId = body.toString('latin1', idStart + 1, idEnd - 1);
      if (!PLAIN_ID.test(row.parentId)) return false;
    }
    out.append(field.idKey);
    out.copy(idStart, idEnd);
    out.append(field.objectNameKey);
    out.copy(nameStart, nameEnd);
    return true;
  }

  /** Keeps what the row has to be known by. */
  #note(row: Row, role: Field['role'], start: number, end: number): boolean {
    const { body } = this;
    if (role === 'id') {
      if (body[start] !== QUOTE) return false;
      row.id = body.toString('latin1', start + 1, end - 1);
      return PLAIN_ID.test(row.id);
    }
    if (body[start] === N) return true;
    const instant = body[start] === QUOTE ? scanInstant(body, start + 1, end - 1) : undefined;
    if (role === 'dated') {
      if (instant !== 'unsure') row.dated = instant;
      return instant !== 'unsure';
    }
    // A date that cannot be read has to be changed to fit the schema.
    if (instant === undefined || instant === 'unsure') return false;
    if (role === 'created') row.created = instant;
    else if (role === 'updated') row.updated = instant;
    return true;
  }

  #additional(members: readonly [number, number][], needsComma: boolean): void {
    const out = this.#out;
    if (needsComma) out.byte(COMMA);
    out.append(ADDITIONAL);
    for (const [i, [start, end]] of members.entries()) {
      if (i > 0) out.byte(COMMA);
      out.copy(start, end);
    }
    out.byte(CLOSE);
  }

  #takeByte(byte: number): boolean {
    if (this.body[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  #take(bytes: Buffer): boolean {
    if (!startsWith(this.body, this.#at, bytes)) return false;
    this.#at += bytes.length;
    return true;
  }
}

const NO_CREATE: readonly Oddity[] = [{ field: 'create', kind: 'date' }];
const NO_UPDATE: readonly Oddity[] = [{ field: 'update', kind: 'date' }];
const NO_DATES: readonly Oddity[] = [...NO_CREATE, ...NO_UPDATE];

/** Ids are digits; anything that would have to be unescaped is for the slower way. */
const PLAIN_ID = /^[\w.-]+$/;
const ADDITIONAL = Buffer.from('"additional_fields":{');

function startsWith(body: Buffer, at: number, bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i += 1) if (body[at + i] !== bytes[i]) return false;
  return true;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
