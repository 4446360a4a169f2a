import { dateIn } from '../filters/calendar.js';
import type { DateRange } from '../filters/calendar.js';
import { comparableRange, precedingRange } from '../filters/period.js';
import type { Choices } from '../queries/choices.js';
import { freshnessQuery } from '../queries/freshness.js';
import type { Scope } from '../queries/scope.js';
import type { Totals } from '../queries/totals.js';
import { totalsQuery } from '../queries/totals.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { ask } from '../warehouse/warehouse.js';
import type { Comparison } from './tiles/headline.js';

const TIME_ZONE = 'Europe/Berlin';

/**
 * What the chosen period is compared with: the period before and the year before. A period that still runs is compared with as many days
 * of the others, up to the day for which the data is complete. Only periods that lie wholly within the books are compared with, since
 * a part of one would mislead.
 */
export async function askComparisons(
  warehouse: Warehouse,
  scope: Scope,
  dates: Choices['dates'],
): Promise<Comparison[]> {
  const { range } = scope.filters;
  if (!dates || range.from === undefined) return [];
  const { dataAsOf } = await ask(warehouse, freshnessQuery());
  const complete = dataAsOf === null ? scope.today : dateIn(TIME_ZONE, new Date(dataAsOf));
  const until = complete < scope.today ? complete : scope.today;
  const before = precedingRange(range, until);
  const yearBefore = comparableRange(range, until);
  const isBoth = before !== undefined && before.from === yearBefore?.from;
  const others = [
    { of: isBoth ? 'both' : 'period_before', range: before },
    { of: 'year_before', range: isBoth ? undefined : yearBefore },
  ] as const;
  const asked = others.flatMap(({ of, range: other }) =>
    other === undefined || other.from < dates.from ? [] : [{ of, range: other }],
  );
  if (asked.length === 0) return [];
  const totalsOf = (other: DateRange): Promise<Totals> =>
    ask(warehouse, totalsQuery({ ...scope, filters: { ...scope.filters, range: other } }));
  const isRunning = range.to === undefined || range.to > until;
  const sameDays = totalsOf(isRunning ? { from: range.from, to: until } : range);
  return Promise.all(
    asked.map(async ({ of, range: other }) => ({
      of,
      range: other,
      totals: await totalsOf(other),
      sameDays: await sameDays,
    })),
  );
}
