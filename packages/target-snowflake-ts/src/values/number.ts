import { ExactNumber, type JsonValue } from '@singer-io-ts/sdk';
import { DECFLOAT_DIGITS, type ColumnType } from '../plan/column-type.js';
import { doubleOf, fitsNumber, plainText, readDecimal, survivesDouble, wholeDigits, type Decimal } from './decimal.js';
import { FINE, type Refusal, type Verdict } from './verdict.js';

/** What is done with a number that its column cannot hold with all its digits. */
export type InexactPolicy = 'refuse' | 'round';

/**
 * Types that may not hold a number that its schema has room for. A VARIANT is what each number travels through to a VARCHAR; a NUMBER may
 * have less room before its point.
 */
export type ApproximateKind = 'float' | 'decfloat' | 'variant' | 'number';

/** A verdict that also says which types may change the number, in case that the table's column turns out to be of one of them. */
export interface NumberVerdict {
  readonly verdict: Verdict;
  readonly changedIn: readonly ApproximateKind[];
}

const NOWHERE: readonly ApproximateKind[] = [];
const KEPT: NumberVerdict = { verdict: FINE, changedIn: NOWHERE };

const PLAIN_TEXT = /^-?\d+(?:\.\d+)?$/;
/** Exponents are written out up to so many zeros. */
const MOST_ZEROS = 60;
/** What every DECFLOAT reaches. */
const DECFLOAT_EXPONENT = 16_000;

/** Decimals of doubles up to here are exact: 15 digits on both sides of the point together. */
const EXACT_DIGITS = 15;
const EXACT = 10 ** EXACT_DIGITS;

/** Digits before the point that a number has at most which passes {@link fitsAsDouble}. */
export const undoubtedDigits = (scale: number): number => Math.max(0, EXACT_DIGITS - scale);

/**
 * Whether a JSON number that came without long digits is sure to arrive in NUMBER(…, scale) as it is, even if it was written with an
 * exponent, which makes it a double inside VARIANT.
 *
 * @param factor ten to the power of the scale
 */
export function fitsAsDouble(value: number, factor: number, limit: number): boolean {
  const scaled = value * factor;
  return Math.abs(scaled) < EXACT && Math.abs(value) < limit && Math.round(scaled) / factor === value;
}

/** A number with all its digits, and whether it may have been written with an exponent. */
export interface Written {
  readonly value: JsonValue;
  readonly exponent: boolean;
}

function typesThatChange(decimal: Decimal): readonly ApproximateKind[] {
  if (survivesDouble(decimal)) return NOWHERE;
  const kinds: ApproximateKind[] = ['float'];
  if (decimal.digits.length > DECFLOAT_DIGITS) kinds.push('decfloat');
  return kinds;
}

/**
 * A number without its exponent, which would make it a double inside VARIANT, and so would more than 38 digits: such a one travels as a
 * text.
 */
const written = (decimal: Decimal): JsonValue =>
  fitsVariant(decimal) ? new ExactNumber(plainText(decimal)) : plainText(decimal);

/** Judges a number for NUMBER by all its digits. */
export function checkNumber(
  { value, exponent }: Written,
  { precision, scale }: ColumnType & { kind: 'number' },
  policy: InexactPolicy,
): NumberVerdict {
  const decimal = decimalOf(value);
  if (decimal === undefined) return typeof value === 'string' ? refused(notDecimal(value)) : KEPT;
  const isLong = wholeDigits(decimal) > undoubtedDigits(scale);
  const changedIn: readonly ApproximateKind[] = isLong
    ? [...typesThatChange(decimal), 'number']
    : typesThatChange(decimal);
  const type = `NUMBER(${precision},${scale})`;
  if (wholeDigits(decimal) > precision - scale)
    return { verdict: { refuse: `has more digits before the point than ${type} holds` }, changedIn };
  if (!fitsNumber(decimal, precision, scale) && policy === 'refuse')
    return { verdict: { refuse: `has more digits than ${type} holds; it would be rounded` }, changedIn };
  if (decimal.places > MOST_ZEROS) return { verdict: { write: 0 }, changedIn };
  if (typeof value === 'string')
    return { verdict: PLAIN_TEXT.test(value) ? FINE : { write: plainText(decimal) }, changedIn };
  return { verdict: !exponent && fitsVariant(decimal) ? FINE : { write: written(decimal) }, changedIn };
}

