import { html } from 'hono/html';
import { filterQuery } from '../filters/filters.js';
import { comparableRange } from '../filters/period.js';
import { choicesQuery } from '../queries/choices.js';
import type { Choices } from '../queries/choices.js';
import { currenciesQuery } from '../queries/currencies.js';
import type { InvoiceOrder } from '../queries/invoices.js';
import { invoicesQuery } from '../queries/invoices.js';
import { cityRankingQuery, countryRankingQuery } from '../queries/ranking.js';
import { receivablesQuery } from '../queries/receivables.js';
import { totalsQuery } from '../queries/totals.js';
import { grainFor, trendQuery } from '../queries/trend.js';
import { ask } from '../warehouse/warehouse.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { filterBar } from './filter-bar.js';
import type { Html, PageContext } from './page-context.js';
import { currencyNote } from './tiles/currencies.js';
import { headline } from './tiles/headline.js';
import { invoiceTable, orderMenu } from './tiles/invoice-table.js';
import { rankingTable } from './tiles/ranking.js';
import { receivablesByAge } from './tiles/receivables.js';
import { downloadLink, tile } from './tiles/tile.js';
import { cityTreemap } from './tiles/treemap.js';
import { trendChart } from './tiles/trend.js';

const PAGE_SIZE = 25;
const CITIES_AT_FIRST = 12;
const CITIES_IN_TREEMAP = 60;
const CITIES_AT_MOST = 1000;

/** How the user looks at the figures, beside what they are narrowed to. */
export interface DashboardView {
  readonly order: InvoiceOrder;
  readonly page: number;
  readonly allCities: boolean;
}

/** The revenue page, or undefined when there is no document at all. */
export async function dashboardPage(
  warehouse: Warehouse,
  context: PageContext,
  view: DashboardView,
): Promise<Html | undefined> {
  const choices = await ask(warehouse, choicesQuery(context.language));
  if (!choices.dates) return undefined;
  return html`${filterBar(context, choices)}
  ${await figures(warehouse, context, { ...view, choices: { ...choices, dates: choices.dates } })}`;
}

async function figures(
  warehouse: Warehouse,
  context: PageContext,
  { order, page, allCities, choices }: DashboardView & { choices: Choices & { dates: NonNullable<Choices['dates']> } },
): Promise<Html> {
  const { texts, formats, scope, href } = context;
  const { filters } = scope;
  const earlier = comparableRange(filters.range, scope.today);
  const range = {
    from: filters.range.from ?? choices.dates.from,
    to: [filters.range.to, choices.dates.to].filter((date) => date !== undefined).sort()[0] ?? choices.dates.to,
  };
  const grain = grainFor(range);
  const [totals, yearBefore, countries, cities, trend, receivables, currencies, invoices] = await Promise.all([
    ask(warehouse, totalsQuery(scope)),
    earlier && ask(warehouse, totalsQuery({ ...scope, filters: { ...filters, range: earlier } })),
    ask(warehouse, countryRankingQuery(scope)),
    ask(warehouse, cityRankingQuery(scope, allCities ? CITIES_AT_MOST : CITIES_IN_TREEMAP)),
    ask(warehouse, trendQuery(scope, range)),
    ask(warehouse, receivablesQuery(scope)),
    ask(warehouse, currenciesQuery(scope)),
    ask(warehouse, invoicesQuery(scope, { order, page, pageSize: PAGE_SIZE })),
  ]);
  const shownCities = allCities ? cities : cities.slice(0, CITIES_AT_FIRST);
  const invoiceTotal = currencies.reduce((sum, { invoiceCount }) => sum + invoiceCount, 0);
  const download = (name: string, what: string): Html =>
    downloadLink({
      href: href(`/csv/${name}.csv`, filterQuery(filters)),
      label: 'CSV',
      what: texts.downloadWhat(what),
    });
  const announcement = texts.announce(
    formats.money(totals.total),
    texts.invoiceCount(totals.invoiceCount, formats.count(totals.invoiceCount)),
  );
  return html`<div data-announce="${announcement}">
    ${headline(context, totals, yearBefore)}
    <div class="grid">
      ${tile({
        id: 'countries',
        heading: texts.countryRanking,
        aside: download('countries', texts.countryRanking),
        content: rankingTable(context, countries, { label: texts.countryRanking }),
      })}
      ${tile({ id: 'map', heading: texts.treemap, content: cityTreemap(context, cities.slice(0, CITIES_IN_TREEMAP), countries) })}
      ${tile({
        id: 'trend',
        heading: `${texts.trend}, ${texts.trendBy[grain]}`,
        content: trendChart(context, trend, grain),
      })}
      ${tile({
        id: 'cities',
        heading: texts.cityRanking,
        aside: download('cities', texts.cityRanking),
        content: html`${rankingTable(context, shownCities, { label: texts.cityRanking })}
        ${cityToggle(context, { shown: shownCities.length, all: cities[0]?.placeCount ?? 0, allCities })}`,
      })}
      ${tile({ id: 'receivables', heading: texts.receivables, content: receivablesByAge(context, receivables) })}
      ${tile({ id: 'currencies', heading: texts.currencies, content: currencyNote(context, currencies) })}
      ${tile({
        id: 'invoices',
        heading: texts.invoiceTable,
        aside: html`${orderMenu(context, order)} ${download('invoices', texts.invoiceTable)}`,
        content: invoiceTable(context, invoices, {
          order,
          page,
          pageCount: Math.max(1, Math.ceil(invoiceTotal / PAGE_SIZE)),
        }),
      })}
    </div>
  </div>`;
}

function cityToggle(
  { texts, formats, scope, href }: PageContext,
  { shown, all, allCities }: { shown: number; all: number; allCities: boolean },
): Html {
  if (all <= CITIES_AT_FIRST) return html``;
  const query = filterQuery(scope.filters);
  if (!allCities) query.set('cities', 'all');
  return html`<p class="more">
    <a href="${href('/', query)}#cities" data-swap
      >${allCities ? texts.showFewerCities : texts.showAllCities(formats.count(all))}</a
    >
    <span class="quiet">${texts.topOf(formats.count(shown), formats.count(all))}</span>
  </p>`;
}
