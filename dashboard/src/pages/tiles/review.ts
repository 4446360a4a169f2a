import { html } from 'hono/html';
import type { ReviewItem } from '../../queries/review.js';
import type { Html, PageContext } from '../page-context.js';

/** A line above the figures that says how many documents are not in them, and where they are listed. */
export function notCountedBanner({ texts, formats, href }: PageContext, documents: number): Html {
  if (documents === 0) return html``;
  return html`<p class="notice" data-not-counted="${documents}">
    ${texts.notCounted(documents, formats.count(documents))}
    <a href="${href('/data')}#review">${texts.showList}</a>
  </p>`;
}

/** The documents that somebody has to look at: why, what to do, and what it would change. */
export function reviewTable({ texts, formats }: PageContext, items: readonly ReviewItem[]): Html {
  if (items.length === 0) return html`<p>${texts.nothingToReview}</p>`;
  return html`<p class="quiet">${texts.reviewNote}</p>
    <table class="cards">
      <caption class="visually-hidden">
        ${texts.review}
      </caption>
      <thead>
        <tr>
          <th scope="col">${texts.kind}</th>
          <th scope="col">${texts.reason}</th>
          <th scope="col" class="number">${texts.amountAsWritten}</th>
          <th scope="col" class="number">${texts.estimatedEffect}</th>
        </tr>
      </thead>
      <tbody>
        ${items.map(
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
              <td data-label="${texts.amountAsWritten}" class="number">
                ${item.amountAsWritten ?? '–'} ${item.currency ?? ''}
              </td>
              <td data-label="${texts.estimatedEffect}" class="number">${formats.money(item.estimatedEffect)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}
