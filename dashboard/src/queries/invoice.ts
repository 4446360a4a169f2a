import type { Query, Row } from '../warehouse/warehouse.js';
import type { Scope } from './scope.js';
import { allowed, countryName } from './scope.js';

/** What the detail page of an invoice shows, by the column's name. */
export const INVOICE_DETAILS = [
  'INVOICE_ID',
  'INVOICE_NUMBER',
  'INVOICE_TYPE',
  'INVOICE_STATUS',
  'INVOICE_DATE',
  'SERVICE_DATE',
  'DUE_DATE',
  'CONTACT_ID',
  'CONTACT_NAME',
  'CUSTOMER_NUMBER',
  'CITY',
  'CITY_AS_WRITTEN',
  'CITY_SOURCE',
  'ZIP',
  'COUNTRY_CODE',
  'COUNTRY_SOURCE',
  'CURRENCY',
  'TOTAL_AMOUNT_DOCUMENT',
  'TOTAL_AMOUNT_EUR',
  'NET_AMOUNT_EUR',
  'TAX_AMOUNT_EUR',
  'TAX_RATE',
  'PAID_AMOUNT_EUR',
  'OPEN_AMOUNT_EUR',
  'EXCHANGE_RATE',
  'EXCHANGE_RATE_DATE',
  'AMOUNT_SOURCE',
  'CHAIN_ID',
] as const;

export type InvoiceDetail = (typeof INVOICE_DETAILS)[number];

/** One counted invoice with all that was made of it; undefined when there is none of that id that the reader may see. */
export function invoiceQuery(scope: Scope, id: string): Query<Row | undefined> {
  const { sql, binds } = allowed(scope);
  return {
    statement: {
      sql: `select ${INVOICE_DETAILS.join(', ').toLowerCase()}, ${countryName(scope.language)} as country_name
from invoices_summary
where invoice_id = ? and ${sql}`,
      binds: [id, ...binds],
    },
    read: ([row]) => row,
  };
}
