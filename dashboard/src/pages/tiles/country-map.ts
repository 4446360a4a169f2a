import { html } from 'hono/html';
import { drawCountries } from '../../charts/country-map.js';
import type { CountryMap, MapCountry } from '../../charts/country-map.js';
import { filterQuery } from '../../filters/filters.js';
import { approximate } from '../../format/decimal.js';
import type { RankedPlace } from '../../queries/ranking.js';
import type { Html, PageContext } from '../page-context.js';

/** Where a country's colour changes, as parts of the revenue: a few countries always have most of it. */
const STEPS = [0.01, 0.05, 0.2, 0.5] as const;

/** What a finger or a pointer hits, in pixels. */
const TARGET = 24;
/** The widths from which a country is wide enough to be a link; `dashboard.css` knows them. */
const WIDTHS = [280, 420, 560] as const;

/** Countries on a map, the darker the more of the revenue comes from them; each is a link that narrows everything to it. */
export function countryMap(context: PageContext, countries: readonly RankedPlace[]): Html {
  const { texts, formats } = context;
  const places = new Map(countries.map((place) => [place.countryCode, place]));
  const { maps, unknown } = drawCountries([...places.keys()]);
  const left = unknown.flatMap((code) => places.get(code) ?? []);
  return html`${maps.map((map) => drawing(context, map, places))}
  ${
    maps.length === 0
      ? ''
      : html`<ul class="legend" aria-label="${texts.shareOfRevenue}">
          ${[undefined, ...STEPS].map(
            (from, step) =>
              html`<li>
                <span class="swatch share-${step}"></span
                >${texts.shareSteps(from && formats.wholePercent(from), STEPS[step] && formats.wholePercent(STEPS[step]))}
              </li>`,
          )}
        </ul>`
  }
  ${
    left.length === 0
      ? ''
      : html`<p class="quiet">
          ${texts.notOnTheMap(left.map(({ countryName, total }) => `${countryName} (${formats.money(total)})`).join(', '))}
        </p>`
  }`;
}

function drawing(context: PageContext, map: CountryMap, places: ReadonlyMap<string, RankedPlace>): Html {
  const { texts, formats } = context;
  const drawn = map.countries.flatMap((country) => {
    const place = places.get(country.code);
    return place ? [{ country, place }] : [];
  });
  const first = drawn[0]?.place;
  return html`<svg
    class="country-map"
    viewBox="0 0 ${map.width} ${map.height}"
    role="group"
    aria-labelledby="map-${map.view}"
    aria-describedby="map-${map.view}-about"
  >
    <title id="map-${map.view}">${texts.mapTitles[map.view]}</title>
    <desc id="map-${map.view}-about">
      ${texts.mapDescription(drawn.length, first?.countryName ?? '', formats.money(first?.total ?? null))}
    </desc>
    <path class="land" d="${map.land}" />
    ${drawn.map(({ country, place }) => shape(context, country, place, map.width))}
  </svg>`;
}

function shape({ scope, formats, href }: PageContext, country: MapCountry, place: RankedPlace, width: number): Html {
  const share = place.share === null ? 0 : approximate(place.share);
  const figure = `${place.countryName}: ${formats.money(place.total)}${place.share === null ? '' : `, ${formats.percent(place.share)}`}`;
  const room = WIDTHS.find((candidate) => (country.extent * candidate) / width >= TARGET);
  return html`<a
    href="${href('/', filterQuery(scope.filters, { country: place.countryCode }))}"
    aria-label="${figure}"
    class="${room === WIDTHS[0] ? '' : `needs-room ${room === undefined ? '' : `from-${room}`}`}"
    data-country="${place.countryCode}"
    data-swap
    ><title>${figure}</title>
    <path class="share-${share > 0 ? STEPS.filter((step) => share >= step).length : 'none'}" d="${country.path}"
  /></a>`;
}
