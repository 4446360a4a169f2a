import type { JsonValue } from '@singer-io-ts/sdk';
import { SECOND_DIGITS, type ColumnType } from '../plan/column-type.js';
import { checkBase64 } from './base64.js';
import { checkDate, checkDateTime, checkTime } from './date-time.js';
import type { ApproximateKind } from './number.js';
import { FINE, type Verdict } from './verdict.js';

/** A kind of column that holds what a text says. */
type TextualKind = 'timestamp' | 'date' | 'time' | 'binary';

/**
 * Columns that would change a value on its way in, or take it for another: FLOAT and its like, those that keep so many digits of a second
 * and no more, and those of a kind that the schema names beside others.
 */
export type ChangingType = ApproximateKind | `seconds(${number})` | TextualKind;

const CHECKS: Readonly<Record<TextualKind, (text: string) => Verdict>> = {
  timestamp: checkDateTime,
  date: checkDate,
  time: checkTime,
  binary: (text) => checkBase64(text),
};

const isTextual = (kind: ColumnType['kind']): kind is TextualKind => Object.hasOwn(CHECKS, kind);

/** How many digits the fraction of a second in a text has, without zeros at its end. */
export function secondDigits(text: string): number {
  const point = text.indexOf('.');
  if (point === -1) return 0;
  let digits = 0;
  for (let at = point + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) break;
    if (code !== 48) digits = at - point;
  }
  return digits;
}

/** By a number of digits: the columns that keep fewer. Made once, since each time of each record asks. */
const SHORTER_SECONDS = Array.from({ length: SECOND_DIGITS + 1 }, (_, digits) =>
  Array.from({ length: digits }, (__, kept): ChangingType => `seconds(${kept})`),
);

/** The columns that keep fewer digits of a second than these. */
export const shorterSeconds = (digits: number): readonly ChangingType[] =>
  SHORTER_SECONDS[Math.min(digits, SECOND_DIGITS)] ?? [];

/**
 * The kinds of a schema's branches as which a column may be there although values of other kinds come as well. Empty where the column
 * that the schema asks for is of the one kind that it names.
 */
export const alternativesOf = (type: ColumnType, branches: readonly ColumnType[]): readonly TextualKind[] => [
  ...new Set(
    branches.map(({ kind }) => kind).filter((kind): kind is TextualKind => kind !== type.kind && isTextual(kind)),
  ),
];

/** Which of the kinds of column would change a value, refuse it, or take it for what it is not. */
export function changedAs(value: JsonValue, kinds: readonly TextualKind[]): ChangingType[] {
  if (typeof value !== 'string') return [...kinds];
  return [...kinds.filter((kind) => CHECKS[kind](value) !== FINE), ...shorterSeconds(secondDigits(value))];
}

/** What a column of a type is among those that change values. */
export function changingTypesOf(type: ColumnType): ChangingType[] {
  switch (type.kind) {
    case 'float':
    case 'decfloat':
      return [type.kind];
    case 'text':
      // A number travels through a VARIANT to a VARCHAR.
      return ['variant'];
    case 'time':
    case 'timestamp':
      return [type.kind, ...(type.digits === undefined ? [] : [`seconds(${type.digits})` as const])];
    case 'date':
    case 'binary':
    case 'variant':
      return [type.kind];
    default:
      return [];
  }
}
