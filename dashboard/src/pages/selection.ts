import { html } from 'hono/html';
import type { DateRange } from '../filters/calendar.js';
import type { Choices } from '../queries/choices.js';
import { cityName } from './city-name.js';
import type { Html, PageContext } from './page-context.js';

/**
 * Everything that the figures of a page are narrowed to, in one line: period with its dates, amounts, date, and each filter that is set.
 * Paper shows it in place of the form, which is not printed.
 *
 * @param search what customers are searched by
 */
export function selectionLine(
  context: PageContext,
  choices: Choices,
  { search, printOnly = false }: { readonly search?: string | undefined; readonly printOnly?: boolean } = {},
): Html {
  const { texts, scope } = context;
  const { country, city, status, currency, customer, measure, dateBasis } = scope.filters;
  const chosen: readonly (readonly [label: string, value: string | undefined])[] = [
    [texts.period, periodInWords(context)],
    [texts.measure, texts.measures[measure]],
    [texts.dateBasis, texts.dateBases[dateBasis]],
    [texts.country, country && countryNameOf(country, choices)],
    [texts.city, city && cityName(city, texts.unknownCity)],
    [texts.status, status && texts.statuses[status]],
    [texts.currency, currency],
    [texts.customer, customer && (choices.customerName ?? customer)],
    [texts.searchCustomers, search && texts.quoted(search)],
  ];
  const parts = chosen.flatMap(([label, value]) => (value ? [`${label}: ${value}`] : []));
  if (scope.countries) parts.push(texts.onlyCountries(scope.countries.join(', ')));
  return html`<p class="selection ${printOnly ? 'print-only' : ''}">${parts.join(' · ')}</p>`;
}

/** The chosen period by its name and with the dates that it means today. */
export function periodInWords({ texts, formats, scope }: PageContext): string {
  const { period, range } = scope.filters;
  const dates = datesInWords(range, { texts, formats });
  if (dates === undefined) return texts.periods.all;
  return period === 'custom' ? dates : `${texts.periods[period]} (${dates})`;
}

/** Undefined for a range that is open on both sides. */
function datesInWords({ from, to }: DateRange, { texts, formats }: Pick<PageContext, 'texts' | 'formats'>) {
  if (from !== undefined && to !== undefined) return `${formats.date(from)} – ${formats.date(to)}`;
  if (from !== undefined) return texts.since(formats.date(from));
  return to === undefined ? undefined : texts.until(formats.date(to));
}

/** A country as people read it; its code where there is no document of it. */
export function countryNameOf(code: string, choices: Choices): string {
  return choices.countries.find((country) => country.code === code)?.name ?? code;
}
