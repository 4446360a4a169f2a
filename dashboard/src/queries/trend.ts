import type { DateRange, IsoDate } from '../filters/calendar.js';
import { addDays, daysBetween, makeDate, partsOf } from '../filters/calendar.js';
import type { Decimal } from '../format/decimal.js';
import type { Query } from '../warehouse/warehouse.js';
import { count, text } from '../warehouse/warehouse.js';
import type { Scope } from './scope.js';
import { documents } from './scope.js';

export type Grain = 'day' | 'month' | 'quarter' | 'year';

/** Revenue of one stretch of time, in euro. */
export interface TrendPoint {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly total: Decimal;
  readonly invoiceCount: number;
}

/** The finest grain that keeps the chart readable. */
export function grainFor({ from, to }: Required<DateRange>): Grain {
  const days = daysBetween(from, to) + 1;
  if (days <= 45) return 'day';
  if (days <= 4.1 * 366) return 'month';
  return days <= 12 * 366 ? 'quarter' : 'year';
}

/** The stretch of time that the filters show, within what the books hold: what is still to come of a running period has no columns. */
export function shownRange({ filters }: Scope, dates: Required<DateRange>): Required<DateRange> {
  const { from = dates.from, to = dates.to } = filters.range;
  return { from, to: to < dates.to ? to : dates.to };
}

/** Revenue per stretch within a range, stretches without a document included with 0. */
export function trendQuery(scope: Scope, range: Required<DateRange>): Query<readonly TrendPoint[]> {
  const { sql, binds } = documents(scope);
  const grain = grainFor(range);
  return {
    statement: {
      sql: `${sql}
select cast(date_trunc('${grain}', document_date) as date) as starts_on,
  sum(invoiced - credited) as total, count(case when counts_as_invoice then 1 end) as invoice_count
from documents
group by 1
order by 1`,
      binds,
    },
    read: (rows) => {
      const known = new Map(rows.map((row) => [text(row, 'STARTS_ON'), row]));
      return stretches(range, grain).map(({ from, to }) => {
        const row = known.get(from);
        return { from, to, total: row ? text(row, 'TOTAL') : '0', invoiceCount: row ? count(row, 'INVOICE_COUNT') : 0 };
      });
    },
  };
}

function stretches(range: Required<DateRange>, grain: Grain): Required<DateRange>[] {
  const result: Required<DateRange>[] = [];
  for (let from = startOf(range.from, grain); from <= range.to;) {
    const next = startAfter(from, grain);
    result.push({ from, to: addDays(next, -1) });
    from = next;
  }
  return result;
}

function startOf(date: IsoDate, grain: Grain): IsoDate {
  const { year, month, day } = partsOf(date);
  switch (grain) {
    case 'day':
      return makeDate(year, month, day);
    case 'month':
      return makeDate(year, month, 1);
    case 'quarter':
      return makeDate(year, month - ((month - 1) % 3), 1);
    case 'year':
      return makeDate(year, 1, 1);
  }
}

function startAfter(start: IsoDate, grain: Grain): IsoDate {
  const { year, month } = partsOf(start);
  if (grain === 'day') return addDays(start, 1);
  return makeDate(year, month + { month: 1, quarter: 3, year: 12 }[grain], 1);
}
