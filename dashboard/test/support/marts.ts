import type { SnowflakeClient } from '../../../test/support/local-snowflake.js';
import type { Company, CreditNote, Invoice, Place } from './company.js';
import { readContract } from './contract.js';

/** Sums of one place or month, in cents. */
export interface Sums {
  readonly place: Place;
  invoiced: bigint;
  credited: bigint;
  net: bigint;
  open: bigint;
  invoiceCount: number;
}

/** Total of a place: what is ranked. */
export const totalOf = ({ invoiced, credited }: Sums): bigint => invoiced - credited;

/** Adds a company up in whole cents, apart from any SQL: the figures that the dashboard must show. */
export function addUp(company: Company, keyOf: (document: Invoice | CreditNote) => string): Map<string, Sums> {
  const groups = new Map<string, Sums>();
  const group = (document: Invoice | CreditNote): Sums => {
    const key = keyOf(document);
    const known = groups.get(key);
    if (known) return known;
    const made = { place: document.place, invoiced: 0n, credited: 0n, net: 0n, open: 0n, invoiceCount: 0 };
    groups.set(key, made);
    return made;
  };
  for (const invoice of company.invoices) {
    const sums = group(invoice);
    sums.invoiced += invoice.cents;
    sums.net += invoice.netCents;
    sums.open += invoice.openCents;
    sums.invoiceCount += invoice.counts ? 1 : 0;
  }
  for (const note of company.creditNotes) {
    const sums = group(note);
    sums.credited += note.cents;
    sums.net -= note.netCents;
  }
  return groups;
}

