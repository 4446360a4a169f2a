import type { DateRange } from '../filters/calendar.js';
import { isCurrencyCode } from '../filters/filters.js';
import type { Query } from '../warehouse/warehouse.js';
import { nullableText } from '../warehouse/warehouse.js';
import { allowed, countryName, dateColumns } from './scope.js';
import type { Scope } from './scope.js';

/** What the filters offer, and the dates between which there are documents. */
export interface Choices {
  readonly countries: readonly { readonly code: string; readonly name: string }[];
  readonly currencies: readonly string[];
  /** The name of the customer that is filtered by. */
  readonly customerName?: string;
  /** Undefined when there is no document at all. */
  readonly dates: Required<DateRange> | undefined;
}

export function choicesQuery(scope: Scope): Query<Choices> {
  const { language, filters } = scope;
  const mine = allowed(scope);
  const { invoice, creditNote } = dateColumns(filters);
  const documents = [
    ['invoices_summary', invoice],
    ['credit_notes_summary', creditNote],
  ].map(([table, date]) => {
    return `select country_code, max(${countryName(language)}) as country_name, currency, min(${date}) as first_date, max(${date}) as last_date
from ${table}
where ${mine.sql}
group by country_code, currency`;
  });
  return {
    statement: { sql: documents.join('\nunion all\n'), binds: [...mine.binds, ...mine.binds] },
    read: (rows) => {
      const countries = new Map(
        rows.flatMap((row) => {
          const code = nullableText(row, 'COUNTRY_CODE');
          return code === null ? [] : [[code, nullableText(row, 'COUNTRY_NAME') ?? code] as const];
        }),
      );
      const currencies = rows.map((row) => nullableText(row, 'CURRENCY') ?? '');
      const byName = new Intl.Collator(language).compare;
      const first = rows
        .map((row) => nullableText(row, 'FIRST_DATE'))
        .filter((date) => date !== null)
        .sort();
      const last = rows
        .map((row) => nullableText(row, 'LAST_DATE'))
        .filter((date) => date !== null)
        .sort();
      const [from, to] = [first[0], last.at(-1)];
      return {
        countries: [...countries].map(([code, name]) => ({ code, name })).sort((a, b) => byName(a.name, b.name)),
        // Only what the filter takes is offered.
        currencies: [...new Set(currencies.filter(isCurrencyCode))].sort(byName),
        dates: from !== undefined && to !== undefined ? { from, to } : undefined,
      };
    },
  };
}
