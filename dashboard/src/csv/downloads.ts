import type { Texts } from '../format/texts.js';
import { customersStatement } from '../queries/customers.js';
import { invoicesStatement } from '../queries/invoices.js';
import { cityRankingStatement, countryRankingStatement } from '../queries/ranking.js';
import type { Scope } from '../queries/scope.js';
import type { Statement } from '../warehouse/warehouse.js';
import type { CsvColumn } from './csv.js';

/** A file to download: all rows in scope, not only those on the screen. */
export interface Download {
  readonly statement: Statement;
  readonly columns: readonly CsvColumn[];
}

/** The file of that name, or undefined when there is none. */
export function downloadNamed(name: string, scope: Scope, texts: Texts): Download | undefined {
  switch (name) {
    case 'countries.csv':
      return { statement: countryRankingStatement(scope), columns: [...place(texts), ...amounts(texts)] };
    case 'cities.csv':
      return {
        statement: cityRankingStatement(scope),
        columns: [...place(texts), { heading: texts.city, source: 'CITY', kind: 'text' }, ...amounts(texts)],
      };
    case 'customers.csv':
      return { statement: customersStatement(scope), columns: customerColumns(texts) };
    case 'invoices.csv':
      return { statement: invoicesStatement(scope, 'newest'), columns: invoiceColumns(texts) };
    default:
      return undefined;
  }
}

function customerColumns(texts: Texts): CsvColumn[] {
  return [
    { heading: texts.rank, source: 'CUSTOMER_RANK', kind: 'decimal' },
    { heading: texts.customer, source: 'CONTACT_NAME', kind: 'text' },
    { heading: `${texts.total} EUR`, source: 'TOTAL', kind: 'decimal' },
    { heading: `${texts.openAmount} EUR`, source: 'OPEN_AMOUNT', kind: 'decimal' },
    { heading: texts.invoices, source: 'INVOICE_COUNT', kind: 'decimal' },
  ];
}

function place(texts: Texts): CsvColumn[] {
  return [
    { heading: texts.rank, source: 'PLACE_RANK', kind: 'decimal' },
    { heading: 'ISO 3166', source: 'COUNTRY_CODE', kind: 'text' },
    { heading: texts.country, source: 'COUNTRY_NAME', kind: 'text' },
  ];
}

function amounts(texts: Texts): CsvColumn[] {
  return [
    { heading: `${texts.total} EUR`, source: 'TOTAL', kind: 'decimal' },
    { heading: `${texts.invoicedAmount} EUR`, source: 'INVOICED', kind: 'decimal' },
    { heading: `${texts.creditedAmount} EUR`, source: 'CREDITED', kind: 'decimal' },
    { heading: `${texts.netAmount} EUR`, source: 'NET', kind: 'decimal' },
    { heading: `${texts.openAmount} EUR`, source: 'OPEN_AMOUNT', kind: 'decimal' },
    { heading: texts.invoices, source: 'INVOICE_COUNT', kind: 'decimal' },
    { heading: texts.share, source: 'SHARE', kind: 'decimal' },
  ];
}

function invoiceColumns(texts: Texts): CsvColumn[] {
  return [
    { heading: texts.number, source: 'INVOICE_NUMBER', kind: 'text' },
    { heading: texts.kind, source: 'INVOICE_TYPE', kind: 'text' },
    { heading: texts.status, source: 'INVOICE_STATUS', kind: 'text' },
    { heading: texts.date, source: 'INVOICE_DATE', kind: 'date' },
    { heading: texts.due, source: 'DUE_DATE', kind: 'date' },
    { heading: texts.customer, source: 'CONTACT_NAME', kind: 'text' },
    { heading: texts.city, source: 'CITY', kind: 'text' },
    { heading: 'ISO 3166', source: 'COUNTRY_CODE', kind: 'text' },
    { heading: texts.country, source: 'COUNTRY_NAME', kind: 'text' },
    { heading: texts.currency, source: 'CURRENCY', kind: 'text' },
    { heading: texts.documentAmount, source: 'TOTAL_AMOUNT_DOCUMENT', kind: 'decimal' },
    { heading: `${texts.total} EUR`, source: 'TOTAL_AMOUNT_EUR', kind: 'decimal' },
    { heading: `${texts.netAmount} EUR`, source: 'NET_AMOUNT_EUR', kind: 'decimal' },
    { heading: `${texts.openAmount} EUR`, source: 'OPEN_AMOUNT_EUR', kind: 'decimal' },
    { heading: texts.rate, source: 'EXCHANGE_RATE', kind: 'decimal' },
    { heading: texts.rateDate, source: 'EXCHANGE_RATE_DATE', kind: 'date' },
  ];
}
