import type { DateRange, IsoDate } from './calendar.js';
import { addDays, daysBetween, makeDate, partsOf, yearBefore } from './calendar.js';

export const PERIODS = [
  'all',
  'this_month',
  'last_month',
  'this_quarter',
  'last_12_months',
  'this_year',
  'last_year',
  'custom',
] as const;

/** A named stretch of time, or `custom` for two dates of the user's own. */
export type Period = (typeof PERIODS)[number];

/** What the first page shows: long enough for a ranking, and with a period before it to compare with. */
export const DEFAULT_PERIOD = 'last_12_months' satisfies Period;

/** The dates that a period means on a given day. `last_12_months` is the running month and the eleven before it. */
export function rangeOf(period: Exclude<Period, 'custom'>, today: IsoDate): DateRange {
  const { year, month } = partsOf(today);
  switch (period) {
    case 'all':
      return {};
    case 'this_month':
      return months(year, month, 1);
    case 'last_month':
      return months(year, month - 1, 1);
    case 'this_quarter':
      return months(year, month - ((month - 1) % 3), 3);
    case 'last_12_months':
      return months(year, month - 11, 12);
    case 'this_year':
      return months(year, 1, 12);
    case 'last_year':
      return months(year - 1, 1, 12);
  }
}

/**
 * The stretch a year earlier that a range is compared with. A range that is still running is compared up to the same day only.
 * Undefined for ranges with an open start, and for those that lie wholly in the future.
 */
export function comparableRange({ from, to }: DateRange, today: IsoDate): Required<DateRange> | undefined {
  if (from === undefined || from > today) return undefined;
  const end = to === undefined || to > today ? today : to;
  return { from: yearBefore(from), to: yearBefore(end) };
}

/**
 * The stretch of the same length just before a range. Whole months are followed by whole months, so that March is compared with
 * February and not with 31 days. A range that is still running is compared with as many days from the start of the one before.
 * Undefined for ranges with an open start, and for those that lie wholly in the future.
 */
export function precedingRange({ from, to }: DateRange, today: IsoDate): Required<DateRange> | undefined {
  if (from === undefined || from > today) return undefined;
  const end = to === undefined || to > today ? today : to;
  const length = monthsIn(from, to ?? end);
  const days = daysBetween(from, end);
  if (length === undefined) return { from: addDays(from, -days - 1), to: addDays(from, -1) };
  const { year, month } = partsOf(from);
  const start = makeDate(year, month - length, 1);
  const lastDay = addDays(from, -1);
  const sameDay = addDays(start, days);
  return { from: start, to: end === to || sameDay > lastDay ? lastDay : sameDay };
}

/** How many whole calendar months a range is; undefined when it is no such range. */
function monthsIn(from: IsoDate, to: IsoDate): number | undefined {
  const [start, end] = [partsOf(from), partsOf(addDays(to, 1))];
  if (start.day !== 1 || end.day !== 1) return undefined;
  return (end.year - start.year) * 12 + end.month - start.month;
}

function months(year: number, month: number, length: number): DateRange {
  return { from: makeDate(year, month, 1), to: makeDate(year, month + length, 0) };
}
