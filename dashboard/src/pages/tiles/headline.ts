import { html } from 'hono/html';
import type { FigureName } from '../figures.js';
import { filterQuery } from '../../filters/filters.js';
import type { DateRange } from '../../filters/calendar.js';
import { approximate, isZero } from '../../format/decimal.js';
import type { Totals } from '../../queries/totals.js';
import type { Html, PageContext } from '../page-context.js';

/** The totals of another period, beside which those of the chosen one are shown. */
export interface Comparison {
  readonly of: 'period_before' | 'year_before';
  readonly range: Required<DateRange>;
  readonly totals: Totals;
}

/** The figures that are read first: revenue, invoices, open, overdue. */
export function headline(context: PageContext, totals: Totals, comparisons: readonly Comparison[]): Html {
  const { texts, formats } = context;
  const average =
    totals.invoiceCount > 0
      ? String(Math.round((approximate(totals.invoiced) / totals.invoiceCount) * 100) / 100)
      : undefined;
  const overdueShare = isZero(totals.open) ? undefined : approximate(totals.overdue) / approximate(totals.open);
  return html`<div class="headline">
    <section class="tile figure figure-main" aria-labelledby="revenue-heading">
      <h2 id="revenue-heading">${texts.revenue}</h2>
      <p class="value" data-figure="total">${formats.money(totals.total)}</p>
      ${comparisons.map((other) => comparison(context, totals, other))}
      <p class="quiet">
        ${context.scope.filters.measure === 'gross' ? texts.net(formats.money(totals.net)) : texts.gross(formats.money(totals.gross))}
      </p>
      ${isZero(totals.credited) ? '' : html`<p class="quiet">${texts.credited(formats.money(totals.invoiced), formats.money(totals.credited))}</p>`}
      ${whyLink(context, 'total')}
    </section>
    <section class="tile figure" aria-labelledby="invoice-count-heading">
      <h2 id="invoice-count-heading">${texts.numberOfInvoices}</h2>
      <p class="value" data-figure="invoice-count">${formats.count(totals.invoiceCount)}</p>
      ${average === undefined ? '' : html`<p class="quiet">${texts.averageInvoice(formats.money(average))}</p>`}
      ${whyLink(context, 'invoice-count')}
    </section>
    <section class="tile figure" aria-labelledby="open-heading">
      <h2 id="open-heading">${texts.open}</h2>
      <p class="value" data-figure="open">${formats.money(totals.open)}</p>
      <p class="quiet">${texts.invoiceCount(totals.openCount, formats.count(totals.openCount))}</p>
      ${whyLink(context, 'open')}
    </section>
    <section class="tile figure ${totals.overdueCount > 0 ? 'figure-bad' : ''}" aria-labelledby="overdue-heading">
      <h2 id="overdue-heading">${texts.overdue}</h2>
      <p class="value" data-figure="overdue">${formats.money(totals.overdue)}</p>
      <p class="quiet">
        ${
          totals.overdueCount === 0
            ? texts.nothingOverdue
            : `${texts.invoiceCount(totals.overdueCount, formats.count(totals.overdueCount))}, ${texts.ofOpen(formats.percent(String(overdueShare ?? 0)))}`
        }
      </p>
      ${whyLink(context, 'overdue')}
    </section>
  </div>`;
}

/** How a period compares with another; nothing where the other one has no revenue to compare with. */
function comparison({ texts, formats }: PageContext, totals: Totals, { range, totals: other, of }: Comparison): Html {
  if (approximate(other.total) <= 0) return html``;
  const ratio = approximate(totals.total) / approximate(other.total) - 1;
  return html`<p class="change ${ratio < 0 ? 'down' : 'up'}">
    <span aria-hidden="true">${ratio < 0 ? '▼' : '▲'}</span>
    ${texts.comparedWith[of](formats.change(ratio), formats.date(range.from), formats.date(range.to))}
  </p>`;
}

function whyLink({ texts, scope, href }: PageContext, figure: FigureName): Html {
  return html`<p class="why">
    <a href="${href(`/why/${figure}`, filterQuery(scope.filters))}">${texts.whyThisNumber}</a>
  </p>`;
}
