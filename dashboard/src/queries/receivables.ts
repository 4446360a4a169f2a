import type { Decimal } from '../format/decimal.js';
import type { Query } from '../warehouse/warehouse.js';
import { count, text } from '../warehouse/warehouse.js';
import type { Scope } from './scope.js';
import { invoiceConditions } from './scope.js';

export const AGES = ['not_due', 'days_1_30', 'days_31_60', 'days_61_90', 'days_over_90'] as const;

/** How long ago an open invoice fell due. An invoice due today is not overdue yet. */
export type Age = (typeof AGES)[number];

/** What is still to be paid, by how long it has been due. */
export interface Receivable {
  readonly age: Age;
  readonly open: Decimal;
  readonly invoiceCount: number;
}

/** Open amounts in every age, ages without any included with 0. */
export function receivablesQuery(scope: Scope): Query<readonly Receivable[]> {
  const { sql, binds } = invoiceConditions(scope);
  return {
    statement: {
      sql: `with open_invoices as (
  select open_amount_eur, datediff('day', due_date, cast(? as date)) as days_overdue
  from invoices_summary
  where open_amount_eur > 0 and ${sql}
)
select
  case
    when days_overdue > 90 then 'days_over_90'
    when days_overdue > 60 then 'days_61_90'
    when days_overdue > 30 then 'days_31_60'
    when days_overdue > 0 then 'days_1_30'
    else 'not_due'
  end as age,
  sum(open_amount_eur) as open_amount,
  count(*) as invoice_count
from open_invoices
group by 1`,
      binds: [scope.today, ...binds],
    },
    read: (rows) => {
      const known = new Map(rows.map((row) => [text(row, 'AGE'), row]));
      return AGES.map((age) => {
        const row = known.get(age);
        return { age, open: row ? text(row, 'OPEN_AMOUNT') : '0', invoiceCount: row ? count(row, 'INVOICE_COUNT') : 0 };
      });
    },
  };
}
