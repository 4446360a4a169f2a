import {
  RecordError,
  stringifyJson,
  type JsonObject,
  type JsonValue,
  type RecordBytes,
  type RecordLine,
} from '@singer-io-ts/sdk';
import type { ColumnType } from '../plan/column-type.js';
import type { PropertyPlan } from '../plan/table.js';
import { checkBase64 } from './base64.js';
import { alternativesOf, changedAs, secondDigits, shorterSeconds, type ChangingType } from './changing-type.js';
import { checkDate, checkDateTime, checkTime } from './date-time.js';
import {
  checkDecfloat,
  checkFloat,
  checkNumber,
  checkVariant,
  fitsAsDouble,
  type InexactPolicy,
  type NumberVerdict,
} from './number.js';
import { checkKind } from './kind.js';
import { OpenRecord } from './open-record.js';
import { checkUuid } from './uuid.js';
import type { Refusal, Verdict } from './verdict.js';

export interface RecordCheckOptions {
  stream: string;
  properties: readonly PropertyPlan[];
  /** Positions of the key among them: never rounded, or two rows could become one. */
  keys: readonly number[];
  onInexactNumber: InexactPolicy;
  maxRecordBytes: number;
  /** The length of texts that do not say theirs. */
  textLength: number;
  /** Whether the schema's validator has checked the others. */
  validated: boolean;
}

/** The first line in which a property had a value that a column of a type would change. */
export type InexactLine = Partial<Record<ChangingType, number>>;

/** The same by the property's position. */
type InexactLines = Map<number, InexactLine>;

/** Judges the value of one property. */
type PropertyCheck = (value: JsonValue, record: OpenRecord) => Verdict;

interface CheckedProperty {
  property: string;
  check: PropertyCheck;
  /** Whether records seem to have the property when they do not. */
  inherited: boolean;
}

/** A text as it is written after a check. */
const textAfter = (verdict: Verdict, text: string): string =>
  verdict && 'write' in verdict && typeof verdict.write === 'string' ? verdict.write : text;

/**
 * Checks what a schema cannot say: that every value can go into its column with all that it says. A value that Snowflake would read
 * otherwise than it is meant is written in a form that it reads right.
 */
export class RecordCheck {
  readonly #options: RecordCheckOptions;
  readonly #checks: readonly CheckedProperty[];
  readonly #texts: readonly { property: string; length: number }[];
  readonly #shortestLong: number;
  #inexact: InexactLines = new Map();
  /** What the current record would add to them; a refused record adds nothing, since it is not loaded. */
  #noted: { index: number; changedIn: readonly ChangingType[] }[] = [];
  /** What was noted of times and texts since {@link forget}, by position: once is enough. */
  #known: (Set<ChangingType> | undefined)[] = [];

