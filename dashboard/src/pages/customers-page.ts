import { html } from 'hono/html';
import { filterQuery } from '../filters/filters.js';
import { sortingParameters } from '../filters/sorting.js';
import { customersQuery } from '../queries/customers.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { ask } from '../warehouse/warehouse.js';
import { askChoices } from './ask-choices.js';
import { filterBar } from './filter-bar.js';
import type { Html, PageContext } from './page-context.js';
import { customerTable } from './tiles/customers.js';
import { downloadLinks, tile } from './tiles/tile.js';

const CUSTOMERS_AT_MOST = 200;

/** Customers ranked by revenue and searched by name; undefined when there is no document at all. */
export async function customersPage(
  warehouse: Warehouse,
  context: PageContext,
  search: string | undefined,
): Promise<Html | undefined> {
  const { texts, formats, scope } = context;
  const [choices, customers] = await Promise.all([
    askChoices(warehouse, scope),
    ask(
      warehouse,
      customersQuery(scope, {
        ...(search !== undefined && { search }),
        limit: CUSTOMERS_AT_MOST,
        sorting: context.sortings.customers,
      }),
    ),
  ]);
  if (!choices.dates) return undefined;
  const shown = texts.topOf(formats.count(customers.length), formats.count(customers[0]?.customerCount ?? 0));
  return html`${filterBar(context, choices, { path: '/customers', search })}
  ${tile({
    id: 'customers',
    heading: texts.customerRanking,
    aside: downloadLinks(context, {
      name: 'customers',
      what: texts.customerRanking,
      query: { ...(search !== undefined && { q: search }) },
    }),
    content: html`<form class="search" method="get" action="/customers" role="search">
        ${[
          ...filterQuery(scope.filters),
          ...sortingParameters(context.sortings),
          ['lang', context.language] as const,
        ].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        <label class="field"
          ><span>${texts.searchCustomers}</span> <input type="search" name="q" value="${search ?? ''}" maxlength="100"
        /></label>
        <button type="submit" class="primary">${texts.search}</button>
      </form>
      ${
        customers.length === 0
          ? html`<p>${texts.noCustomer}</p>`
          : html`${customerTable(context, customers)}
              <p class="more quiet">${shown}</p>`
      }`,
  })}`;
}
