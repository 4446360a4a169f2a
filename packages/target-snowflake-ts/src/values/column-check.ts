import {
  RecordError,
  stringifyJson,
  type JsonObject,
  type JsonValue,
  type RecordBytes,
  type RecordLine,
} from '@singer-io-ts/sdk';
import { quoteTable, type TableName } from '@singer-io-ts/snowflake-session';
import { renderType, type ColumnType } from '../plan/column-type.js';
import type { NarrowColumn, NarrowColumns } from './narrow-columns.js';
import type { PropertyPlan } from '../plan/table.js';
import { checkBase64 } from './base64.js';
import { secondDigits } from './changing-type.js';
import { checkDate, checkDateTime, checkTime } from './date-time.js';
import { checkKind } from './kind.js';
import { checkDecfloat, checkFloat, checkNumber, checkVariant, fitsAsDouble, type InexactPolicy } from './number.js';
import { OpenRecord } from './open-record.js';
import { isUuid } from './uuid.js';
import { FINE, type Verdict } from './verdict.js';

export interface ColumnCheckOptions {
  stream: string;
  table: TableName;
  properties: readonly PropertyPlan[];
  /** Positions of the key among them: never rounded. */
  keys: readonly number[];
  columns: NarrowColumns;
  onInexactNumber: InexactPolicy;
}

/** What a record comes to: the bytes to be loaded, or undefined for a row that the contract leaves out, and what that was because of. */
export interface CheckedRow {
  bytes: RecordBytes | undefined;
  /** Properties whose values, or because of which the row, was left out. */
  discarded: readonly string[];
}

/** Where a record stands, for people to find it. */
export interface RecordPlace {
  /** The line of the input: the record's own, or that of the BATCH message whose file holds it. */
  line: number;
  /** How an error begins that speaks of it, such as `line 7`. */
  where: string;
}

interface CheckedColumn {
  property: string;
  column: NarrowColumn;
  judge: (value: JsonValue, record: OpenRecord) => Verdict;
}

const NONE: readonly string[] = [];
const CONVERT =
  'let the column be converted (settings "on_type_conflict" convert and "schema_contract" evolve), or send the value as the column holds it';
const CORRECT = 'correct the value, or rename the column, and the next run makes one as the schema asks';
const LONG_NUMBER = 'numbers of more than 38 digits must come as texts; or set "on_inexact_number" to round';

/**
 * Checks what a schema allows against the columns that the table has: every value must go into its column with all that it says. Only
 * columns that are narrower than the schema are looked at.
 */
export class ColumnCheck {
  readonly #options: ColumnCheckOptions;
  readonly #checks: readonly CheckedColumn[];

  constructor(options: ColumnCheckOptions) {
    this.#options = options;
    const { columns, properties, keys, onInexactNumber } = options;
    this.#checks = [...columns].flatMap(([index, column]): CheckedColumn[] => {
      const property = properties[index]?.property;
      if (property === undefined) return [];
      const policy = keys.includes(index) ? 'refuse' : onInexactNumber;
      return [{ property, column, judge: (value, record) => judge({ value, record, property, column, policy }) }];
    });
  }

  /** @throws RecordError naming line and property, never the value */
  check(line: RecordLine, place: RecordPlace): CheckedRow {
    try {
      return this.#check(line, place);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const { stream } = this.#options;
      const message = `${place.where}: record of stream "${stream}" is nested too deeply to be read; let the tap send the deep part as a text`;
      throw new RecordError({ message, stream, line: place.line });
    }
  }

  #check(line: RecordLine, place: RecordPlace): CheckedRow {
    const { record, bytes } = line;
    let open: OpenRecord | undefined;
    let changed: JsonObject | undefined;
    let discarded: string[] | undefined;
    for (const { property, column, judge: judgeValue } of this.#checks) {
      if (!Object.hasOwn(record, property)) continue;
      const value = record[property];
      if (value === undefined || value === null) continue;
      open ??= new OpenRecord(line);
      const verdict = judgeValue(value, open);
      if (verdict === undefined) continue;
      if ('refuse' in verdict) {
        if (column.misfit === 'refuse') throw this.#refusal(place, property, column.type, verdict.refuse);
        if (column.misfit === 'row') return { bytes: undefined, discarded: [property] };
        (discarded ??= []).push(property);
      }
      changed ??= { ...open.exact };
      changed[property] = 'refuse' in verdict ? null : verdict.write;
    }
    if (!changed) return { bytes, discarded: NONE };
    const buffer = Buffer.from(stringifyJson(changed));
    return { bytes: { buffer, start: 0, end: buffer.length }, discarded: discarded ?? NONE };
  }

  #refusal({ line, where }: RecordPlace, property: string, type: ColumnType, reason: string): RecordError {
    const { stream, table } = this.#options;
    const message = `${where}: stream "${stream}", property "${property}": the value ${reason}; its column is ${renderType(type)} in table ${quoteTable(table)}: ${adviceFor(type, reason)}`;
    return new RecordError({ message, stream, line, property });
  }
}

