import type { Decimal } from '../format/decimal.js';
import type { Query } from '../warehouse/warehouse.js';
import { count, nullableText } from '../warehouse/warehouse.js';
import type { Scope } from './scope.js';
import { invoiceConditions } from './scope.js';

/** The invoices written in one currency, and what they come to in euro. */
export interface CurrencyShare {
  /** As the documents have it: usually a code of three letters, but whatever came, or null. */
  readonly currency: string | null;
  readonly invoiceCount: number;
  readonly documentTotal: Decimal | null;
  readonly euroTotal: Decimal | null;
  /** How many of them were converted with a rate of the ECB; sevDesk gave the euro sum of the others. */
  readonly convertedCount: number;
}

/** Invoices by the currency that they are written in, euro first. */
export function currenciesQuery(scope: Scope): Query<readonly CurrencyShare[]> {
  const { sql, binds } = invoiceConditions(scope);
  return {
    statement: {
      sql: `select currency, count(*) as invoice_count, sum(total_amount_document) as document_total, sum(total_amount_eur) as euro_total,
  count(case when amount_source <> 'sevdesk_sum' then 1 end) as converted_count
from invoices_summary
where ${sql}
group by currency
order by case when currency = 'EUR' then 0 else 1 end, euro_total desc`,
      binds,
    },
    read: (rows) =>
      rows.map((row) => ({
        currency: nullableText(row, 'CURRENCY'),
        invoiceCount: count(row, 'INVOICE_COUNT'),
        documentTotal: nullableText(row, 'DOCUMENT_TOTAL'),
        euroTotal: nullableText(row, 'EURO_TOTAL'),
        convertedCount: count(row, 'CONVERTED_COUNT'),
      })),
  };
}
