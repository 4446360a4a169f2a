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
  const [taxRate, rate] = [value('TAX_RATE'), value('EXCHANGE_RATE')];
  /** What the invoice does not have is left out. */
  const facts: readonly (readonly [label: string, content: string | null])[] = [
    [texts.kind, texts.types[type] ?? type],
    [texts.date, formats.date(value('INVOICE_DATE'))],
    [texts.serviceDate, formats.date(value('SERVICE_DATE'))],
    [texts.due, formats.date(value('DUE_DATE'))],
    [texts.customer, value('CONTACT_NAME')],
    [texts.customerNumber, value('CUSTOMER_NUMBER')],
    [texts.city, placeOf(row)],
    [texts.citySource, named(texts.placeSources, value('CITY_SOURCE'))],
    [texts.countrySource, named(texts.placeSources, value('COUNTRY_SOURCE'))],
    [texts.documentAmount, money('TOTAL_AMOUNT_DOCUMENT', value('CURRENCY'))],
    [texts.euroSum, money('TOTAL_AMOUNT_EUR')],
    [texts.netAmount, money('NET_AMOUNT_EUR')],
    [
      texts.taxAmount,
      taxRate === null ? money('TAX_AMOUNT_EUR') : `${money('TAX_AMOUNT_EUR')} (${formats.taxRate(taxRate)})`,
    ],
    [texts.openAmount, money('OPEN_AMOUNT_EUR')],
    [texts.amountSource, named(texts.amountSources, value('AMOUNT_SOURCE'))],
    [texts.rate, rate === null ? null : `${formats.number(rate)} (${formats.date(value('EXCHANGE_RATE_DATE'))})`],
    [texts.chain, value('CHAIN_ID')],
  ];
  return html`<p class="back"><a href="${href('/')}">← ${texts.revenuePage}</a></p>
    ${tile({
      id: 'invoice',
      heading: value('INVOICE_NUMBER') ?? id,
      aside: html`<a class="button" href="${addressIn(sevdeskUrl, type, id)}" rel="noreferrer"
        >${texts.openInSevdesk}</a
      >`,
      content: html`<dl class="details">
        ${facts
          .filter(([, content]) => content !== null && content !== '')
          .map(
            ([label, content]) =>
              html`<div>
                <dt>${label}</dt>
                <dd>${content}</dd>
              </div>`,
          )}
      </dl>`,
    })}`;
}

/** What a code of the marts means; a code that is not known as it came. */
const named = (names: Readonly<Record<string, string>>, code: string | null): string | null =>
  code === null ? null : (names[code] ?? code);

function placeOf(row: Row): string {
  const [zip, city, country] = ['ZIP', 'CITY', 'COUNTRY_NAME'].map((column) => nullableText(row, column));
  return [[zip, city].filter(Boolean).join(' '), country].filter(Boolean).join(', ');
}

/** Where sevDesk shows a document. */
const addressIn = (sevdeskUrl: string, type: string, id: string): string =>
  `${sevdeskUrl}/fi/detail/type/${encodeURIComponent(type)}/id/${encodeURIComponent(id)}`;
