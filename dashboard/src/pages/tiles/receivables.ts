import { html } from 'hono/html';
import { approximate, isZero } from '../../format/decimal.js';
import type { Receivable } from '../../queries/receivables.js';
import type { Html, PageContext } from '../page-context.js';

/** What is still to be paid, by how long it has been due: one bar, and the same as a table. */
export function receivablesByAge({ texts, formats }: PageContext, receivables: readonly Receivable[]): Html {
  const sum = receivables.reduce((total, { open }) => total + approximate(open), 0);
  if (receivables.every(({ open }) => isZero(open))) return html`<p>${texts.nothingOpen}</p>`;
  let offset = 0;
  return html`<svg class="stack" width="100%" height="18" aria-hidden="true">
      ${receivables.map(({ age, open }) => {
        const width = (approximate(open) / sum) * 100;
        const segment = html`<rect
          class="age-${age}"
          x="${offset.toFixed(2)}%"
          width="${width.toFixed(2)}%"
          height="18"
        />`;
        offset += width;
        return segment;
      })}
    </svg>
    <table class="ages">
      <caption class="visually-hidden">
        ${texts.receivables}
      </caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">${texts.due}</th>
          <th scope="col">${texts.openAmount}</th>
          <th scope="col">${texts.invoices}</th>
        </tr>
      </thead>
      <tbody>
        ${receivables.map(
          ({ age, open, invoiceCount }) =>
            html`<tr data-age="${age}">
              <th scope="row">
                <svg class="swatch" width="10" height="10" aria-hidden="true">
                  <rect class="age-${age}" width="10" height="10" rx="2" />
                </svg>
                ${texts.ages[age]}
              </th>
              <td class="number strong">${formats.money(open)}</td>
              <td class="number quiet">${texts.invoiceCount(invoiceCount, formats.count(invoiceCount))}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}
