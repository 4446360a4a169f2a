import { html } from 'hono/html';
import { filterQuery } from '../../filters/filters.js';
import { approximate } from '../../format/decimal.js';
import type { RankedPlace } from '../../queries/ranking.js';
import { cityName } from '../filter-bar.js';
import type { Html, PageContext } from '../page-context.js';

/** A ranking as a table with a bar in each row; a place's name narrows everything to it. */
export function rankingTable(context: PageContext, places: readonly RankedPlace[], { label }: { label: string }): Html {
  const { texts, formats } = context;
  const longest = Math.max(0, ...places.map(({ total }) => approximate(total)));
  return html`<table class="ranking">
    <caption class="visually-hidden">
      ${label}
    </caption>
    <thead>
      <tr>
        <th scope="col" class="number"><abbr title="${texts.rank}">#</abbr></th>
        <th scope="col">${places[0]?.city === undefined ? texts.country : texts.city}</th>
        <th scope="col" class="number">${texts.total}</th>
        <th scope="col" class="number wide-only">${texts.share}</th>
        <th scope="col" class="number wide-only">${texts.invoices}</th>
      </tr>
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
          <td class="number wide-only">${formats.count(place.invoiceCount)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function placeLink({ texts, scope, href }: PageContext, place: RankedPlace): Html {
  const name = place.city === undefined ? place.countryName : cityName(place.city, texts.unknownCity);
  const query = filterQuery(scope.filters, {
    country: place.countryCode,
    ...(place.city !== undefined && { city: place.city }),
  });
  return html`<a href="${href('/', query)}" aria-label="${texts.showOnly(name)}" data-swap>${name}</a>${
      place.city === undefined
        ? ''
        : html` <span class="quiet">${place.countryCode === 'ZZ' ? '' : place.countryCode}</span>`
    }`;
}
