import type { IsoDate } from '../filters/calendar.js';
import type { Filters } from '../filters/filters.js';
import type { Language } from '../format/language.js';

/** What every query is asked with. */
export interface Scope {
  readonly filters: Filters;
  /** The calendar date of the books: due dates before it are overdue. */
  readonly today: IsoDate;
  readonly language: Language;
}

/** SQL and the values of its question marks, in order. */
export interface Fragment {
  readonly sql: string;
  readonly binds: readonly string[];
}

/** The column that holds a country's name in a language. */
export function countryName(language: Language): string {
  return language === 'de' ? 'country_name_de' : 'country_name_en';
}

/** Conditions on INVOICES_SUMMARY. Under a status only invoices that stand are kept, since a cancellation has none of its own. */
export function invoiceConditions({ filters, today }: Scope): Fragment {
  const parts = [...placeConditions(filters), ...dateConditions('invoice_date', filters)];
  if (filters.status === 'overdue') {
    parts.push({ sql: 'counts_as_invoice and open_amount_eur > 0 and due_date < cast(? as date)', binds: [today] });
  } else if (filters.status) {
    parts.push({ sql: 'counts_as_invoice and invoice_status = ?', binds: [filters.status] });
  }
  return all(parts);
}

/** Conditions on CREDIT_NOTES_SUMMARY. Under a status there are none of them: a credit note is not paid or open. */
export function creditNoteConditions({ filters }: Scope): Fragment {
  const parts = [...placeConditions(filters), ...dateConditions('credit_note_date', filters)];
  if (filters.status) parts.push({ sql: 'false', binds: [] });
  return all(parts);
}

/**
 * A `with` clause that names `documents`: one row per counted invoice, cancellation and credit note in scope, with `document_date`,
 * `country_code`, `country_name`, `city`, `invoiced`, `credited`, `net`, `open_amount`, `is_overdue` and `counts_as_invoice`.
 */
export function documents(scope: Scope): Fragment {
  const invoices = invoiceConditions(scope);
  const creditNotes = creditNoteConditions(scope);
  const name = countryName(scope.language);
  const sql = `with documents as (
  select invoice_date as document_date, coalesce(country_code, 'ZZ') as country_code, ${name} as country_name,
    coalesce(city, 'Unknown') as city, coalesce(total_amount_eur, 0) as invoiced, cast(0 as number(18, 2)) as credited, net_amount_eur as net,
    open_amount_eur as open_amount, open_amount_eur > 0 and due_date < cast(? as date) as is_overdue, counts_as_invoice
  from invoices_summary
  where ${invoices.sql}
  union all
  select credit_note_date, coalesce(country_code, 'ZZ'), ${name}, coalesce(city, 'Unknown'),
    cast(0 as number(18, 2)), credited_amount_eur, -credited_net_amount_eur,
    cast(0 as number(18, 2)), false, false
  from credit_notes_summary
  where ${creditNotes.sql}
)`;
  return { sql, binds: [scope.today, ...invoices.binds, ...creditNotes.binds] };
}

function placeConditions({ country, city, currency }: Filters): Fragment[] {
  return [
    ...(country ? [{ sql: 'country_code = ?', binds: [country] }] : []),
    ...(city ? [{ sql: 'city = ?', binds: [city] }] : []),
    ...(currency ? [{ sql: 'currency = ?', binds: [currency] }] : []),
  ];
}

function dateConditions(column: string, { range }: Filters): Fragment[] {
  return [
    ...(range.from ? [{ sql: `${column} >= cast(? as date)`, binds: [range.from] }] : []),
    ...(range.to ? [{ sql: `${column} <= cast(? as date)`, binds: [range.to] }] : []),
  ];
}

function all(parts: readonly Fragment[]): Fragment {
  return {
    sql: parts.map(({ sql }) => `(${sql})`).join(' and ') || 'true',
    binds: parts.flatMap(({ binds }) => binds),
  };
}
