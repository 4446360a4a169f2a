/** Instants are unix seconds; sevDesk writes them as Berlin wall-clock time with its offset. */
export type Seconds = number;

export const DAY = 86_400;

const summerByYear = new Map<number, readonly [Seconds, Seconds]>();

function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0));
  return last.getUTCDate() - last.getUTCDay();
}

/** When summer time begins and ends in a year: 01:00 UTC on the last Sundays of March and October. */
export function summerTime(year: number): readonly [begin: Seconds, end: Seconds] {
  let summer = summerByYear.get(year);
  if (summer === undefined) {
    summer = [Date.UTC(year, 2, lastSunday(year, 2), 1) / 1000, Date.UTC(year, 9, lastSunday(year, 9), 1) / 1000];
    summerByYear.set(year, summer);
  }
  return summer;
}

/** Berlin's offset from UTC at an instant, in seconds. */
export function berlinOffset(instant: Seconds): number {
  const [begin, end] = summerTime(new Date(instant * 1000).getUTCFullYear());
  return instant >= begin && instant < end ? 7200 : 3600;
}

/** `2026-09-28T19:39:15+02:00`, as sevDesk writes an instant. */
export function berlinTimestamp(instant: Seconds): string {
  const offset = berlinOffset(instant);
  return new Date((instant + offset) * 1000).toISOString().slice(0, 19) + (offset === 7200 ? '+02:00' : '+01:00');
}

/** The Berlin calendar date of an instant, `YYYY-MM-DD`. */
export function berlinDate(instant: Seconds): string {
  return berlinTimestamp(instant).slice(0, 10);
}

/** The instant at which a wall clock in Berlin shows this time; the first one when it shows it twice. */
export function berlinInstant(year: number, month: number, day: number, secondOfDay = 0): Seconds {
  const wall = Date.UTC(year, month - 1, day) / 1000 + secondOfDay;
  const first = wall - 7200;
  return berlinOffset(first) === 7200 ? first : wall - 3600;
}

/** The last midnight in Berlin at or before an instant. */
export function berlinMidnight(instant: Seconds): Seconds {
  const local = new Date((instant + berlinOffset(instant)) * 1000);
  return berlinInstant(local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate());
}

/** The Berlin midnight `days` calendar days away from the one given. */
export function addBerlinDays(midnight: Seconds, days: number): Seconds {
  return berlinMidnight(midnight + days * DAY + DAY / 2);
}

/** The instant that a sevDesk timestamp names; NaN when it is none. */
export function parseTimestamp(text: unknown): Seconds {
  return typeof text === 'string' ? Date.parse(text) / 1000 : Number.NaN;
}
