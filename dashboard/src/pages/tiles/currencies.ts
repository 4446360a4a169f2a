import { html } from 'hono/html';
import { sortRows } from '../../filters/sorting.js';
import { numberOf } from '../../format/decimal.js';
import { currencyName } from '../../format/formats.js';
import type { CurrencyShare } from '../../queries/currencies.js';
import type { Html, PageContext } from '../page-context.js';
import { sortableHead } from './sort-heading.js';

/** In which currencies was billed, what that is in euro, and how it was converted. */
export function currencyNote(context: PageContext, currencies: readonly CurrencyShare[], atMost?: number): Html {
  const { texts, formats, sortings } = context;
  const rows = sortRows(currencies, sortings.currencies, {
    values: {
      currency: ({ currency }) => currency,
      billed: ({ documentTotal }) => numberOf(documentTotal),
      total: ({ euroTotal }) => numberOf(euroTotal),
      converted: ({ convertedCount }) => convertedCount,
    },
    locale: formats.locale,
  });
  return html`<p class="quiet">${texts.currencyNote}</p>
    <div class="card-box narrow">
      <table class="cards">
        <caption class="visually-hidden">
          ${texts.currencies}
        </caption>
        <thead>
          ${sortableHead(context, 'currencies', [
            ['currency', texts.currency],
            ['billed', texts.billed, 'number'],
            ['total', texts.euroSum, 'number'],
            ['converted', texts.convertedCount, 'number'],
          ])}
        </thead>
        <tbody>
          ${rows.slice(0, atMost).map(
            ({ currency, documentTotal, euroTotal, convertedCount }) =>
              html`<tr data-currency="${currency ?? ''}">
                <th scope="row">${currencyName(currency)}</th>
                <td data-label="${texts.billed}" class="number">${formats.money(documentTotal, currency)}</td>
                <td data-label="${texts.euroSum}" class="number strong">${formats.money(euroTotal)}</td>
                <td data-label="${texts.convertedCount}" class="number">${formats.count(convertedCount)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
