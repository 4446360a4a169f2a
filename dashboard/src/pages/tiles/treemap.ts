import { html } from 'hono/html';
import { countryColour } from '../../charts/country-colour.js';
import { layOutTreemap } from '../../charts/treemap.js';
import { filterQuery } from '../../filters/filters.js';
import { approximate } from '../../format/decimal.js';
import type { RankedPlace } from '../../queries/ranking.js';
import { cityName } from '../city-name.js';
import type { Html, PageContext } from '../page-context.js';

/** Cities as areas, in the colour of their country; the ranking beside it holds the same as text. */
export function cityTreemap(context: PageContext, cities: readonly RankedPlace[]): Html {
  const { texts, formats, scope, href } = context;
  const cells = layOutTreemap(cities, {
    size: ({ total }) => approximate(total),
    group: ({ countryCode }) => countryCode,
    aspect: 1.6,
  });
  const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;
  const legend = new Map(cities.map(({ countryCode, countryName }) => [countryCode, countryName]));
  return html`<p class="quiet">${texts.treemapNote}</p>
    <ul class="treemap">
      ${cells.map(({ item, left, top, width, height }) => {
        const name = cityName(item.city ?? '', texts.unknownCity);
        const query = filterQuery(scope.filters, { country: item.countryCode, city: item.city });
        return html`<li
          class="colour-${countryColour(item.countryCode)}"
          style="left:${percent(left)};top:${percent(top)};width:${percent(width)};height:${percent(height)}"
        >
          <a href="${href('/', query)}" title="${name}, ${item.countryName}: ${formats.money(item.total)}" data-swap>
            <span class="cell-name">${name}</span>
            <span class="cell-value">${formats.money(item.total)}</span>
          </a>
        </li>`;
      })}
    </ul>
    <ul class="legend" aria-hidden="true">
      ${[...legend].map(([code, name]) => html`<li><span class="swatch colour-${countryColour(code)}"></span>${name}</li>`)}
    </ul>`;
}