/** Judges a number for FLOAT by all its digits. A VARIANT or VARCHAR that the table has instead gets them without an exponent. */
export function checkFloat({ value, exponent }: Written, policy: InexactPolicy): NumberVerdict {
  const decimal = decimalOf(value);
  if (decimal === undefined) return typeof value === 'string' ? refused(notDecimal(value)) : KEPT;
  if (!Number.isFinite(doubleOf(decimal))) return refused('is beyond the range of FLOAT');
  if (survivesDouble(decimal)) return KEPT;
  const exact = typeof value === 'string' || fitsVariant(decimal);
  const changedIn: readonly ApproximateKind[] = [...typesThatChange(decimal), ...(exact ? [] : ['variant' as const])];
  if (policy === 'refuse') return { verdict: { refuse: 'has more digits than its column gives back' }, changedIn };
  return { verdict: exponent && typeof value !== 'string' && exact ? { write: written(decimal) } : FINE, changedIn };
}

/** Judges a number for DECFLOAT. */
export function checkDecfloat({ value, exponent }: Written, policy: InexactPolicy): NumberVerdict {
  const decimal = decimalOf(value);
  if (decimal === undefined) return typeof value === 'string' ? refused(notDecimal(value)) : KEPT;
  const changedIn = typesThatChange(decimal);
  if (Math.abs(decimal.places) > DECFLOAT_EXPONENT)
    return { verdict: { refuse: 'is beyond the range of DECFLOAT' }, changedIn };
  if (decimal.digits.length > DECFLOAT_DIGITS && policy === 'refuse') {
    const reason = `has more than the ${DECFLOAT_DIGITS} digits that DECFLOAT holds; it would be rounded`;
    return { verdict: { refuse: reason }, changedIn };
  }
  // VARIANT has no decimals of that kind: what it would make a double travels as a text.
  if (!exponent && fitsVariant(decimal)) return { verdict: FINE, changedIn };
  const far = Math.abs(decimal.places) > MOST_ZEROS;
  const scientific = `${decimal.negative ? '-' : ''}${decimal.digits}e${-decimal.places}`;
  return { verdict: { write: far ? scientific : written(decimal) }, changedIn };
}

/** Judges the numbers inside of a VARIANT, which keeps 38 digits of those without an exponent. */
export function checkVariant(value: JsonValue, policy: InexactPolicy): Verdict {
  const found: { changed: boolean; refusal: Refusal | undefined } = { changed: false, refusal: undefined };
  const visit = (one: JsonValue | undefined): JsonValue | undefined => {
    if (one instanceof ExactNumber) {
      const decimal = readDecimal(one.text);
      if (decimal && fitsVariant(decimal)) {
        if (!/[eE]/.test(one.text)) return one;
        found.changed = true;
        return new ExactNumber(plainText(decimal));
      }
      if (!Number.isFinite(Number(one.text)))
        found.refusal ??= { refuse: 'holds a number beyond the range of VARIANT' };
      else if (policy === 'refuse')
        found.refusal ??= {
          refuse: 'holds a number of more than the 38 digits that VARIANT keeps',
          hint: '; set "on_inexact_number" to round',
        };
      return one;
    }
    if (Array.isArray(one)) return one.map((item) => visit(item) ?? null);
    if (typeof one === 'object' && one !== null) {
      const copy = Object.create(null) as Record<string, JsonValue | undefined>;
      for (const [name, inner] of Object.entries(one)) copy[name] = visit(inner);
      return copy;
    }
    return one;
  };
  const made = visit(value);
  if (found.refusal) return found.refusal;
  return found.changed && made !== undefined ? { write: made } : FINE;
}

const fitsVariant = ({ digits, places }: Decimal): boolean =>
  places <= 37 && Math.max(digits.length, digits.length - places) <= 38;

const refused = (refusal: string | Refusal): NumberVerdict => ({
  verdict: typeof refusal === 'string' ? { refuse: refusal } : refusal,
  changedIn: NOWHERE,
});
const notDecimal = (text: string): Refusal =>
  /^\s*[+-]?(?:nan|inf(?:inity)?)\s*$/i.test(text)
    ? { refuse: 'is NaN or infinite, which no column of numbers holds' }
    : { refuse: 'is no number', hint: ', which its schema says it is' };

const textOf = (value: number | string | ExactNumber): string =>
  value instanceof ExactNumber ? value.text : String(value);
const decimalOf = (value: JsonValue): Decimal | undefined =>
  typeof value === 'number' || typeof value === 'string' || value instanceof ExactNumber
    ? readDecimal(textOf(value))
    : undefined;
