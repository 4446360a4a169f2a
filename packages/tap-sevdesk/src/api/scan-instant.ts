import { type Instant, parseInstant } from './instant.js';

const DASH = 0x2d;
const PLUS = 0x2b;
const COLON = 0x3a;
const T = 0x54;

/**
 * Reads `2026-09-28T19:39:15+02:00` from bytes. Any other text is given to `parseInstant`, unless it holds an escape;
 * then it is not known what it says ("unsure").
 */
export function scanInstant(body: Buffer, start: number, end: number): Instant | undefined | 'unsure' {
  if (end - start === 25) {
    const year = two(body, start) * 100 + two(body, start + 2);
    const month = two(body, start + 5);
    const day = two(body, start + 8);
    const hour = two(body, start + 11);
    const minute = two(body, start + 14);
    const second = two(body, start + 17);
    const offsetMinutes = two(body, start + 23);
    const offset = two(body, start + 20) * 3600 + offsetMinutes * 60;
    const sign = body[start + 19];
    const shaped =
      body[start + 4] === DASH &&
      body[start + 7] === DASH &&
      body[start + 10] === T &&
      body[start + 13] === COLON &&
      body[start + 16] === COLON &&
      body[start + 22] === COLON &&
      (sign === PLUS || sign === DASH);
    // Days past the 28th and other edges are left to the calendar that everybody uses.
    if (
      shaped &&
      year >= 1970 &&
      month >= 1 &&
      month <= 12 &&
      day >= 1 &&
      day <= 28 &&
      hour <= 23 &&
      minute <= 59 &&
      second <= 59 &&
      offset <= 50_400 &&
      offsetMinutes <= 59
    ) {
      const local = daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
      return sign === PLUS ? local - offset : local + offset;
    }
  }
  const text = body.toString('latin1', start, end);
  return text.includes('\\') ? 'unsure' : parseInstant(text);
}

/** Two digits; NaN where there are none, so that no comparison holds. */
function two(body: Buffer, at: number): number {
  const tens = (body[at] ?? 0) - 0x30;
  const ones = (body[at + 1] ?? 0) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Days of the proleptic Gregorian calendar. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
