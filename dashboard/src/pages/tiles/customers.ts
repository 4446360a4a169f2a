import { html } from 'hono/html';
import { filterQuery } from '../../filters/filters.js';
import type { RankedCustomer } from '../../queries/customers.js';
import type { Html, PageContext } from '../page-context.js';
import { sortableHead } from './sort-heading.js';

/** Customers by revenue; a name narrows everything to that customer. */
export function customerTable(context: PageContext, customers: readonly RankedCustomer[]): Html {
  const { texts, formats, scope, href } = context;
  return html`<div class="card-box narrow">
    <table class="cards">
      <caption class="visually-hidden">
        ${texts.customerRanking}
      </caption>
      <thead>
        ${sortableHead(context, 'customers', [
          ['rank', html`<abbr title="${texts.rank}">#</abbr>`, 'number'],
          ['name', texts.customer],
          ['total', texts.total, 'number'],
          ['open', texts.openAmount, 'number'],
          ['invoices', texts.invoices, 'number'],
        ])}
      </thead>
      <tbody>
        ${customers.map(
          ({ rank, id, name, total, open, invoiceCount }) =>
            html`<tr data-customer="${id}">
              <td data-label="#" class="number quiet rank">${formats.count(rank)}</td>
              <th scope="row">
                <a href="${href('/', filterQuery(scope.filters, { customer: id }))}">${name ?? id}</a>
              </th>
              <td data-label="${texts.total}" class="number strong">${formats.money(total)}</td>
              <td data-label="${texts.openAmount}" class="number">${formats.money(open)}</td>
              <td data-label="${texts.invoices}" class="number">${formats.count(invoiceCount)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