  constructor(options: RecordCheckOptions) {
    this.#options = options;
    const { properties } = options;
    this.#checks = properties.flatMap((plan, index): CheckedProperty[] => {
      const { property } = plan;
      const check = this.#checkOf(plan, index);
      return check ? [{ property, check, inherited: property in Object.prototype }] : [];
    });
    this.#texts = properties.flatMap((plan) => {
      const {
        property,
        column: { type, longer },
      } = plan;
      return type.kind === 'text' && (type.length === options.textLength || longer === true || !this.#isValidated(plan))
        ? [{ property, length: type.length }]
        : [];
    });
    this.#shortestLong = Math.min(...this.#texts.map(({ length }) => length));
  }

  /** The bytes that are to be loaded for a record. @throws RecordError naming line and property, never the value */
  check(line: RecordLine): RecordBytes {
    try {
      return this.#check(line);
    } catch (error) {
      // Nothing else here has a range to leave: reading the record's numbers went too deep for the stack.
      if (!(error instanceof RangeError)) throw error;
      throw this.#refusal(line, undefined, 'is nested too deeply to be read; let the tap send the deep part as a text');
    }
  }

  #check(line: RecordLine): RecordBytes {
    const { record, bytes } = line;
    const size = bytes.end - bytes.start;
    if (size > this.#options.maxRecordBytes) {
      throw this.#refusal(
        line,
        undefined,
        `is ${size} bytes long; at most ${this.#options.maxRecordBytes} are taken (setting "max_record_bytes")`,
      );
    }
    if (size > this.#shortestLong) this.#checkLengths(line);
    let open: OpenRecord | undefined;
    let changed: JsonObject | undefined;
    for (const { property, check, inherited } of this.#checks) {
      const value = record[property];
      if (value === undefined || value === null || (inherited && !Object.hasOwn(record, property))) continue;
      open ??= new OpenRecord(line);
      const verdict = check(value, open);
      if (verdict === undefined) continue;
      if ('refuse' in verdict) {
        this.#noted = [];
        throw this.#refusal(line, property, sentence(verdict));
      }
      changed ??= { ...open.exact };
      changed[property] = verdict.write;
    }
    if (this.#noted.length > 0) this.#remember(line.line);
    if (!changed) return bytes;
    const buffer = Buffer.from(stringifyJson(changed));
    return { buffer, start: 0, end: buffer.length };
  }

  /** Whether there is something to take. */
  get hasInexact(): boolean {
    return this.#inexact.size > 0;
  }

  /** What comes belongs elsewhere now, where nothing is noted yet. */
  forget(): void {
    this.#known = [];
  }

  /** Hands over, and forgets, the lines in which values stood that some column would change. */
  takeInexact(): ReadonlyMap<number, InexactLine> {
    const found = this.#inexact;
    this.#inexact = new Map();
    return found;
  }

  /** Whether the schema's validator has seen to it that a value is of the property's type. Ajv never looks at `__proto__`. */
  #isValidated({ property, loose }: PropertyPlan): boolean {
    return this.#options.validated && loose !== true && property !== '__proto__';
  }

  #checkOf(plan: PropertyPlan, index: number): PropertyCheck | undefined {
    const { type, uuid } = plan.column;
    const check = this.#withAlternatives(plan, index, uuid === true ? checkUuid : this.#checkFor(type, index));
    if (this.#isValidated(plan)) return check;
    return (value, record) => {
      // Casts would take 1700000000 for an instant and "yes" for true.
      const refusal = checkKind(value, type);
      if (refusal) return refusal;
      if (type.kind === 'text' && typeof value !== 'string')
        return checkVariant(this.#exactOf(record, index), this.#policyFor(index));
      return check?.(value, record);
    };
  }

  #policyFor(index: number): InexactPolicy {
    return this.#options.keys.includes(index) ? 'refuse' : this.#options.onInexactNumber;
  }

  #checkFor(type: ColumnType, index: number): PropertyCheck | undefined {
    switch (type.kind) {
      case 'timestamp':
        return this.#timeCheck(checkDateTime, index);
      case 'date':
        return (value) => (typeof value === 'string' ? checkDate(value) : undefined);
      case 'time':
        return this.#timeCheck(checkTime, index);
      case 'binary':
        return (value) => (typeof value === 'string' ? checkBase64(value) : undefined);
      case 'number':
      case 'float':
      case 'decfloat':
        return this.#numberCheck(type, index);
      case 'variant':
        return (value, record) => {
          if (record.isExact(value)) return undefined;
          return checkVariant(this.#exactOf(record, index), this.#policyFor(index));
        };
      default:
        return undefined;
    }
  }

  /** The table may have been made by someone who kept fewer digits of a second than the value has. */
  #timeCheck(check: (text: string) => Verdict, index: number): PropertyCheck {
    return (value) => {
      if (typeof value !== 'string') return undefined;
      const verdict = check(value);
      const digits = secondDigits(textAfter(verdict, value));
      if (digits > 0) this.#noteOnce(index, shorterSeconds(digits));
      return verdict;
    };
  }

  /** The table's column may be of one kind of several that the schema names. */
  #withAlternatives(
    { column: { type, branches } }: PropertyPlan,
    index: number,
    check: PropertyCheck | undefined,
  ): PropertyCheck | undefined {
    const kinds = alternativesOf(type, branches);
    if (kinds.length === 0) return check;
    return (value, record) => {
      this.#noteOnce(index, changedAs(value, kinds));
      return check?.(value, record);
    };
  }

  #noteOnce(index: number, changedIn: readonly ChangingType[]): void {
    const known = this.#known[index];
    if (changedIn.every((type) => known?.has(type) === true)) return;
    this.#noted.push({ index, changedIn });
  }

  #numberCheck(type: ColumnType & { kind: 'number' | 'float' | 'decfloat' }, index: number): PropertyCheck {
    const policy = this.#policyFor(index);
    if (type.kind === 'number') {
      const factor = 10 ** type.scale;
      const limit = 10 ** (type.precision - type.scale);
      return (value, record) => {
        if (typeof value === 'number' && fitsAsDouble(value, factor, limit) && record.isExact(value)) return undefined;
        const exact = this.#exactOf(record, index);
        if (typeof exact === 'number' && fitsAsDouble(exact, factor, limit)) return undefined;
        return this.#note(index, checkNumber({ value: exact, exponent: record.mayHaveExponents }, type, policy));
      };
    }
    if (type.kind === 'float') {
      return (value, record) => {
        if (typeof value === 'number' && record.isExact(value)) return undefined;
        const written = { value: this.#exactOf(record, index), exponent: record.mayHaveExponents };
        return this.#note(index, checkFloat(written, 'round'));
      };
    }
    return (value, record) => {
      if (typeof value === 'number' && record.isExact(value) && !record.mayHaveExponents) return undefined;
      const exact = this.#exactOf(record, index);
      return this.#note(index, checkDecfloat({ value: exact, exponent: record.mayHaveExponents }, policy));
    };
  }

  #note(index: number, { verdict, changedIn }: NumberVerdict): Verdict {
    if (changedIn.length > 0) this.#noted.push({ index, changedIn });
    return verdict;
  }

  #remember(line: number): void {
    for (const { index, changedIn } of this.#noted) {
      const known = this.#inexact.get(index) ?? {};
      for (const kind of changedIn) {
        known[kind] ??= line;
        (this.#known[index] ??= new Set()).add(kind);
      }
      this.#inexact.set(index, known);
    }
    this.#noted = [];
  }

  #exactOf(record: OpenRecord, index: number): JsonValue {
    return record.exact[this.#options.properties[index]?.property ?? ''] ?? null;
  }

  /** Texts longer than their column. The schema's validator says so too, but need not be asked. */
  #checkLengths(line: RecordLine): void {
    for (const { property, length } of this.#texts) {
      const value = line.record[property];
      if (typeof value !== 'string' || value.length <= length) continue;
      if (value.length > 2 * length || Array.from(value).length > length)
        throw this.#refusal(
          line,
          property,
          `has more characters than the ${length} that its column holds; see the setting "max_text_length"`,
        );
    }
  }

  #refusal({ line }: RecordLine, property: string | undefined, reason: string): RecordError {
    const { stream } = this.#options;
    const what =
      property === undefined
        ? `record of stream "${stream}" ${reason}`
        : `stream "${stream}", property "${property}": the value ${reason}`;
    return new RecordError({ message: `line ${line}: ${what}`, stream, line, property });
  }
}

const sentence = ({ refuse, hint = '' }: Refusal): string => refuse + hint;
