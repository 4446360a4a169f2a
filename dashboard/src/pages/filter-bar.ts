import { html } from 'hono/html';
import { DATE_BASES, MEASURES, STATUSES, filterQuery } from '../filters/filters.js';
import { sortingParameters } from '../filters/sorting.js';
import { DEFAULT_PERIOD, PERIODS } from '../filters/period.js';
import type { Choices } from '../queries/choices.js';
import { cityName } from './city-name.js';
import type { Html, PageContext } from './page-context.js';
import { countryNameOf, periodInWords, selectionLine } from './selection.js';

/** The form that narrows the figures; it works without a script, which only spares the click on its button. */
export function filterBar(
  context: PageContext,
  choices: Choices,
  { path = '/', search }: { readonly path?: string; readonly search?: string | undefined } = {},
): Html {
  const { texts, language, sortings } = context;
  const { filters } = context.scope;
  return html`<form class="filters" method="get" action="${path}" aria-label="${texts.filters}" data-filters>
      <input type="hidden" name="lang" value="${language}" />
      ${select(
        'period',
        texts.period,
        filters.period,
        PERIODS.map((period) => [period, texts.periods[period]]),
      )}
      <div class="dates" ${filters.period === 'custom' ? '' : html`data-unused`}>
        ${dateField('from', texts.from, filters.range.from)} ${dateField('to', texts.to, filters.range.to)}
      </div>
      ${select('country', texts.country, filters.country, [
        ['', texts.allCountries],
        ...choices.countries.map(({ code, name }): Option => [code, name]),
      ])}
      ${select('status', texts.status, filters.status, [
        ['', texts.allStatuses],
        ...STATUSES.map((status): Option => [status, texts.statuses[status]]),
      ])}
      ${select('currency', texts.currency, filters.currency, [
        ['', texts.allCurrencies],
        ...choices.currencies.map((currency): Option => [currency, currency]),
      ])}
      ${select(
        'measure',
        texts.measure,
        filters.measure,
        MEASURES.map((measure): Option => [measure, texts.measures[measure]]),
      )}
      ${select(
        'date',
        texts.dateBasis,
        filters.dateBasis,
        DATE_BASES.map((basis): Option => [basis, texts.dateBases[basis]]),
      )}
      ${filters.customer ? html`<input type="hidden" name="customer" value="${filters.customer}" />` : ''}
      ${filters.city ? html`<input type="hidden" name="city" value="${filters.city}" />` : ''}
      ${sortingParameters(sortings).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <button type="submit" class="primary" data-apply>${texts.apply}</button>
    </form>
    ${selectionLine(context, choices, { search, printOnly: true })} ${chips(context, choices, path)}`;
}

type Option = readonly [value: string, label: string];

function select(name: string, label: string, value: string | undefined, options: readonly Option[]): Html {
  return html`<label class="field"
    ><span>${label}</span>
    <select name="${name}">
      ${options.map(([option, text]) => html`<option value="${option}" ${option === (value ?? '') ? html`selected` : ''}>${text}</option>`)}
    </select>
  </label>`;
}

function dateField(name: string, label: string, value: string | undefined): Html {
  return html`<label class="field"
    ><span>${label}</span> <input type="date" name="${name}" value="${value ?? ''}"
  /></label>`;
}

/** What narrows the figures now, each with a way to take it away, and what was left out of the address. */
function chips(context: PageContext, choices: Choices, path: string): Html {
  const { texts, scope, ignored, href } = context;
  const { filters } = scope;
  const { period, country, city, status, currency, customer, measure, dateBasis } = filters;
  const active: { label: string; change: Parameters<typeof filterQuery>[1] }[] = [
    ...(period === 'all' || period === DEFAULT_PERIOD
      ? []
      : [
          {
            label: periodInWords(context),
            change: { period: undefined, from: undefined, to: undefined },
          },
        ]),
    ...(country ? [{ label: countryNameOf(country, choices), change: { country: undefined } }] : []),
    ...(city ? [{ label: cityName(city, texts.unknownCity), change: { city: undefined } }] : []),
    ...(status ? [{ label: texts.statuses[status], change: { status: undefined } }] : []),
    ...(currency ? [{ label: currency, change: { currency: undefined } }] : []),
    ...(customer ? [{ label: choices.customerName ?? customer, change: { customer: undefined } }] : []),
    ...(measure === 'gross' ? [] : [{ label: texts.measures[measure], change: { measure: undefined } }]),
    ...(dateBasis === 'invoice' ? [] : [{ label: texts.dateBases[dateBasis], change: { date: undefined } }]),
  ];
  const notes = [
    ...(ignored.length > 0
      ? [texts.ignored(ignored.map(({ name, value }) => `${name}=${value.slice(0, 40)}`).join(', '))]
      : []),
    ...(status ? [texts.statusNote] : []),
  ];
  return html`${
    active.length === 0
      ? ''
      : html`<ul class="chips">
          ${active.map(
            ({ label, change }) =>
              html`<li>
                <a href="${href(path, filterQuery(filters, change))}" aria-label="${texts.remove(label)}" data-swap
                  >${label} <span aria-hidden="true">×</span></a
                >
              </li>`,
          )}
          <li><a class="plain" href="${href(path)}" data-swap>${texts.reset}</a></li>
        </ul>`
  }
  ${notes.map((note) => html`<p class="note">${note}</p>`)}`;
}
