import { html } from 'hono/html';
import { sortRows } from '../../filters/sorting.js';
import { numberOf } from '../../format/decimal.js';
import type { ReviewItem } from '../../queries/review.js';
import type { Html, PageContext } from '../page-context.js';
import { sortableHead } from './sort-heading.js';

/** A line above the figures that says how many documents are not in them, and where they are listed. */
export function notCountedBanner({ texts, formats, href }: PageContext, documents: number): Html {
  if (documents === 0) return html``;
  return html`<p class="notice" data-not-counted="${documents}">
    ${texts.notCounted(documents, formats.count(documents))}
    <a href="${href('/data')}#review">${texts.showList}</a>
  </p>`;
}

/** An amount as the document has it, written as people read it where it is one. */
function amountAsWritten({ formats }: PageContext, { amountAsWritten: amount, currency }: ReviewItem): string {
  if (amount === null) return '–';
  return /^-?\d+(\.\d{1,2})?$/.test(amount) ? formats.money(amount, currency) : `${amount} ${currency ?? ''}`.trim();
}

/** The documents that somebody has to look at: why, what to do, and what it would change. */
export function reviewTable(context: PageContext, items: readonly ReviewItem[]): Html {
  const { texts, formats, sortings } = context;
  if (items.length === 0) return html`<p>${texts.nothingToReview}</p>`;
  return html`<p class="quiet">${texts.reviewNote}</p>
    <div class="card-box">
      <table class="cards">
        <caption class="visually-hidden">
          ${texts.review}
        </caption>
        <thead>
          ${sortableHead(context, 'review', [
            ['document', texts.kind],
            ['reason', texts.reason],
            ['amount', texts.amountAsWritten, 'number'],
            ['effect', texts.estimatedEffect, 'number'],
          ])}
        </thead>
        <tbody>
          ${sortRows(items, sortings.review, {
            values: {
              document: ({ kind, number, id }) => `${texts.kinds[kind] ?? kind} ${number ?? id}`,
              reason: ({ reason }) => reason,
              amount: ({ amountAsWritten }) => amountAsWritten,
              effect: ({ estimatedEffect }) => numberOf(estimatedEffect),
            },
            locale: formats.locale,
          }).map(
            (item) =>
              html`<tr data-document="${item.kind}/${item.id}">
                <th scope="row">
                  ${texts.kinds[item.kind] ?? item.kind} ${item.number ?? item.id}
                  <span class="badge ${item.isCounted ? '' : 'badge-bad'}"
                    >${item.isCounted ? texts.counted : texts.notCountedShort}</span
                  ><br />
                  <span class="quiet">${formats.date(item.date)}, ${item.customer ?? '–'}</span>
                </th>
                <td data-label="${texts.reason}">
                  ${item.reason}${item.whatToDo === null ? '' : html`<br /><span class="quiet">${item.whatToDo}</span>`}
                </td>
                <td data-label="${texts.amountAsWritten}" class="number">${amountAsWritten(context, item)}</td>
                <td data-label="${texts.estimatedEffect}" class="number">${formats.money(item.estimatedEffect)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
