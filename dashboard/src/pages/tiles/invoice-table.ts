import { html } from 'hono/html';
import { filterQuery } from '../../filters/filters.js';
import type { InvoiceOrder, InvoiceRow } from '../../queries/invoices.js';
import { cityName } from '../city-name.js';
import type { Texts } from '../../format/texts.js';
import type { Html, PageContext } from '../page-context.js';
import { sortHeading } from './sort-heading.js';

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
  return html`<div class="card-box wide">
      <table class="cards invoices">
        <caption class="visually-hidden">
          ${texts.invoiceTable}
        </caption>
        <thead>
          ${head(context, view)}
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
    </div>
    ${pager(context, view)}`;
}

/** The columns with the orders that they bring: upwards, downwards. */
const orders = (
  texts: Texts,
): readonly (readonly [label: string, up: InvoiceOrder, down: InvoiceOrder, kind?: string])[] => [
  [texts.number, 'number', 'number_desc'],
  [texts.date, 'oldest', 'newest'],
  [texts.customer, 'customer', 'customer_desc'],
  [texts.city, 'city', 'city_desc'],
  [texts.status, 'status', 'status_desc'],
  [texts.due, 'first_due', 'last_due'],
  [texts.total, 'smallest', 'largest', 'number'],
  [texts.openAmount, 'least_open', 'most_open', 'number'],
];

/** Words and numbers begin at their start; dates and amounts with the newest and largest. */
const UPWARDS_FIRST: ReadonlySet<InvoiceOrder> = new Set(['number', 'customer', 'city', 'status']);

function head({ texts, path, query }: PageContext, { order }: InvoiceTableView): Html {
  return html`<tr>
    ${orders(texts).map(([label, up, down, kind = '']) => {
      const [first, second] = UPWARDS_FIRST.has(up) ? [up, down] : [down, up];
      const changed = new URLSearchParams(query);
      changed.set('order', order === first ? second : first);
      changed.delete('page');
      return sortHeading({
        id: `sort-invoices-${up}`,
        label,
        href: `${path}?${changed.toString()}#invoices`,
        descending: order === down ? true : order === up ? false : undefined,
        kind,
      });
    })}
  </tr>`;
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
