import { html } from 'hono/html';
import type { DateRange } from '../../filters/calendar.js';
import { partsOf, makeDate } from '../../filters/calendar.js';
import { filterQuery } from '../../filters/filters.js';
import type { Html, PageContext } from '../page-context.js';

/** Says that the filters leave nothing to show, where the books begin and end, and how to get to figures from here. */
export function emptyPeriod({ texts, formats, scope, href }: PageContext, dates: Required<DateRange>): Html {
  const { filters } = scope;
  const { from, to } = filters.range;
  const isOutside = (from !== undefined && from > dates.to) || (to !== undefined && to < dates.from);
  const { year, month } = partsOf(dates.to);
  const newestMonth = { period: 'custom', from: makeDate(year, month, 1), to: makeDate(year, month + 1, 0) };
  const undated = { period: 'all', from: undefined, to: undefined };
  return html`<section class="tile problem" aria-labelledby="empty-heading">
    <h2 id="empty-heading">${texts.noInvoices}</h2>
    <p>${isOutside ? texts.outsideTheBooks(formats.date(dates.from), formats.date(dates.to)) : texts.nothingMatches}</p>
    <p class="choices">
      <a class="button" href="${href('/', filterQuery(filters, newestMonth))}" data-swap
        >${texts.showStretch(formats.stretch(newestMonth.from, 'month'))}</a
      >
      ${from === undefined && to === undefined ? '' : html`<a class="button" href="${href('/', filterQuery(filters, undated))}" data-swap>${texts.periods.all}</a>`}
      <a class="button" href="${href('/')}" data-swap>${texts.reset}</a>
    </p>
  </section>`;
}
