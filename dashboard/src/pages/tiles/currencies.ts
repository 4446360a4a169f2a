import { html } from 'hono/html';
import { currencyName } from '../../format/formats.js';
import type { CurrencyShare } from '../../queries/currencies.js';
import type { Html, PageContext } from '../page-context.js';

/** In which currencies was billed, what that is in euro, and how it was converted. */
export function currencyNote({ texts, formats }: PageContext, currencies: readonly CurrencyShare[]): Html {
  return html`<p class="quiet">${texts.currencyNote}</p>
    <table class="cards">
      <caption class="visually-hidden">
        ${texts.currencies}
      </caption>
      <thead>
        <tr>
          <th scope="col">${texts.currency}</th>
          <th scope="col" class="number">${texts.billed}</th>
          <th scope="col" class="number">${texts.euroSum}</th>
          <th scope="col" class="number wide-only">${texts.convertedCount}</th>
        </tr>
      </thead>
      <tbody>
        ${currencies.map(
          ({ currency, documentTotal, euroTotal, convertedCount }) =>
            html`<tr data-currency="${currency ?? ''}">
              <th scope="row">${currencyName(currency)}</th>
              <td data-label="${texts.billed}" class="number">${formats.money(documentTotal, currency)}</td>
              <td data-label="${texts.euroSum}" class="number strong">${formats.money(euroTotal)}</td>
              <td class="number wide-only">${formats.count(convertedCount)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}
