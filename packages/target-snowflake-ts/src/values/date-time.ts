import { FINE, type Verdict } from './verdict.js';

const YEAR_MONTH_DAY = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const HOUR = String.raw`(?:[01]\d|2[0-3])`;
const TIME = String.raw`(?:[T ]${HOUR}:[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]${HOUR}:[0-5]\d)?)?`;
/** The forms that Snowflake's AUTO format finds, of those that taps write. */
const PLAIN = new RegExp(`^${YEAR_MONTH_DAY}${TIME}$`);
/** Of these, those with a day that every month has, far from the first and the last year: nearly all there are. */
const USUAL = new RegExp(String.raw`^[1-8]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])${TIME}$`);
const ANY =
  /^(\d{4,})-(\d\d)-(\d\d)(?:[Tt ](\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?([zZ]|UTC|[+-]\d\d(?::?\d\d)?))?)?$/;
/** The form of ISO 8601 without separators, of which AUTO would take a part for seconds of unix time. */
const BASIC = /^(\d{4})(\d\d)(\d\d)(?:([Tt])(\d\d)(\d\d)(?:(\d\d)([.,]\d+)?)?(.*))?$/;
const DAY_MS = 86_400_000;

/** Checks a text for a TIMESTAMP column. What AUTO would not find, or would cut, is written in a form that it finds, or refused. */
export function checkDateTime(text: string): Verdict {
  if (USUAL.test(text)) return FINE;
  if (!PLAIN.test(text)) return readOther(text);
  if (!isDayOfMonth(text)) return { refuse: 'names a day that its month does not have' };
  return isAtTheEdge(text) ? checkYear(text) : FINE;
}

function readOther(text: string): Verdict {
  const match = ANY.exec(withSeparators(text));
  if (!match) return { refuse: 'is no date and time as ISO 8601 writes them, such as 2024-01-31T10:00:00Z' };
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', offset = ''] =
    match;
  if (year.length > 4) return { refuse: 'lies after the year 9999, the last that Snowflake has' };
  if (second === '60') return { refuse: 'is a leap second, which Snowflake does not have' };
  const digits = fraction.replace(/0+$/, '');
  if (digits.length > 9) return { refuse: 'has more than nine digits of a second' };
  const midnight = hour === '24' && minute === '00' && second === '00' && digits === '';
  const date = midnight ? dayAfter(`${year}-${month}-${day}`) : `${year}-${month}-${day}`;
  const time = `${midnight ? '00' : hour.padStart(2, '0')}:${minute}:${second}${digits === '' ? '' : `.${digits}`}`;
  const written = `${date}T${time}${longOffset(offset)}`;
  if (!PLAIN.test(written) || !isDayOfMonth(`${year}-${month}-${day}`))
    return { refuse: 'is no date and time: a part of it is out of range' };
  return isAtTheEdge(written) ? (checkYear(written) ?? { write: written }) : { write: written };
}

/** `20240131T100000Z` as `2024-01-31T10:00:00Z`. */
const withSeparators = (text: string): string =>
  text.replace(
    BASIC,
    (_all, year, month, day, t?: string, hour = '', minute = '', second = '00', fraction = '', offset = '') =>
      `${year}-${month}-${day}${t === undefined ? '' : `T${hour}:${minute}:${second}${fraction}${offset}`}`,
  );

/** `+02` and `+0200` as `+02:00`, `z` and `UTC` as `Z`. */
function longOffset(offset: string): string {
  if (offset === '' || /^(?:z|UTC)$/i.test(offset)) return offset.slice(0, 1) && 'Z';
  return `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '') || '00'}`;
}

const dayAfter = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS || 0).toISOString().slice(0, 10);

/** Whether an offset may carry the instant out of the years that Snowflake has. */
const isAtTheEdge = (text: string): boolean => text.startsWith('9999-12-31') || text.startsWith('0000-01-01');

function checkYear(text: string): Verdict {
  const year = new Date(
    /[Z+]|-\d\d:\d\d$/.test(text.slice(10)) ? text.replace(' ', 'T') : `${text.slice(0, 10)}T00:00:00Z`,
  ).getUTCFullYear();
  return year < 0 || year > 9999 ? { refuse: 'lies, in UTC, outside of the years 0 to 9999 that Snowflake has' } : FINE;
}

const DATE = new RegExp(`^${YEAR_MONTH_DAY}`);
const AT_MIDNIGHT = /^(?:[Tt ]00:00(?::00(?:\.0+)?)?)?$/;

/** Checks a text for a DATE column. A time of day is only let go when it is midnight and has no offset. */
export function checkDate(text: string): Verdict {
  const given = withSeparators(text);
  const date = DATE.exec(given)?.[0];
  if (date === undefined) return { refuse: 'is no date as ISO 8601 writes it, such as 2024-01-31' };
  if (!isDayOfMonth(date)) return { refuse: 'names a day that its month does not have' };
  if (date.length === text.length) return FINE;
  if (AT_MIDNIGHT.test(given.slice(date.length))) return { write: date };
  return { refuse: 'has a time of day, which DATE cannot hold', hint: '; the schema should say date-time' };
}

/** Whether a date's day is one of its month; the text begins with a date whose parts are in range. */
function isDayOfMonth(text: string): boolean {
  const day = Number(text.slice(8, 10));
  if (day <= 28) return true;
  const leap = new Date(0);
  // Years below 100 would be read as years of the last century.
  leap.setUTCFullYear(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0);
  return day <= leap.getUTCDate();
}

const PLAIN_TIME = new RegExp(String.raw`^${HOUR}:[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?$`);
const ANY_TIME = /^(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?([zZ]|UTC|[+-]\d\d(?::?\d\d)?))?$/;

/** Checks a text for a TIME column, which holds neither an offset nor the end of a day. */
export function checkTime(text: string): Verdict {
  if (PLAIN_TIME.test(text)) return FINE;
  const match = ANY_TIME.exec(text);
  if (!match) return { refuse: 'is no time of day, such as 10:00:00' };
  const [, hour = '', minute = '', second = '00', fraction = '', offset = ''] = match;
  if (/[1-9]/.test(offset)) return { refuse: 'has an offset from UTC, which TIME cannot hold' };
  if (second === '60') return { refuse: 'is a leap second, which Snowflake does not have' };
  if (hour === '24') return { refuse: 'is 24:00, which TIME cannot hold' };
  const digits = fraction.replace(/0+$/, '');
  if (digits.length > 9) return { refuse: 'has more than nine digits of a second' };
  const written = `${hour.padStart(2, '0')}:${minute}:${second}${digits === '' ? '' : `.${digits}`}`;
  return PLAIN_TIME.test(written) ? { write: written } : { refuse: 'is no time of day: a part of it is out of range' };
}
