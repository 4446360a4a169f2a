import type { Texts } from '../format/texts.js';
import { choicesQuery } from '../queries/choices.js';
import { currenciesQuery } from '../queries/currencies.js';
import { customersStatement } from '../queries/customers.js';
import { exclusionsQuery } from '../queries/exclusions.js';
import { invoicesStatement } from '../queries/invoices.js';
import { pipelineQuery } from '../queries/pipeline.js';
import { cityRankingStatement, countryRankingStatement } from '../queries/ranking.js';
import { receivablesQuery } from '../queries/receivables.js';
import { reviewStatement } from '../queries/review.js';
import type { Scope } from '../queries/scope.js';
import { shownRange, trendQuery } from '../queries/trend.js';
import type { Row, Statement, Warehouse } from '../warehouse/warehouse.js';
import { ask } from '../warehouse/warehouse.js';
import type { Column } from './column.js';

/** A file to download: all rows in scope, not only those on the screen. */
export interface Download {
  readonly heading: string;
  readonly columns: readonly Column[];
  rows(warehouse: Warehouse): AsyncIterable<Row>;
}

/** What a file is made of, beside its name. */
export interface DownloadOptions {
  readonly scope: Scope;
  readonly texts: Texts;
  /**
   * For customers: those whose name contains it.
   *
   * @default all of them
   */
  readonly search?: string;
}

/** The table of that name, or undefined when there is none. */
export function downloadNamed(name: string, { scope, texts, search }: DownloadOptions): Download | undefined {
  switch (name) {
    case 'trend':
      return {
        heading: texts.trend,
        columns: [
          { heading: texts.from, source: 'STARTS_ON', kind: 'date' },
          { heading: texts.to, source: 'ENDS_ON', kind: 'date' },
          euro(texts.total, 'TOTAL'),
          invoiceCount(texts),
        ],
        rows: (warehouse) => trendRows(warehouse, scope),
      };
    case 'countries':
      return table(texts.countryRanking, [...place(texts), ...amounts(texts)], countryRankingStatement(scope));
    case 'cities':
      return table(texts.cityRanking, [...place(texts), city(texts), ...amounts(texts)], cityRankingStatement(scope));
    case 'customers':
      return table(texts.customerRanking, customerColumns(texts), customersStatement(scope, search));
    case 'receivables':
      return {
        heading: texts.receivables,
        columns: [
          { heading: texts.due, source: 'AGE', kind: 'text', names: texts.ages },
          euro(texts.openAmount, 'OPEN_AMOUNT'),
          invoiceCount(texts),
        ],
        rows: (warehouse) => receivableRows(warehouse, scope),
      };
    case 'currencies':
      return table(texts.currencies, currencyColumns(texts), currenciesQuery(scope).statement);
    case 'invoices':
      return table(texts.invoiceTable, invoiceColumns(texts), invoicesStatement(scope, 'newest'));
    case 'review':
      return table(texts.review, reviewColumns(texts), reviewStatement());
    case 'exclusions':
      return table(texts.exclusions, exclusionColumns(texts), exclusionsQuery().statement);
    case 'pipeline':
      return table(texts.pipeline, pipelineColumns(texts), pipelineQuery().statement);
    default:
      return undefined;
  }
}

const table = (heading: string, columns: readonly Column[], statement: Statement): Download => ({
  heading,
  columns,
  rows: (warehouse) => warehouse.stream(statement),
});

async function* trendRows(warehouse: Warehouse, scope: Scope): AsyncIterable<Row> {
  const { dates } = await ask(warehouse, choicesQuery(scope));
  if (!dates) return;
  for (const point of await ask(warehouse, trendQuery(scope, shownRange(scope, dates)))) {
    const { from, to, total, invoiceCount: invoices } = point;
    yield { STARTS_ON: from, ENDS_ON: to, TOTAL: total, INVOICE_COUNT: String(invoices) };
  }
}

async function* receivableRows(warehouse: Warehouse, scope: Scope): AsyncIterable<Row> {
  for (const { age, open, invoiceCount: invoices } of await ask(warehouse, receivablesQuery(scope)))
    yield { AGE: age, OPEN_AMOUNT: open, INVOICE_COUNT: String(invoices) };
}

const euro = (heading: string, source: string): Column => ({ heading: `${heading} EUR`, source, kind: 'amount' });

const rank = (texts: Texts, source: string): Column => ({ heading: texts.rank, source, kind: 'count' });

const invoiceCount = (texts: Texts): Column => ({ heading: texts.invoices, source: 'INVOICE_COUNT', kind: 'count' });

const city = (texts: Texts): Column => ({
  heading: texts.city,
  source: 'CITY',
  kind: 'text',
  names: { Unknown: texts.unknownCity },
});

