import type { IsoDate } from '../filters/calendar.js';
import type { Decimal } from '../format/decimal.js';
import type { Query } from '../warehouse/warehouse.js';
import { count, nullableText, text } from '../warehouse/warehouse.js';
import type { Scope } from './scope.js';
import { documents } from './scope.js';

/** The headline figures, in euro. */
export interface Totals {
  readonly total: Decimal;
  readonly invoiced: Decimal;
  readonly credited: Decimal;
  /** With tax, whatever the chosen measure. */
  readonly gross: Decimal;
  /** Without tax, whatever the chosen measure. */
  readonly net: Decimal;
  readonly open: Decimal;
  readonly overdue: Decimal;
  readonly invoiceCount: number;
  readonly overdueCount: number;
  readonly openCount: number;
  readonly documentCount: number;
  readonly firstDate: IsoDate | null;
  readonly lastDate: IsoDate | null;
}

export function totalsQuery(scope: Scope): Query<Totals> {
  const { sql, binds } = documents(scope);
  return {
    statement: {
      sql: `${sql}
select
  coalesce(sum(invoiced - credited), 0) as total,
  coalesce(sum(invoiced), 0) as invoiced,
  coalesce(sum(credited), 0) as credited,
  coalesce(sum(gross), 0) as gross,
  coalesce(sum(net), 0) as net,
  coalesce(sum(open_amount), 0) as open_amount,
  coalesce(sum(case when is_overdue then open_amount end), 0) as overdue_amount,
  count(case when counts_as_invoice then 1 end) as invoice_count,
  count(case when open_amount > 0 then 1 end) as open_count,
  count(case when is_overdue then 1 end) as overdue_count,
  count(*) as document_count,
  min(document_date) as first_date,
  max(document_date) as last_date
from documents`,
      binds,
    },
    read: ([row = {}]) => ({
      total: text(row, 'TOTAL'),
      invoiced: text(row, 'INVOICED'),
      credited: text(row, 'CREDITED'),
      gross: text(row, 'GROSS'),
      net: text(row, 'NET'),
      open: text(row, 'OPEN_AMOUNT'),
      overdue: text(row, 'OVERDUE_AMOUNT'),
      invoiceCount: count(row, 'INVOICE_COUNT'),
      openCount: count(row, 'OPEN_COUNT'),
      overdueCount: count(row, 'OVERDUE_COUNT'),
      documentCount: count(row, 'DOCUMENT_COUNT'),
      firstDate: nullableText(row, 'FIRST_DATE'),
      lastDate: nullableText(row, 'LAST_DATE'),
    }),
  };
}
