import type { IsoDate } from '../filters/calendar.js';
import type { Filters, Measure } from '../filters/filters.js';
import type { Language } from '../format/language.js';

/** What every query is asked with. */
export interface Scope {
  readonly filters: Filters;
  /** The calendar date of the books: due dates before it are overdue. */
  readonly today: IsoDate;
  readonly language: Language;
  /** The countries whose documents the reader may see; all of them when it is not set. */
  readonly countries?: readonly string[];
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

/** The columns that hold the amounts of a measure, in INVOICES_SUMMARY and in CREDIT_NOTES_SUMMARY. */
const AMOUNT_COLUMNS: Readonly<Record<Measure, { invoiced: string; credited: string }>> = {
  gross: { invoiced: 'total_amount_eur', credited: 'credited_amount_eur' },
  net: { invoiced: 'net_amount_eur', credited: 'credited_net_amount_eur' },
};

/** The columns that hold the date by which documents belong to a period. */
export function dateColumns({ dateBasis }: Filters): { invoice: string; creditNote: string } {
  return dateBasis === 'service'
    ? { invoice: 'service_date', creditNote: 'service_date' }
    : { invoice: 'invoice_date', creditNote: 'credit_note_date' };
}

/** Conditions on INVOICES_SUMMARY. Under a status only invoices that stand are kept, since a cancellation has none of its own. */
export function invoiceConditions(scope: Scope): Fragment {
  const { filters, today } = scope;
  const parts = [
    allowed(scope),
    ...documentConditions(filters),
    ...dateConditions(dateColumns(filters).invoice, filters),
  ];
  if (filters.status === 'overdue') {
    parts.push({ sql: 'counts_as_invoice and open_amount_eur > 0 and due_date < cast(? as date)', binds: [today] });
  } else if (filters.status) {
    parts.push({ sql: 'counts_as_invoice and invoice_status = ?', binds: [filters.status] });
  }
  return all(parts);
}

/** Conditions on CREDIT_NOTES_SUMMARY. Under a status there are none of them: a credit note is not paid or open. */
export function creditNoteConditions(scope: Scope): Fragment {
  const { filters } = scope;
  const parts = [
    allowed(scope),
    ...documentConditions(filters),
    ...dateConditions(dateColumns(filters).creditNote, filters),
  ];
  if (filters.status) parts.push({ sql: 'false', binds: [] });
  return all(parts);
}

/**
 * A `with` clause that names `documents`: one row per counted invoice, cancellation and credit note in scope, with `document_date`,
 * `country_code`, `country_name`, `city`, `contact_id`, `contact_name` (null for credit notes), `invoiced`, `credited`, `gross`, `net`, `open_amount`, `is_overdue` and
 * `counts_as_invoice`. `invoiced` and `credited` are in the chosen measure; `open_amount` is always gross.
 */
export function documents(scope: Scope): Fragment {
  const invoices = invoiceConditions(scope);
  const creditNotes = creditNoteConditions(scope);
  const name = countryName(scope.language);
  const dates = dateColumns(scope.filters);
  const { invoiced, credited } = AMOUNT_COLUMNS[scope.filters.measure];
  const sql = `with documents as (
  select ${dates.invoice} as document_date, contact_id, contact_name, coalesce(country_code, 'ZZ') as country_code, ${name} as country_name,
    coalesce(city, 'Unknown') as city, coalesce(${invoiced}, 0) as invoiced, cast(0 as number(18, 2)) as credited,
    total_amount_eur as gross, net_amount_eur as net,
    open_amount_eur as open_amount, open_amount_eur > 0 and due_date < cast(? as date) as is_overdue, counts_as_invoice
  from invoices_summary
  where ${invoices.sql}
  union all
  select ${dates.creditNote}, contact_id, cast(null as varchar), coalesce(country_code, 'ZZ'), ${name}, coalesce(city, 'Unknown'),
    cast(0 as number(18, 2)), coalesce(${credited}, 0), -credited_amount_eur, -credited_net_amount_eur,
    cast(0 as number(18, 2)), false, false
  from credit_notes_summary
  where ${creditNotes.sql}
)`;
  return { sql, binds: [scope.today, ...invoices.binds, ...creditNotes.binds] };
}

/** The condition that keeps to what the reader may see: in every statement that reads documents. */
export function allowed({ countries }: Scope): Fragment {
  if (!countries) return { sql: 'true', binds: [] };
  if (countries.length === 0) return { sql: 'false', binds: [] };
  return { sql: `country_code in (${countries.map(() => '?').join(', ')})`, binds: countries };
}

function documentConditions({ country, city, currency, customer }: Filters): Fragment[] {
  return [
    ...(country ? [{ sql: 'country_code = ?', binds: [country] }] : []),
    ...(city ? [{ sql: 'city = ?', binds: [city] }] : []),
    ...(currency ? [{ sql: 'currency = ?', binds: [currency] }] : []),
    ...(customer ? [{ sql: 'contact_id = ?', binds: [customer] }] : []),
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
    sql:
      parts
        .map(({ sql }) => sql)
        .filter((sql) => sql !== 'true')
        .map((sql) => `(${sql})`)
        .join(' and ') || 'true',
    binds: parts.flatMap(({ binds }) => binds),
  };
}
