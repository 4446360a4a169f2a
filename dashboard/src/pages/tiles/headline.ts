import { html } from 'hono/html';
import { comparableRange } from '../../filters/period.js';
import { approximate, isZero } from '../../format/decimal.js';
import type { Totals } from '../../queries/totals.js';
import type { Html, PageContext } from '../page-context.js';

/** The figures that are read first: revenue, invoices, open, overdue. */
export function headline(context: PageContext, totals: Totals, yearBefore: Totals | undefined): Html {
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
      ${comparison(context, totals, yearBefore)}
      <p class="quiet">${texts.net(formats.money(totals.net))}</p>
      ${isZero(totals.credited) ? '' : html`<p class="quiet">${texts.credited(formats.money(totals.invoiced), formats.money(totals.credited))}</p>`}
    </section>
    <section class="tile figure" aria-labelledby="invoices-heading">
      <h2 id="invoices-heading">${texts.invoices}</h2>
      <p class="value" data-figure="invoice-count">${formats.count(totals.invoiceCount)}</p>
      ${average === undefined ? '' : html`<p class="quiet">${texts.averageInvoice(formats.money(average))}</p>`}
    </section>
    <section class="tile figure" aria-labelledby="open-heading">
      <h2 id="open-heading">${texts.open}</h2>
      <p class="value" data-figure="open">${formats.money(totals.open)}</p>
      <p class="quiet">${texts.invoiceCount(totals.openCount, formats.count(totals.openCount))}</p>
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
    </section>
  </div>`;
}

function comparison({ scope, texts, formats }: PageContext, totals: Totals, yearBefore: Totals | undefined): Html {
  const range = comparableRange(scope.filters.range, scope.today);
  if (!yearBefore || !range || approximate(yearBefore.total) <= 0) return html``;
  const ratio = approximate(totals.total) / approximate(yearBefore.total) - 1;
  return html`<p class="change ${ratio < 0 ? 'down' : 'up'}">
    <span aria-hidden="true">${ratio < 0 ? '▼' : '▲'}</span>
    ${texts.comparedWith(formats.change(ratio), formats.date(range.from), formats.date(range.to))}
  </p>`;
}
