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

/** What is the same all through a UTC day; a company has few days and many timestamps. */
interface DayFacts {
  /** Undefined on the two days a year on which it changes. */
  readonly offset: number | undefined;
  readonly date: string;
}

const factsByDay = new Map<number, DayFacts>();

function dayFacts(day: number): DayFacts {
  let facts = factsByDay.get(day);
  if (facts === undefined) {
    const [first, last] = [berlinOffset(day * DAY), berlinOffset(day * DAY + DAY - 1)];
    facts = { offset: first === last ? first : undefined, date: new Date(day * DAY * 1000).toISOString().slice(0, 10) };
    factsByDay.set(day, facts);
  }
  return facts;
}

const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

/** `2026-09-28T19:39:15+02:00`, as sevDesk writes an instant. */
export function berlinTimestamp(instant: Seconds): string {
  const offset = dayFacts(Math.floor(instant / DAY)).offset ?? berlinOffset(instant);
  const wall = instant + offset;
  const day = Math.floor(wall / DAY);
  const second = wall - day * DAY;
  const hour = Math.floor(second / 3600);
  const minute = Math.floor((second % 3600) / 60);
  return `${dayFacts(day).date}T${twoDigits[hour]}:${twoDigits[minute]}:${twoDigits[second % 60]}${offset === 7200 ? '+02:00' : '+01:00'}`;
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
  const offset = dayFacts(Math.floor(instant / DAY)).offset ?? berlinOffset(instant);
  const wall = Math.floor((instant + offset) / DAY) * DAY;
  return wall - berlinOffset(wall - offset);
}

/** The Berlin midnight `days` calendar days away from the one given. */
export function addBerlinDays(midnight: Seconds, days: number): Seconds {
  return berlinMidnight(midnight + days * DAY + DAY / 2);
}

/** The instant that a sevDesk timestamp names; NaN when it is none. */
export function parseTimestamp(text: unknown): Seconds {
  return typeof text === 'string' ? Date.parse(text) / 1000 : Number.NaN;
}
