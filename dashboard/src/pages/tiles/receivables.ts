import { html } from 'hono/html';
import { sortRows } from '../../filters/sorting.js';
import { approximate, isZero } from '../../format/decimal.js';
import type { Receivable } from '../../queries/receivables.js';
import { AGES } from '../../queries/receivables.js';
import type { Html, PageContext } from '../page-context.js';
import { sortableHead } from './sort-heading.js';

/** What is still to be paid, by how long it has been due: one bar, and the same as a table. */
export function receivablesByAge(context: PageContext, receivables: readonly Receivable[]): Html {
  const { texts, formats, sortings } = context;
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
      <thead>
        ${sortableHead(context, 'receivables', [
          ['age', texts.due],
          ['open', texts.openAmount, 'number'],
          ['invoices', texts.invoices, 'number'],
        ])}
      </thead>
      <tbody>
        ${sortRows(receivables, sortings.receivables, {
          values: {
            age: ({ age }) => AGES.indexOf(age),
            open: ({ open }) => approximate(open),
            invoices: ({ invoiceCount }) => invoiceCount,
          },
          locale: formats.locale,
        }).map(
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
