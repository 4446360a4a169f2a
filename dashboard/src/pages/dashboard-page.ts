import { html } from 'hono/html';
import { sortRows } from '../filters/sorting.js';
import { approximate } from '../format/decimal.js';
import { filterQuery } from '../filters/filters.js';
import type { Choices } from '../queries/choices.js';
import type { CurrencyShare } from '../queries/currencies.js';
import { currenciesQuery } from '../queries/currencies.js';
import type { RankedCustomer } from '../queries/customers.js';
import { customersQuery } from '../queries/customers.js';
import type { InvoiceOrder, InvoiceRow } from '../queries/invoices.js';
import { invoicesQuery } from '../queries/invoices.js';
import type { RankedPlace } from '../queries/ranking.js';
import { cityRankingQuery, countryRankingQuery } from '../queries/ranking.js';
import type { Receivable } from '../queries/receivables.js';
import { receivablesQuery } from '../queries/receivables.js';
import { notCountedQuery } from '../queries/review.js';
import type { Scope } from '../queries/scope.js';
import type { Totals } from '../queries/totals.js';
import { totalsQuery } from '../queries/totals.js';
import type { Grain, TrendPoint } from '../queries/trend.js';
import { grainFor, shownRange, trendQuery } from '../queries/trend.js';
import { ask } from '../warehouse/warehouse.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { askComparisons } from './comparisons.js';
import type { Comparison } from './tiles/headline.js';
import { askChoices } from './ask-choices.js';
import { filterBar } from './filter-bar.js';
import type { FigureName } from './figures.js';
import type { Html, PageContext } from './page-context.js';
import { countryMap } from './tiles/country-map.js';
import { currencyNote } from './tiles/currencies.js';
import { customerTable } from './tiles/customers.js';
import { emptyPeriod } from './tiles/empty-period.js';
import { headline } from './tiles/headline.js';
import { invoiceTable } from './tiles/invoice-table.js';
import { rankingTable } from './tiles/ranking.js';
import { receivablesByAge } from './tiles/receivables.js';
import { notCountedBanner } from './tiles/review.js';
import { downloadLinks, tile, whyLink } from './tiles/tile.js';
import { cityTreemap } from './tiles/treemap.js';
import { trendChart } from './tiles/trend.js';

const PAGE_SIZE = 25;
const CITIES_AT_FIRST = 12;
const COUNTRIES_AT_FIRST = 12;
const CURRENCIES_AT_FIRST = 8;
const CUSTOMERS_AT_FIRST = 8;
const CITIES_IN_TREEMAP = 60;
const CITIES_AT_MOST = 1000;

/** Tables of which the first page shows the beginning. */
export const LONG_TABLES = ['countries', 'cities', 'currencies'] as const;

type LongTable = (typeof LONG_TABLES)[number];

/** How the user looks at the figures, beside what they are narrowed to. */
export interface DashboardView {
  readonly order: InvoiceOrder;
  readonly page: number;
  /** The tables that are shown whole. */
  readonly whole: ReadonlySet<LongTable>;
}

/** The revenue page, or undefined when there is no document at all. Everything is asked at once: a warehouse is far, not slow. */
export async function dashboardPage(
  warehouse: Warehouse,
  context: PageContext,
  view: DashboardView,
): Promise<Html | undefined> {
  const { scope, sortings } = context;
  const choices = askChoices(warehouse, scope);
  const [
    offered,
    trend,
    totals,
    comparisons,
    countries,
    largestCities,
    cities,
    receivables,
    currencies,
    invoices,
    customers,
    notCounted,
  ] = await Promise.all([
    choices,
    choices.then((known) => askTrend(warehouse, scope, known.dates)),
    ask(warehouse, totalsQuery(scope)),
    choices.then((known) => askComparisons(warehouse, scope, known.dates)),
    ask(warehouse, countryRankingQuery(scope)),
    ask(warehouse, cityRankingQuery(scope, { limit: view.whole.has('cities') ? CITIES_AT_MOST : CITIES_IN_TREEMAP })),
    // Those of another order are others than the largest, which the areas show.
    sortings.cities &&
      ask(
        warehouse,
        cityRankingQuery(scope, {
          limit: view.whole.has('cities') ? CITIES_AT_MOST : CITIES_AT_FIRST,
          sorting: sortings.cities,
        }),
      ),
    ask(warehouse, receivablesQuery(scope)),
    ask(warehouse, currenciesQuery(scope)),
    ask(warehouse, invoicesQuery(scope, { ...view, pageSize: PAGE_SIZE })),
    ask(warehouse, customersQuery(scope, { limit: CUSTOMERS_AT_FIRST, sorting: sortings.customers })),
    scope.countries ? 0 : ask(warehouse, notCountedQuery()),
  ]);
  const { dates } = offered;
  if (!dates || !trend) return undefined;
  const bar = html`${notCountedBanner(context, notCounted)} ${filterBar(context, offered)}`;
  if (totals.documentCount === 0) return html`${bar} ${emptyPeriod(context, dates)}`;
  const answers = {
    totals,
    comparisons,
    customers,
    countries,
    largestCities,
    cities: cities ?? largestCities,
    trend,
    receivables,
    currencies,
    invoices,
  };
  return html`${bar} ${figures(context, view, answers)}`;
}

async function askTrend(warehouse: Warehouse, scope: Scope, dates: Choices['dates']): Promise<Trend | undefined> {
  if (!dates) return undefined;
  const range = shownRange(scope, dates);
  return { grain: grainFor(range), points: await ask(warehouse, trendQuery(scope, range)) };
}

