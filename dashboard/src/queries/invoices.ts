import type { IsoDate } from '../filters/calendar.js';
import type { Decimal } from '../format/decimal.js';
import type { Query, Statement } from '../warehouse/warehouse.js';
import { nullableText, text } from '../warehouse/warehouse.js';
import type { Scope } from './scope.js';
import { countryName, invoiceConditions } from './scope.js';

/** The orders of the invoice table; each is a total order, so that pages never overlap. */
export const INVOICE_ORDERS = {
  newest: 'invoice_date desc, invoice_id desc',
  oldest: 'invoice_date, invoice_id',
  largest: 'total_amount_eur desc, invoice_id',
  smallest: 'total_amount_eur, invoice_id',
  most_open: 'open_amount_eur desc, invoice_id',
  first_due: 'due_date nulls last, invoice_id',
  last_due: 'due_date desc nulls last, invoice_id',
  least_open: 'open_amount_eur, invoice_id',
  customer: 'contact_name nulls last, invoice_id',
  customer_desc: 'contact_name desc nulls last, invoice_id',
  city: 'city, invoice_id',
  city_desc: 'city desc, invoice_id',
  number: 'invoice_number nulls last, invoice_id',
  number_desc: 'invoice_number desc nulls last, invoice_id',
  status: 'invoice_status, invoice_id',
  status_desc: 'invoice_status desc, invoice_id',
} as const;

export type InvoiceOrder = keyof typeof INVOICE_ORDERS;

/** A row of the table. What a document lacks is null or empty: one odd document must not take the page away. */
export interface InvoiceRow {
  readonly id: string;
  readonly number: string | null;
  readonly type: string;
  readonly status: string;
  readonly date: IsoDate | null;
  readonly dueDate: IsoDate | null;
  readonly customer: string | null;
  readonly city: string;
  readonly countryName: string;
  readonly currency: string | null;
  readonly documentTotal: Decimal | null;
  readonly euroTotal: Decimal | null;
  readonly open: Decimal | null;
  readonly isOverdue: boolean;
  readonly isCancelled: boolean;
}

/** One page of the invoices in scope. */
export function invoicesQuery(
  scope: Scope,
  { order, page, pageSize }: { order: InvoiceOrder; page: number; pageSize: number },
): Query<readonly InvoiceRow[]> {
  const { sql, binds } = invoicesStatement(scope, order);
  return {
    statement: { sql: `${sql}\nlimit ${Math.trunc(pageSize)} offset ${Math.trunc((page - 1) * pageSize)}`, binds },
    read: (rows) =>
      rows.map((row) => ({
        id: text(row, 'INVOICE_ID'),
        number: nullableText(row, 'INVOICE_NUMBER'),
        type: nullableText(row, 'INVOICE_TYPE') ?? '',
        status: nullableText(row, 'INVOICE_STATUS') ?? '',
        date: nullableText(row, 'INVOICE_DATE'),
        dueDate: nullableText(row, 'DUE_DATE'),
        customer: nullableText(row, 'CONTACT_NAME'),
        city: nullableText(row, 'CITY') ?? '',
        countryName: nullableText(row, 'COUNTRY_NAME') ?? nullableText(row, 'COUNTRY_CODE') ?? '',
        currency: nullableText(row, 'CURRENCY'),
        documentTotal: nullableText(row, 'TOTAL_AMOUNT_DOCUMENT'),
        euroTotal: nullableText(row, 'TOTAL_AMOUNT_EUR'),
        open: nullableText(row, 'OPEN_AMOUNT_EUR'),
        isOverdue: text(row, 'IS_OVERDUE') === '1',
        isCancelled: text(row, 'IS_CANCELLED') === '1',
      })),
  };
}

/** All invoices in scope, for the table and for the file to download. */
export function invoicesStatement(scope: Scope, order: InvoiceOrder): Statement {
  const { sql, binds } = invoiceConditions(scope);
  return {
    sql: `select invoice_id, invoice_number, invoice_type, invoice_status, invoice_date, due_date, contact_name, city, country_code,
  ${countryName(scope.language)} as country_name, currency, total_amount_document, total_amount_eur, net_amount_eur, open_amount_eur,
  exchange_rate, exchange_rate_date,
  case when open_amount_eur > 0 and due_date < cast(? as date) then 1 else 0 end as is_overdue,
  case when is_cancelled then 1 else 0 end as is_cancelled
from invoices_summary
where ${sql}
order by ${INVOICE_ORDERS[order]}`,
    binds: [scope.today, ...binds],
  };
}
