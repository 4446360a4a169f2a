import { html } from 'hono/html';
import type { InvoiceDetail } from '../queries/invoice.js';
import { invoiceQuery } from '../queries/invoice.js';
import type { Row, Warehouse } from '../warehouse/warehouse.js';
import { ask, nullableText } from '../warehouse/warehouse.js';
import type { Html, PageContext } from './page-context.js';
import { tile } from './tiles/tile.js';

/** One invoice: what it says, where its city and its euro amount come from, and where it stands in sevDesk; undefined if it is not counted. */
export async function invoicePage(
  warehouse: Warehouse,
  context: PageContext,
  { id, sevdeskUrl }: { id: string; sevdeskUrl: string },
): Promise<Html | undefined> {
  const { texts, formats, scope, href } = context;
  const row = await ask(warehouse, invoiceQuery(scope, id));
  if (!row) return undefined;
  const value = (column: InvoiceDetail): string | null => nullableText(row, column);
  const money = (column: InvoiceDetail, currency: string | null = 'EUR'): string =>
    formats.money(value(column), currency);
  const type = value('INVOICE_TYPE') ?? '';
  const facts: readonly (readonly [label: string, content: string])[] = [
    [texts.kind, texts.types[type] ?? type],
    [texts.date, formats.date(value('INVOICE_DATE'))],
    [texts.serviceDate, formats.date(value('SERVICE_DATE'))],
    [texts.due, formats.date(value('DUE_DATE'))],
    [texts.customer, [value('CONTACT_NAME'), value('CUSTOMER_NUMBER')].filter((part) => part !== null).join(', ')],
    [texts.city, placeOf(row)],
    [texts.placeSource, [value('CITY_SOURCE'), value('COUNTRY_SOURCE')].join(', ')],
    [texts.documentAmount, money('TOTAL_AMOUNT_DOCUMENT', value('CURRENCY'))],
    [texts.euroSum, money('TOTAL_AMOUNT_EUR')],
    [texts.netAmount, money('NET_AMOUNT_EUR')],
    [
      texts.taxAmount,
      [money('TAX_AMOUNT_EUR'), value('TAX_RATE') === null ? '' : `(${value('TAX_RATE') ?? ''} %)`].join(' '),
    ],
    [texts.openAmount, money('OPEN_AMOUNT_EUR')],
    [texts.amountSource, value('AMOUNT_SOURCE') ?? '–'],
    [
      texts.rate,
      value('EXCHANGE_RATE') === null
        ? '–'
        : `${value('EXCHANGE_RATE') ?? ''} (${formats.date(value('EXCHANGE_RATE_DATE'))})`,
    ],
    [texts.chain, value('CHAIN_ID') ?? '–'],
  ];
  return html`<p><a href="${href('/')}">← ${texts.revenuePage}</a></p>
    ${tile({
      id: 'invoice',
      heading: value('INVOICE_NUMBER') ?? id,
      aside: html`<a class="button" href="${addressIn(sevdeskUrl, type, id)}" rel="noreferrer"
        >${texts.openInSevdesk}</a
      >`,
      content: html`<dl class="details">
        ${facts.map(
          ([label, content]) =>
            html`<div>
              <dt>${label}</dt>
              <dd>${content}</dd>
            </div>`,
        )}
      </dl>`,
    })}`;
}

function placeOf(row: Row): string {
  const [zip, city, country] = ['ZIP', 'CITY', 'COUNTRY_NAME'].map((column) => nullableText(row, column));
  return [[zip, city].filter(Boolean).join(' '), country].filter(Boolean).join(', ');
}

/** Where sevDesk shows a document. */
const addressIn = (sevdeskUrl: string, type: string, id: string): string =>
  `${sevdeskUrl}/fi/detail/type/${encodeURIComponent(type)}/id/${encodeURIComponent(id)}`;
