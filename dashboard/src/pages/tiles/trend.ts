import { html } from 'hono/html';
import { makeColumnScale } from '../../charts/column-scale.js';
import type { IsoDate } from '../../filters/calendar.js';
import { daysBetween, partsOf } from '../../filters/calendar.js';
import { sortRows } from '../../filters/sorting.js';
import { filterQuery } from '../../filters/filters.js';
import { approximate, isNegative } from '../../format/decimal.js';
import type { Grain, TrendPoint } from '../../queries/trend.js';
import type { Html, PageContext } from '../page-context.js';
import { sortableHead } from './sort-heading.js';

const LABELS_ON_A_SCREEN = 13;
const LABELS_ON_A_PHONE = 7;

/** Revenue over time as columns; each is a link that narrows everything to its stretch. The same stands below as a table. */
export function trendChart(context: PageContext, points: readonly TrendPoint[], grain: Grain): Html {
  const { texts, formats, scope, href, sortings } = context;
  const rows = sortRows(points, sortings.trend, {
    values: {
      period: ({ from }) => from,
      total: ({ total }) => approximate(total),
      invoices: ({ invoiceCount }) => invoiceCount,
    },
    locale: formats.locale,
  });
  const scale = makeColumnScale(points.map(({ total }) => approximate(total)));
  const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;
  const step = labelStep(points.length, LABELS_ON_A_SCREEN, grain);
  const phoneStep = labelStep(points.length, LABELS_ON_A_PHONE, grain);
  return html`<div class="columns">
      <ul class="axis" aria-hidden="true">
        ${scale.ticks.map(({ value, place }) => html`<li class="${value === 0 ? 'zero' : ''}" style="bottom:${percent(place)}"><span>${formats.roundedMoney(value)}</span></li>`)}
      </ul>
      <ol>
        ${points.map((point) => {
          const { bottom, height } = scale.column(approximate(point.total));
          const query = filterQuery(scope.filters, { period: 'custom', from: point.from, to: point.to });
          const name = formats.stretch(point.from, grain);
          const label = `${name}: ${formats.money(point.total)}, ${texts.invoiceCount(point.invoiceCount, formats.count(point.invoiceCount))}`;
          const place = placeInYear(point.from, grain);
          const labelled = place % step === 0 ? (place % phoneStep === 0 ? 'label' : 'label wide-only') : '';
          return html`<li>
            <a href="${href('/', query)}" aria-label="${label}" data-tip="${label}" data-swap>
              <span
                class="column ${isNegative(point.total) ? 'negative' : ''}"
                style="bottom:${percent(bottom)};height:${percent(height)}"
              ></span>
            </a>
            ${labelled ? html`<span class="${labelled}" aria-hidden="true">${axisLabel(point.from, grain, context)}</span>` : ''}
          </li>`;
        })}
      </ol>
    </div>
    <details class="as-table" ${sortings.trend ? html`open` : ''}>
      <summary>${texts.showAsTable}</summary>
      <table>
        <caption class="visually-hidden">
          ${texts.trend}
        </caption>
        <thead>
          ${sortableHead(context, 'trend', [
            ['period', texts.stretch],
            ['total', texts.total, 'number'],
            ['invoices', texts.invoices, 'number'],
          ])}
        </thead>
        <tbody>
          ${rows.map(
            (point) =>
              html`<tr>
                <th scope="row">
                  <a
                    href="${href('/', filterQuery(scope.filters, { period: 'custom', from: point.from, to: point.to }))}"
                    data-swap
                    >${formats.stretch(point.from, grain)}</a
                  >
                </th>
                <td class="number">${formats.money(point.total)}</td>
                <td class="number">${formats.count(point.invoiceCount)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>`;
}

/** Every how many columns a label fits, such that the year's first column always has one. */
function labelStep(columns: number, labels: number, grain: Grain): number {
  const steps = { day: [1, 2, 5, 7, 14], month: [1, 2, 3, 6, 12], quarter: [1, 2, 4], year: [1, 2, 5, 10] }[grain];
  return steps.find((step) => columns / step <= labels) ?? steps.at(-1) ?? 1;
}

/** Where a column stands in its year, from 0. Days count from a fixed one, since they have no place of their own. */
function placeInYear(from: IsoDate, grain: Grain): number {
  const { year, month } = partsOf(from);
  switch (grain) {
    case 'day':
      return daysBetween('2000-01-01', from);
    case 'month':
      return month - 1;
    case 'quarter':
      return (month - 1) / 3;
    case 'year':
      return year;
  }
}

/** The year stands under its first column. */
function axisLabel(from: IsoDate, grain: Grain, { formats }: PageContext): Html {
  const short = formats.shortStretch(from, grain);
  const { year, month } = partsOf(from);
  const isFirstOfYear = month === 1 && (grain === 'month' || grain === 'quarter');
  return isFirstOfYear ? html`${short}<br /><strong>${String(year)}</strong>` : html`${short}`;
}
