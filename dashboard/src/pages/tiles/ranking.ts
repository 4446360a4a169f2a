import { html } from 'hono/html';
import { filterQuery } from '../../filters/filters.js';
import { approximate } from '../../format/decimal.js';
import type { Scope } from '../../queries/scope.js';
import type { RankedPlace } from '../../queries/ranking.js';
import { cityName } from '../city-name.js';
import type { Html, PageContext } from '../page-context.js';
import { sortableHead } from './sort-heading.js';

/** A ranking as a table with a bar in each row; a place's name narrows everything to it. */
export function rankingTable(
  context: PageContext,
  places: readonly RankedPlace[],
  { table, label }: { table: 'countries' | 'cities'; label: string },
): Html {
  const { texts, formats } = context;
  const longest = Math.max(0, ...places.map(({ total }) => approximate(total)));
  return html`<table class="ranking">
    <caption class="visually-hidden">
      ${label}
    </caption>
    <thead>
      ${sortableHead(context, table, [
        ['rank', html`<abbr title="${texts.rank}">#</abbr>`, 'number'],
        ['name', table === 'countries' ? texts.country : texts.city],
        ['total', texts.total, 'number'],
        ['share', texts.share, 'number wide-only'],
        ['invoices', texts.invoices, 'number wide-only'],
      ])}
    </thead>
    <tbody>
      ${places.map((place) => {
        const length = longest > 0 ? Math.max(0, approximate(place.total) / longest) * 100 : 0;
        return html`<tr data-place="${place.countryCode}${place.city === undefined ? '' : `/${place.city}`}">
          <td class="number quiet">${formats.count(place.rank)}</td>
          <th scope="row">
            ${placeLink(context, place)}
            <svg class="bar" width="100%" height="6" aria-hidden="true">
              <rect width="${length.toFixed(2)}%" height="6" rx="3" />
            </svg>
          </th>
          <td class="number strong">${formats.money(place.total)}</td>
          <td class="number wide-only">${place.share === null ? '–' : formats.percent(place.share)}</td>
          <td class="number wide-only">${invoicesLink(context, place)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

/** The number of a place's invoices, which opens them. */
function invoicesLink({ texts, formats, scope, href }: PageContext, place: RankedPlace): Html {
  const name = nameOf(place, texts.unknownCity);
  const count = formats.count(place.invoiceCount);
  return html`<a
    href="${href('/', queryOf(scope, place))}#invoices"
    aria-label="${texts.showInvoices(texts.invoiceCount(place.invoiceCount, count), name)}"
    data-swap
    >${count}</a
  >`;
}

const nameOf = (place: RankedPlace, unknownCity: string): string =>
  place.city === undefined ? place.countryName : cityName(place.city, unknownCity);

const queryOf = ({ filters }: Scope, { countryCode, city }: RankedPlace): URLSearchParams =>
  filterQuery(filters, { country: countryCode, ...(city !== undefined && { city }) });

function placeLink({ texts, scope, href }: PageContext, place: RankedPlace): Html {
  const name = nameOf(place, texts.unknownCity);
  return html`<a href="${href('/', queryOf(scope, place))}" aria-label="${texts.showOnly(name)}" data-swap>${name}</a>${
      place.city === undefined
        ? ''
        : html` <span class="quiet">${place.countryCode === 'ZZ' ? '' : place.countryCode}</span>`
    }`;
}
