import { parse, stringify } from 'lossless-json';
import { ExactNumber, exactNumbersSeen } from './exact-number.js';
import type { JsonValue } from './json-value.js';

/** A double holds numbers of so many characters, digits and a point, whatever they are. */
const SAFE_LENGTH = 15;
const LONG_EXPONENT = /\d[eE][+-]?\d{3}/;

/**
 * Whether parsing this text into doubles could change a number: it holds 16 or more digits in a row (or with a point among them), or an
 * exponent of three digits. Digits inside strings count too, which costs time and nothing else.
 */
export function mayLoseDigits(text: string): boolean {
  return holdsLongNumber(text) || LONG_EXPONENT.test(text);
}

/** Whether a value that was parsed from a text is sure to say all that the text says. */
export type ExactnessTest = (value: JsonValue) => boolean;

/** Makes the test for the values of a text, which is searched once and only when a number is asked about. */
export function exactnessOf(text: string): ExactnessTest {
  let long: boolean | undefined;
  let far: boolean | undefined;
  return (value) => {
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
    if ((long ??= holdsLongNumber(text))) return false;
    // A double of the usual range keeps fifteen digits, whatever their exponent.
    if (typeof value === 'number' && isOfUsualRange(value)) return true;
    return !(far ??= LONG_EXPONENT.test(text));
  };
}

/** Whether a double is neither zero, infinite, nor so small that it has fewer digits than others. */
const isOfUsualRange = (value: number): boolean => Math.abs(value) >= 2 ** -1022 && Math.abs(value) < Infinity;

/** Looks at every sixteenth character, since no longer run of digits fits in between. A pattern takes ten times as long, on every record. */
function holdsLongNumber(text: string): boolean {
  let at = SAFE_LENGTH;
  while (at < text.length) {
    if (!isDigitOrPoint(text.charCodeAt(at))) {
      at += SAFE_LENGTH + 1;
      continue;
    }
    let start = at;
    while (start > 0 && isDigitOrPoint(text.charCodeAt(start - 1))) start -= 1;
    while (text.charCodeAt(start) === POINT) start += 1;
    let end = at + 1;
    while (end < text.length && isDigitOrPoint(text.charCodeAt(end))) end += 1;
    if (end - start > SAFE_LENGTH) return true;
    at = end + SAFE_LENGTH + 1;
  }
  return false;
}

const POINT = 0x2e;
const isDigitOrPoint = (code: number): boolean => (code >= 0x30 && code <= 0x39) || code === POINT;

/**
 * Parses JSON without losing digits: numbers a double holds exactly become numbers, others {@link ExactNumber}.
 * As fast as `JSON.parse` unless the text has very long numbers.
 *
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseJson(text: string): JsonValue {
  if (!mayLoseDigits(text)) return JSON.parse(text) as JsonValue;
  return parse(text, undefined, {
    parseNumber: exactOrNative,
    onDuplicateKey: ({ newValue }) => newValue,
  }) as JsonValue;
}

/**
 * Parses JSON with every number as an {@link ExactNumber}, so that its text is known too: `19.50` is not `19.5`. Slower.
 *
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseJsonVerbatim(text: string): JsonValue {
  return parse(text, undefined, {
    parseNumber: (digits) => new ExactNumber(digits),
    onDuplicateKey: ({ newValue }) => newValue,
  }) as JsonValue;
}

/** Writes JSON in one line, exact numbers with all their digits. Properties that are `undefined` are left out. */
export function stringifyJson(value: JsonValue | object): string {
  const before = exactNumbersSeen();
  const text = JSON.stringify(value);
  if (exactNumbersSeen() === before) return text;
  return stringify(value, undefined, undefined, [{ test: isExact, stringify: exactText }]) ?? 'null';
}

function exactOrNative(text: string): number | ExactNumber {
  const number = Number(text);
  return normalised(String(number)) === normalised(text) ? number : new ExactNumber(text);
}

const isExact = (value: unknown): boolean => value instanceof ExactNumber;
const exactText = (value: unknown): string => (value as ExactNumber).text;

/** A canonical form of a decimal, so that 1.50, 15e-1 and 1.5 are the same: sign, digits, exponent. */
function normalised(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${String(power)}`;
}
