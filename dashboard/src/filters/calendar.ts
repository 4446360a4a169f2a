/** A calendar date as `YYYY-MM-DD`; such dates compare as text. */
export type IsoDate = string;

/** Both ends belong to the range; a missing end is open. */
export interface DateRange {
  readonly from?: IsoDate;
  readonly to?: IsoDate;
}

const DAY_MS = 86_400_000;

/** Whether the text is a date that exists: `2026-02-30` is none. */
export function isIsoDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const parsed = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && toIso(parsed) === value;
}

/** The calendar date at an instant in a time zone. */
export function dateIn(timeZone: string, instant: Date): IsoDate {
  // Swedish dates are ISO dates.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    instant,
  );
}

/** A date from its parts; months outside 1..12 and days outside the month carry over, as in `Date.UTC`. */
export function makeDate(year: number, month: number, day: number): IsoDate {
  return toIso(new Date(Date.UTC(year, month - 1, day)));
}

export function partsOf(date: IsoDate): { year: number; month: number; day: number } {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return { year, month, day };
}

export function addDays(date: IsoDate, days: number): IsoDate {
  const { year, month, day } = partsOf(date);
  return makeDate(year, month, day + days);
}

/** Days from one date to another; 0 for the same date. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** The same day a year earlier; 29 February becomes 28. */
export function yearBefore(date: IsoDate): IsoDate {
  const { year, month, day } = partsOf(date);
  const moved = makeDate(year - 1, month, day);
  return partsOf(moved).month === month ? moved : makeDate(year - 1, month + 1, 0);
}

function toIso(date: Date): IsoDate {
  return date.toISOString().slice(0, 10);
}
