import { html } from 'hono/html';
import { filterQuery } from '../../filters/filters.js';
import type { RankedCustomer } from '../../queries/customers.js';
import type { Html, PageContext } from '../page-context.js';

/** Customers by revenue; a name narrows everything to that customer. */
export function customerTable(
  { texts, formats, scope, href }: PageContext,
  customers: readonly RankedCustomer[],
): Html {
  return html`<table class="cards">
    <caption class="visually-hidden">
      ${texts.customerRanking}
    </caption>
    <thead>
      <tr>
        <th scope="col" class="number">#</th>
        <th scope="col">${texts.customer}</th>
        <th scope="col" class="number">${texts.total}</th>
        <th scope="col" class="number">${texts.openAmount}</th>
        <th scope="col" class="number">${texts.invoices}</th>
      </tr>
    </thead>
    <tbody>
      ${customers.map(
        ({ rank, id, name, total, open, invoiceCount }) =>
          html`<tr data-customer="${id}">
            <td data-label="#" class="number quiet">${formats.count(rank)}</td>
            <th scope="row">
              <a href="${href('/', filterQuery(scope.filters, { customer: id }))}">${name ?? id}</a>
            </th>
            <td data-label="${texts.total}" class="number strong">${formats.money(total)}</td>
            <td data-label="${texts.openAmount}" class="number">${formats.money(open)}</td>
            <td data-label="${texts.invoices}" class="number">${formats.count(invoiceCount)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
