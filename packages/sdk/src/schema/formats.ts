import type { Format } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';

// Taps write dates in more ways than RFC 3339 has: without an offset, with a space, with a short offset.
// What is accepted here is what a warehouse reads without guessing.
const DATE = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d+)?)?`;
const OFFSET = String.raw`(?:[zZ]| ?[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)`;

const date = new RegExp(`^${DATE}$`);
const isDate = (text: string): boolean => date.test(text) && isDayOfMonth(text);
const dateTime = new RegExp(`^${DATE}(?:[tT ]${TIME}${OFFSET}?)?$`);
const time = new RegExp(`^${TIME}${OFFSET}?$`);

/** Whether a text has a format: a pattern, or a function that says so. */
export type FormatCheck = RegExp | ((text: string) => boolean);

/** The formats that are checked: those of JSON Schema, with dates and times as loosely as said above. Others are annotations. */
export const formats: Record<string, Format> = {
  ...fullFormats,
  'date-time': (text: string) => dateTime.test(text) && isDayOfMonth(text),
  date: isDate,
  time: (text: string) => time.test(text),
};

function isDayOfMonth(text: string): boolean {
  const day = Number(text.slice(8, 10));
  if (day <= 28) return true;
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
}