function adviceFor(type: ColumnType, reason: string): string {
  const ofDigits = reason.includes('digits');
  if (ofDigits && type.kind === 'float')
    return 'set "number_type" to decfloat, which also converts the column, or "on_inexact_number" to round';
  if (ofDigits && type.kind === 'decfloat')
    return 'set "on_type_conflict" to text and convert the column, or "on_inexact_number" to round';
  if (reason.startsWith('holds a number')) return LONG_NUMBER;
  const mayConvert = ['date', 'time', 'timestamp'].includes(type.kind) || (type.kind === 'binary' && !type.length);
  return mayConvert ? CONVERT : CORRECT;
}

interface ToJudge {
  value: JsonValue;
  record: OpenRecord;
  property: string;
  column: NarrowColumn;
  policy: InexactPolicy;
}

/** Most numbers need no reading digit by digit. A whole one has no use for the scale. */
function isPlain(value: JsonValue, { precision, scale }: ColumnType & { kind: 'number' }): boolean {
  if (typeof value !== 'number') return false;
  return fitsAsDouble(value, Number.isInteger(value) ? 1 : 10 ** scale, 10 ** (precision - scale));
}

/** Judges one value, which is not null, for a column of the table. */
function judge({ value, record, property, column: { type, dashless }, policy }: ToJudge): Verdict {
  const refusal = checkKind(value, type);
  if (refusal) return refusal;
  const exact = (): JsonValue => record.exact[property] ?? null;
  switch (type.kind) {
    case 'number':
      if (isPlain(value, type) && record.isExact(value)) return FINE;
      return checkNumber({ value: exact(), exponent: record.mayHaveExponents }, type, policy).verdict;
    case 'float':
      return checkFloat({ value: exact(), exponent: record.mayHaveExponents }, policy).verdict;
    case 'decfloat':
      return checkDecfloat({ value: exact(), exponent: record.mayHaveExponents }, policy).verdict;
    case 'text':
      return judgeText(value, exact, { length: type.length, dashless, policy });
    case 'variant':
      return checkVariant(exact(), policy);
    case 'other':
      return judgeShape(value, type.sql);
    default:
      return typeof value === 'string' ? judgeString(value, type) : FINE;
  }
}

function judgeString(text: string, type: ColumnType): Verdict {
  switch (type.kind) {
    case 'date':
      return checkDate(text);
    case 'time':
      return withDigits(checkTime(text), text, type.digits);
    case 'timestamp':
      return withDigits(checkDateTime(text), text, type.digits);
    case 'binary':
      return checkBase64(text, type.length);
    default:
      return FINE;
  }
}

function withDigits(verdict: Verdict, text: string, digits: number | undefined): Verdict {
  if (digits === undefined || (verdict && 'refuse' in verdict) || secondDigits(text) <= digits) return verdict;
  return { refuse: 'has more digits of a second than its column keeps' };
}

function judgeText(
  value: JsonValue,
  exact: () => JsonValue,
  { length, dashless, policy }: { length: number; dashless: boolean; policy: InexactPolicy },
): Verdict {
  if (typeof value === 'string' && dashless && isUuid(value)) return FINE;
  const text = typeof value === 'string' ? value : stringifyJson(exact());
  if (text.length > length && Array.from(text).length > length)
    return { refuse: `has more characters than the ${length} that its column holds` };
  return typeof value === 'string' ? FINE : checkVariant(exact(), policy);
}

/** A cast would wrap what is no array into one. */
function judgeShape(value: JsonValue, sql: string): Verdict {
  if (sql === 'ARRAY') return Array.isArray(value) ? FINE : { refuse: 'is not an array' };
  if (sql !== 'OBJECT') return FINE;
  return typeof value === 'object' && !Array.isArray(value) ? FINE : { refuse: 'is not an object' };
}
