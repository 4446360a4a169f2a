import { html } from 'hono/html';
import type { DateRange } from '../../filters/calendar.js';
import { approximate, isZero } from '../../format/decimal.js';
import type { Totals } from '../../queries/totals.js';
import type { Html, PageContext } from '../page-context.js';
import { whyLink } from './tile.js';

/** The totals of another period, beside which those of the chosen one are shown. */
export interface Comparison {
  /** A period of a year has both at once. */
  readonly of: 'period_before' | 'year_before' | 'both';
  readonly range: Required<DateRange>;
  readonly totals: Totals;
  /** Those of as many days of the chosen period: of one that still runs, up to when the data is complete. */
  readonly sameDays: Totals;
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
      ${comparisons.map((other) => comparison(context, other))}
      <p class="quiet">
        ${context.scope.filters.measure === 'gross' ? texts.net(formats.money(totals.net)) : texts.gross(formats.money(totals.gross))}
      </p>
      ${isZero(totals.credited) ? '' : html`<p class="quiet">${texts.credited(formats.money(totals.invoiced), formats.money(totals.credited))}</p>`}
      <p class="why">${whyLink(context, 'total')}</p>
    </section>
    <section class="tile figure" aria-labelledby="invoice-count-heading">
      <h2 id="invoice-count-heading">${texts.numberOfInvoices}</h2>
      <p class="value" data-figure="invoice-count">${formats.count(totals.invoiceCount)}</p>
      ${average === undefined ? '' : html`<p class="quiet">${texts.averageInvoice(formats.money(average))}</p>`}
      <p class="why">${whyLink(context, 'invoice-count')}</p>
    </section>
    <section class="tile figure" aria-labelledby="open-heading">
      <h2 id="open-heading">${texts.open}</h2>
      <p class="value" data-figure="open">${formats.money(totals.open)}</p>
      <p class="quiet">${texts.invoiceCount(totals.openCount, formats.count(totals.openCount))}</p>
      <p class="why">${whyLink(context, 'open')}</p>
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
      <p class="why">${whyLink(context, 'overdue')}</p>
    </section>
  </div>`;
}

/** How a period compares with another; nothing where one of them has no revenue, since a percentage would mislead. */
function comparison({ texts, formats }: PageContext, { range, totals: other, of, sameDays }: Comparison): Html {
  if (approximate(other.total) <= 0 || approximate(sameDays.total) <= 0) return html``;
  const ratio = approximate(sameDays.total) / approximate(other.total) - 1;
  return html`<p class="change ${ratio < 0 ? 'down' : 'up'}">
    <span aria-hidden="true">${ratio < 0 ? '▼' : '▲'}</span>
    ${texts.comparedWith[of](formats.change(ratio), formats.date(range.from), formats.date(range.to))}
  </p>`;
}