interface Trend {
  readonly grain: Grain;
  readonly points: readonly TrendPoint[];
}

interface Answers {
  readonly totals: Totals;
  readonly comparisons: readonly Comparison[];
  readonly countries: readonly RankedPlace[];
  readonly largestCities: readonly RankedPlace[];
  readonly cities: readonly RankedPlace[];
  readonly trend: Trend;
  readonly receivables: readonly Receivable[];
  readonly currencies: readonly CurrencyShare[];
  readonly invoices: readonly InvoiceRow[];
  readonly customers: readonly RankedCustomer[];
}

function figures(context: PageContext, { order, page, whole }: DashboardView, answers: Answers): Html {
  const { texts, formats, scope, href } = context;
  const { filters } = scope;
  const { totals, comparisons, countries, largestCities, cities, trend, receivables, currencies, invoices, customers } =
    answers;
  const shownCities = whole.has('cities') ? cities : cities.slice(0, CITIES_AT_FIRST);
  const toggle = (table: LongTable, counts: { atFirst: number; all: number }): Html =>
    lengthToggle(context, { table, isWhole: whole.has(table), ...counts });
  const invoiceTotal = currencies.reduce((sum, { invoiceCount }) => sum + invoiceCount, 0);
  const download = (name: string, what: string): Html => downloadLinks(context, { name, what });
  const tools = (name: FigureName, what: string): Html => html`${whyLink(context, name)} ${download(name, what)}`;
  const announcement = texts.announce(
    formats.money(totals.total),
    texts.invoiceCount(totals.invoiceCount, formats.count(totals.invoiceCount)),
  );
  return html`<div data-announce="${announcement}">
    ${headline(context, totals, comparisons)}
    <div class="grid">
      ${tile({
        id: 'trend',
        heading: `${texts.trend}, ${texts.trendBy[trend.grain]}`,
        aside: tools('trend', texts.trend),
        content: trendChart(context, trend.points, trend.grain),
      })}
      ${tile({
        id: 'countries',
        heading: texts.countryRanking,
        aside: tools('countries', texts.countryRanking),
        content: html`${rankingTable(
          context,
          sortedCountries(context, countries).slice(0, whole.has('countries') ? undefined : COUNTRIES_AT_FIRST),
          { table: 'countries', label: texts.countryRanking },
        )}
        ${toggle('countries', { atFirst: COUNTRIES_AT_FIRST, all: countries.length })}`,
      })}
      ${tile({ id: 'world', heading: texts.countryMap, content: countryMap(context, countries) })}
      ${tile({ id: 'map', heading: texts.treemap, content: cityTreemap(context, largestCities.slice(0, CITIES_IN_TREEMAP)) })}
      ${tile({
        id: 'cities',
        heading: texts.cityRanking,
        aside: tools('cities', texts.cityRanking),
        content: html`${rankingTable(context, shownCities, { table: 'cities', label: texts.cityRanking })}
        ${toggle('cities', { atFirst: CITIES_AT_FIRST, all: cities[0]?.placeCount ?? 0 })}`,
      })}
      ${tile({
        id: 'customers',
        heading: texts.customerRanking,
        aside: tools('customers', texts.customerRanking),
        content: html`${customerTable(context, customers)}
          <p class="more">
            <a href="${href('/customers', filterQuery(filters))}"
              >${texts.allCustomers(formats.count(customers[0]?.customerCount ?? 0))}</a
            >
          </p>`,
      })}
      ${tile({
        id: 'receivables',
        heading: texts.receivables,
        aside: tools('receivables', texts.receivables),
        content: receivablesByAge(context, receivables),
      })}
      ${tile({
        id: 'currencies',
        heading: texts.currencies,
        aside: tools('currencies', texts.currencies),
        content: html`${currencyNote(context, currencies, whole.has('currencies') ? undefined : CURRENCIES_AT_FIRST)}
        ${toggle('currencies', { atFirst: CURRENCIES_AT_FIRST, all: currencies.length })}`,
      })}
      ${tile({
        id: 'invoices',
        heading: texts.invoiceTable,
        aside: download('invoices', texts.invoiceTable),
        content: invoiceTable(context, invoices, {
          order,
          page,
          pageCount: Math.max(1, Math.ceil(invoiceTotal / PAGE_SIZE)),
        }),
      })}
    </div>
  </div>`;
}

const sortedCountries = (
  { sortings, formats }: PageContext,
  countries: readonly RankedPlace[],
): readonly RankedPlace[] =>
  sortRows(countries, sortings.countries, {
    values: {
      rank: ({ rank }) => rank,
      name: ({ countryName }) => countryName,
      total: ({ total }) => approximate(total),
      share: ({ total }) => approximate(total),
      invoices: ({ invoiceCount }) => invoiceCount,
    },
    locale: formats.locale,
  });

/** Leads to the whole of a table of which only the first rows are shown, and back. */
function lengthToggle(
  { texts, formats, path, query }: PageContext,
  { table, isWhole, atFirst, all }: { table: LongTable; isWhole: boolean; atFirst: number; all: number },
): Html {
  if (all <= atFirst) return html``;
  const changed = new URLSearchParams(query);
  if (isWhole) changed.delete(table);
  else changed.set(table, 'all');
  return html`<p class="more">
    <a href="${path}?${changed.toString()}#${table}" data-swap
      >${isWhole ? texts.showFewer : texts.showAll[table](formats.count(all))}</a
    >
    ${isWhole ? '' : html`<span class="quiet">${texts.topOf(formats.count(atFirst), formats.count(all))}</span>`}
  </p>`;
}