const country = (texts: Texts): Column[] => [
  { heading: texts.countryCode, source: 'COUNTRY_CODE', kind: 'text' },
  { heading: texts.country, source: 'COUNTRY_NAME', kind: 'text' },
];

const place = (texts: Texts): Column[] => [rank(texts, 'PLACE_RANK'), ...country(texts)];

const amounts = (texts: Texts): Column[] => [
  euro(texts.total, 'TOTAL'),
  euro(texts.invoicedAmount, 'INVOICED'),
  euro(texts.creditedAmount, 'CREDITED'),
  euro(texts.netAmount, 'NET'),
  euro(texts.openAmount, 'OPEN_AMOUNT'),
  invoiceCount(texts),
  { heading: texts.share, source: 'SHARE', kind: 'share' },
];

const customerColumns = (texts: Texts): Column[] => [
  rank(texts, 'CUSTOMER_RANK'),
  { heading: texts.customer, source: 'CONTACT_NAME', kind: 'text' },
  euro(texts.total, 'TOTAL'),
  euro(texts.openAmount, 'OPEN_AMOUNT'),
  invoiceCount(texts),
];

const currencyColumns = (texts: Texts): Column[] => [
  { heading: texts.currency, source: 'CURRENCY', kind: 'text' },
  { heading: texts.billed, source: 'DOCUMENT_TOTAL', kind: 'amount' },
  euro(texts.total, 'EURO_TOTAL'),
  invoiceCount(texts),
  { heading: texts.convertedCount, source: 'CONVERTED_COUNT', kind: 'count' },
];

const invoiceColumns = (texts: Texts): Column[] => [
  { heading: texts.number, source: 'INVOICE_NUMBER', kind: 'text' },
  { heading: texts.kind, source: 'INVOICE_TYPE', kind: 'text', names: texts.types },
  { heading: texts.status, source: 'INVOICE_STATUS', kind: 'text', names: texts.statuses },
  { heading: texts.date, source: 'INVOICE_DATE', kind: 'date' },
  { heading: texts.due, source: 'DUE_DATE', kind: 'date' },
  { heading: texts.customer, source: 'CONTACT_NAME', kind: 'text' },
  city(texts),
  ...country(texts),
  { heading: texts.currency, source: 'CURRENCY', kind: 'text' },
  { heading: texts.documentAmount, source: 'TOTAL_AMOUNT_DOCUMENT', kind: 'amount' },
  euro(texts.total, 'TOTAL_AMOUNT_EUR'),
  euro(texts.netAmount, 'NET_AMOUNT_EUR'),
  euro(texts.openAmount, 'OPEN_AMOUNT_EUR'),
  { heading: texts.rate, source: 'EXCHANGE_RATE', kind: 'rate' },
  { heading: texts.rateDate, source: 'EXCHANGE_RATE_DATE', kind: 'date' },
];

const reviewColumns = (texts: Texts): Column[] => [
  { heading: texts.kind, source: 'DOCUMENT_KIND', kind: 'text', names: texts.kinds },
  { heading: texts.number, source: 'DOCUMENT_NUMBER', kind: 'text' },
  { heading: texts.date, source: 'DOCUMENT_DATE', kind: 'date' },
  { heading: texts.customer, source: 'CONTACT_NAME', kind: 'text' },
  { heading: texts.reason, source: 'REASON', kind: 'text' },
  { heading: texts.whatToDo, source: 'WHAT_TO_DO', kind: 'text' },
  { heading: texts.amountAsWritten, source: 'AMOUNT_AS_WRITTEN', kind: 'text' },
  { heading: texts.currency, source: 'CURRENCY', kind: 'text' },
  { heading: texts.estimatedEffect, source: 'ESTIMATED_EFFECT_EUR', kind: 'amount' },
  {
    heading: texts.counted,
    source: 'IS_COUNTED',
    kind: 'text',
    names: { 0: texts.notCountedShort, 1: texts.counted },
  },
];

const exclusionColumns = (texts: Texts): Column[] => [
  { heading: texts.reason, source: 'EXCLUSION_REASON', kind: 'text' },
  { heading: texts.explanation, source: 'EXPLANATION', kind: 'text' },
  { heading: texts.kind, source: 'DOCUMENT_KIND', kind: 'text', names: texts.kinds },
  { heading: texts.documentCount, source: 'DOCUMENT_COUNT', kind: 'count' },
  euro(texts.total, 'TOTAL'),
];

const pipelineColumns = (texts: Texts): Column[] => [
  { heading: texts.stage, source: 'STAGE', kind: 'text' },
  { heading: texts.table, source: 'TABLE_NAME', kind: 'text' },
  { heading: texts.rows, source: 'ROW_COUNT', kind: 'count' },
  { heading: texts.newestChange, source: 'NEWEST_UPDATE', kind: 'instant' },
  { heading: texts.dataAsOf, source: 'DATA_AS_OF', kind: 'instant' },
];
