import { html } from 'hono/html';
import { layOutTreemap } from '../../charts/treemap.js';
import { filterQuery } from '../../filters/filters.js';
import { approximate } from '../../format/decimal.js';
import type { RankedPlace } from '../../queries/ranking.js';
import { cityName } from '../filter-bar.js';
import type { Html, PageContext } from '../page-context.js';

const COLOURS = 6;

/** Cities as areas, in the colour of their country; the ranking beside it holds the same as text. */
export function cityTreemap(
  context: PageContext,
  cities: readonly RankedPlace[],
  countries: readonly RankedPlace[],
): Html {
  const { texts, formats, scope, href } = context;
  const colourOf = new Map(countries.map(({ countryCode }, index) => [countryCode, Math.min(index, COLOURS)]));
  const cells = layOutTreemap(cities, {
    size: ({ total }) => approximate(total),
    group: ({ countryCode }) => countryCode,
    aspect: 1.6,
  });
  const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;
  const legend = countries.slice(0, COLOURS);
  return html`<p class="quiet">${texts.treemapNote}</p>
    <ul class="treemap">
      ${cells.map(({ item, left, top, width, height }) => {
        const name = cityName(item.city ?? '', texts.unknownCity);
        const query = filterQuery(scope.filters, { country: item.countryCode, city: item.city });
        return html`<li
          style="left:${percent(left)};top:${percent(top)};width:${percent(width)};height:${percent(height)}"
        >
          <a
            class="colour-${colourOf.get(item.countryCode) ?? COLOURS}"
            href="${href('/', query)}"
            title="${name}, ${item.countryName}: ${formats.money(item.total)}"
            data-swap
          >
            <span class="cell-name">${name}</span>
            <span class="cell-value">${formats.money(item.total)}</span>
          </a>
        </li>`;
      })}
    </ul>
    <ul class="legend" aria-hidden="true">
      ${legend.map(({ countryName }, index) => html`<li><span class="swatch colour-${index}"></span>${countryName}</li>`)}
      ${countries.length > COLOURS ? html`<li><span class="swatch colour-${COLOURS}"></span>${texts.otherCountries}</li>` : ''}
    </ul>`;
}
