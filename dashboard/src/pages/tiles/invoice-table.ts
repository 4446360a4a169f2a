import { html } from 'hono/html';
import { filterQuery } from '../../filters/filters.js';
import type { InvoiceOrder, InvoiceRow } from '../../queries/invoices.js';
import { INVOICE_ORDERS } from '../../queries/invoices.js';
import { cityName } from '../filter-bar.js';
import type { Html, PageContext } from '../page-context.js';

/** Where in the table of invoices the page stands. */
export interface InvoiceTableView {
  readonly order: InvoiceOrder;
  readonly page: number;
  readonly pageCount: number;
}

/** The invoices behind the figures, a page of them; on a phone each row becomes a card. */
export function invoiceTable(context: PageContext, invoices: readonly InvoiceRow[], view: InvoiceTableView): Html {
  const { texts, formats } = context;
  if (invoices.length === 0) return html`<p>${texts.noMatch}</p>`;
  return html`<table class="invoices">
      <caption class="visually-hidden">
        ${texts.invoiceTable}
      </caption>
      <thead>
        <tr>
          <th scope="col">${texts.number}</th>
          ${sortable(context, view, texts.date, ['oldest', 'newest'])}
          ${sortable(context, view, texts.customer, ['customer', 'customer_desc'])}
          ${sortable(context, view, texts.city, ['city', 'city_desc'])}
          <th scope="col">${texts.status}</th>
          ${sortable(context, view, texts.due, ['first_due', 'last_due'])}
          ${sortable(context, view, texts.total, ['smallest', 'largest'])}
          ${sortable(context, view, texts.openAmount, ['least_open', 'most_open'])}
        </tr>
      </thead>
      <tbody>
        ${invoices.map(
          (invoice) =>
            html`<tr class="${invoice.isCancelled ? 'cancelled' : ''}">
              <th scope="row">
                <a href="${context.href(`/invoices/${encodeURIComponent(invoice.id)}`)}"
                  >${invoice.number ?? invoice.id}</a
                >${invoice.type === 'RE' ? '' : html` <span class="quiet">${texts.types[invoice.type] ?? invoice.type}</span>`}
              </th>
              <td data-label="${texts.date}" class="date">${formats.date(invoice.date)}</td>
              <td data-label="${texts.customer}">${invoice.customer ?? '–'}</td>
              <td data-label="${texts.city}">
                ${cityName(invoice.city, texts.unknownCity)} <span class="quiet">${invoice.countryName}</span>
              </td>
              <td data-label="${texts.status}">${statusBadge(context, invoice)}</td>
              <td data-label="${texts.due}" class="date">${formats.date(invoice.dueDate)}</td>
              <td data-label="${texts.total}" class="number strong">
                ${formats.money(invoice.euroTotal)}${invoice.currency === 'EUR' ? '' : html`<br /><span class="quiet">${formats.money(invoice.documentTotal, invoice.currency)}</span>`}
              </td>
              <td data-label="${texts.openAmount}" class="number">${formats.money(invoice.open)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${pager(context, view)}`;
}

/** A heading that sorts by its column: downwards first, then upwards, for dates and amounts; names the other way round. */
function sortable(
  { scope, href }: PageContext,
  { order }: InvoiceTableView,
  label: string,
  [ascending, descending]: readonly [InvoiceOrder, InvoiceOrder],
): Html {
  const isName = ascending === 'customer' || ascending === 'city';
  const [first, second] = isName ? [ascending, descending] : [descending, ascending];
  const query = filterQuery(scope.filters);
  query.set('order', order === first ? second : first);
  const direction = order === ascending ? 'ascending' : order === descending ? 'descending' : undefined;
  const isNumber = ascending === 'smallest' || ascending === 'least_open';
  return html`<th
    scope="col"
    class="${isNumber ? 'number' : ''}"
    ${direction === undefined ? '' : html`aria-sort="${direction}"`}
  >
    <a href="${href('/', query)}#invoices" data-swap
      >${label}${direction === undefined ? '' : html`<span aria-hidden="true"> ${direction === 'ascending' ? '▲' : '▼'}</span>`}</a
    >
  </th>`;
}

/** The choice of an order, as links: it works with the keyboard and without a script. */
export function orderMenu({ texts, scope, href }: PageContext, order: InvoiceOrder): Html {
  return html`<details class="menu">
    <summary>${texts.sortBy}: ${texts.orders[order]}</summary>
    <ul>
      ${(Object.keys(INVOICE_ORDERS) as InvoiceOrder[]).map((other) => {
        const query = filterQuery(scope.filters);
        query.set('order', other);
        return html`<li>
          <a href="${href('/', query)}#invoices" ${other === order ? html`aria-current="true"` : ''} data-swap
            >${texts.orders[other]}</a
          >
        </li>`;
      })}
    </ul>
  </details>`;
}

function statusBadge({ texts }: PageContext, { status, isOverdue, isCancelled, type }: InvoiceRow): Html {
  if (isCancelled) return html`<span class="badge">${texts.cancelled}</span>`;
  if (type === 'SR') return html`<span class="badge">${texts.types['SR'] ?? 'SR'}</span>`;
  if (isOverdue) return html`<span class="badge badge-bad">${texts.statuses.overdue}</span>`;
  const known = (texts.statuses as Readonly<Record<string, string>>)[status] ?? status;
  return html`<span class="badge ${status === 'paid' ? 'badge-good' : 'badge-warn'}">${known}</span>`;
}

function pager({ texts, formats, scope, href }: PageContext, { order, page, pageCount }: InvoiceTableView): Html {
  if (pageCount <= 1) return html``;
  const link = (to: number, label: string): Html => {
    if (to < 1 || to > pageCount) return html`<span class="button" aria-disabled="true">${label}</span>`;
    const query = filterQuery(scope.filters);
    if (order !== 'newest') query.set('order', order);
    query.set('page', String(to));
    return html`<a class="button" href="${href('/', query)}#invoices" data-swap>${label}</a>`;
  };
  return html`<nav class="pager" aria-label="${texts.pages}">
    ${link(page - 1, texts.previousPage)}
    <span>${texts.page(formats.count(page), formats.count(pageCount))}</span> ${link(page + 1, texts.nextPage)}
  </nav>`;
}