/** Cents as a decimal: `-1234.50`. */
export function decimal(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Makes the tables of ANALYTICS exactly as dbt's contract has them, without rows: what it lacks, the dashboard cannot read. */
export async function createMarts(client: SnowflakeClient, database = 'SEVDESK'): Promise<void> {
  await client.query(`create database if not exists ${database}`);
  await client.query(`create schema if not exists ${database}.ANALYTICS`);
  for (const [table, columns] of await readContract()) {
    const definitions = [...columns].map(([column, type]) => `${column} ${type}`);
    await client.query(`create or replace table ${database}.ANALYTICS.${table} (${definitions.join(', ')})`);
  }
}

/** Fills the tables with a company, the rankings and months added up apart from any SQL. */
export async function fillMarts(
  client: SnowflakeClient,
  company: Company,
  { dataAsOf, refreshedAt, database = 'SEVDESK' }: { dataAsOf: Date | null; refreshedAt: Date; database?: string },
): Promise<void> {
  const into = (table: string): string => `${database}.ANALYTICS.${table}`;
  const ages = { data_as_of: dataAsOf?.toISOString() ?? null, refreshed_at: refreshedAt.toISOString() };
  await insert(client, into('INVOICES_SUMMARY'), company.invoices.map(invoiceRow));
  await insert(client, into('CREDIT_NOTES_SUMMARY'), company.creditNotes.map(creditNoteRow));
  const countries = ranked([...addUp(company, ({ place }) => place.countryCode).values()]);
  await insert(
    client,
    into('INVOICES_AMOUNT_BY_COUNTRY'),
    countries.map(({ sums, rank, share }) => ({
      ...placeRow(sums.place),
      ...sumsRow(sums),
      share_of_total: share,
      rank_overall: rank,
      ...ages,
    })),
  );
  const cities = ranked([...addUp(company, ({ place }) => `${place.countryCode}/${place.city}`).values()]);
  await insert(
    client,
    into('INVOICES_AMOUNT_BY_CITY'),
    cities.map(({ sums, rank, share }) => ({
      ...placeRow(sums.place),
      city: sums.place.city,
      ...sumsRow(sums),
      share_of_total: share,
      rank_overall: rank,
      rank_in_country:
        1 +
        cities.filter(
          (other) => other.sums.place.countryCode === sums.place.countryCode && totalOf(other.sums) > totalOf(sums),
        ).length,
      ...ages,
    })),
  );
  const months = addUp(company, ({ date, place }) => `${date.slice(0, 7)}-01/${place.countryCode}`);
  await insert(
    client,
    into('REVENUE_BY_MONTH'),
    [...months].map(([key, sums]) => ({
      revenue_month: key.slice(0, 10),
      ...placeRow(sums.place),
      ...sumsRow(sums),
      ...ages,
    })),
  );
  await insert(client, into('INVOICES_EXCLUDED'), EXCLUDED);
  await insert(client, into('INVOICES_TO_REVIEW'), TO_REVIEW);
  await insert(client, into('PIPELINE_HEALTH'), [
    ...[
      ['RAW', 'INVOICES'],
      ['STAGING', 'INVOICES_STG'],
      ['DBT', 'ENRICHED'],
      ['ANALYTICS', 'INVOICES_SUMMARY'],
    ].map(([stage, table], index) => ({
      stage_order: index + 1,
      stage,
      table_name: table,
      row_count: company.invoices.length,
      newest_update: ages.refreshed_at,
      data_as_of: ages.data_as_of,
      age_minutes: 12,
    })),
  ]);
}

const EXCLUDED: Cells[] = [
  ['invoice', '1', 'draft', 'Drafts are not sent yet.', '120.00'],
  ['invoice', '2', 'draft', 'Drafts are not sent yet.', '80.50'],
  ['credit_note', '3', 'provision', 'Commission is not a correction of revenue.', null],
].map(([kind, id, reason, explanation, total]) => ({
  document_kind: kind ?? null,
  document_id: id ?? null,
  exclusion_reason: reason ?? null,
  explanation: explanation ?? null,
  total_amount_eur: total ?? null,
}));

const TO_REVIEW: Cells[] = [
  {
    document_kind: 'invoice',
    document_id: '9001',
    document_number: 'RE-9001',
    document_date: '2026-03-04',
    contact_name: 'Nordwind GmbH',
    reason: 'There is no ECB rate for UAH.',
    what_to_do: 'Add a rate to dbt/overrides.',
    amount_as_written: '1.234,56',
    currency: 'UAH',
    estimated_effect_eur: null,
    is_counted: false,
  },
  {
    document_kind: 'chain',
    document_id: '77',
    document_number: 'AB-77',
    document_date: '2026-02-01',
    contact_name: 'Südwind AG',
    reason: 'The parts are far from the order.',
    what_to_do: 'Decide the chain.',
    amount_as_written: '100.00',
    currency: 'EUR',
    estimated_effect_eur: '-20.00',
    is_counted: true,
  },
];

type Cells = Readonly<Record<string, string | number | boolean | null | undefined>>;

function placeRow({ countryCode, countryDe, countryEn }: Place): Cells {
  return { country_code: countryCode, country_name_de: countryDe, country_name_en: countryEn };
}

function sumsRow(sums: Sums): Cells {
  return {
    invoiced_amount_eur: decimal(sums.invoiced),
    credited_amount_eur: decimal(sums.credited),
    total_amount_eur: decimal(totalOf(sums)),
    net_amount_eur: decimal(sums.net),
    open_amount_eur: decimal(sums.open),
    invoice_count: sums.invoiceCount,
  };
}

function ranked(groups: readonly Sums[]): { sums: Sums; rank: number; share: string }[] {
  const all = groups.reduce((sum, group) => sum + totalOf(group), 0n);
  return groups.map((sums) => ({
    sums,
    rank: 1 + groups.filter((other) => totalOf(other) > totalOf(sums)).length,
    share: (Number(totalOf(sums)) / Number(all)).toFixed(6),
  }));
}

function invoiceRow(invoice: Invoice): Cells {
  const converted = invoice.currency !== 'EUR';
  return {
    invoice_id: invoice.id,
    invoice_number: invoice.number,
    invoice_type: invoice.type,
    invoice_status: invoice.status,
    invoice_date: invoice.date,
    invoice_month: `${invoice.date.slice(0, 7)}-01`,
    service_date: serviceDate(invoice.date),
    service_month: `${serviceDate(invoice.date).slice(0, 7)}-01`,
    due_date: invoice.dueDate,
    contact_id: contactId(invoice.customer),
    contact_name: invoice.customer,
    ...placeRow(invoice.place),
    city: invoice.place.city,
    currency: invoice.currency,
    total_amount_document: decimal(invoice.documentCents),
    total_amount_eur: decimal(invoice.cents),
    net_amount_eur: decimal(invoice.netCents),
    tax_amount_eur: decimal(invoice.cents - invoice.netCents),
    open_amount_eur: decimal(invoice.openCents),
    amount_source: converted ? 'ecb_rate' : 'sevdesk_sum',
    exchange_rate: converted ? '1.080000' : null,
    exchange_rate_date: converted ? invoice.date : null,
    counts_as_invoice: invoice.counts,
    is_cancellation: invoice.type === 'SR',
    is_cancelled: invoice.isCancelled,
    cancels_invoice_id: invoice.cancels,
  };
}

/** The end of the service: the last day of the month before the invoice. */
export function serviceDate(invoiceDate: string): string {
  const [year = 0, month = 1] = invoiceDate.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, 0)).toISOString().slice(0, 10);
}

/** An id for a customer's name. */
export const contactId = (customer: string): string =>
  String(Array.from(customer).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7));

function creditNoteRow(note: CreditNote): Cells {
  return {
    credit_note_id: note.id,
    credit_note_number: `GU-${note.id}`,
    credit_note_date: note.date,
    credit_note_month: `${note.date.slice(0, 7)}-01`,
    service_date: note.date,
    ...placeRow(note.place),
    city: note.place.city,
    currency: note.currency,
    credited_amount_eur: decimal(note.cents),
    credited_net_amount_eur: decimal(note.netCents),
    amount_source: note.currency === 'EUR' ? 'sevdesk_sum' : 'ecb_rate',
  };
}

const ROWS_AT_ONCE = 200;

async function insert(client: SnowflakeClient, table: string, rows: readonly Cells[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const values = rows
      .slice(start, start + ROWS_AT_ONCE)
      .map((row) => `(${columns.map((column) => literal(row[column])).join(', ')})`);
    await client.query(`insert into ${table} (${columns.join(', ')}) values ${values.join(', ')}`);
  }
}

function literal(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'string' ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` : String(value);
}
