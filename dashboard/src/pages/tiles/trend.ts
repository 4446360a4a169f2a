import { html } from 'hono/html';
import { makeColumnScale } from '../../charts/column-scale.js';
import { partsOf } from '../../filters/calendar.js';
import { filterQuery } from '../../filters/filters.js';
import { approximate, isNegative } from '../../format/decimal.js';
import type { Grain, TrendPoint } from '../../queries/trend.js';
import type { Html, PageContext } from '../page-context.js';

const LABELS_ON_A_SCREEN = 13;
const LABELS_ON_A_PHONE = 7;

/** Revenue over time as columns; each is a link that narrows everything to its stretch. The same stands below as a table. */
export function trendChart(context: PageContext, points: readonly TrendPoint[], grain: Grain): Html {
  const { texts, formats, scope, href } = context;
  const scale = makeColumnScale(points.map(({ total }) => approximate(total)));
  const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;
  const step = Math.ceil(points.length / LABELS_ON_A_SCREEN);
  const phoneStep = Math.ceil(points.length / LABELS_ON_A_PHONE / step) * step;
  return html`<div class="columns">
      <ul class="axis" aria-hidden="true">
        ${scale.ticks.map(({ value, place }) => html`<li class="${value === 0 ? 'zero' : ''}" style="bottom:${percent(place)}"><span>${formats.roundedMoney(value)}</span></li>`)}
      </ul>
      <ol>
        ${points.map((point, index) => {
          const { bottom, height } = scale.column(approximate(point.total));
          const query = filterQuery(scope.filters, { period: 'custom', from: point.from, to: point.to });
          const name = formats.stretch(point.from, grain);
          const label = `${name}: ${formats.money(point.total)}, ${texts.invoiceCount(point.invoiceCount, formats.count(point.invoiceCount))}`;
          const labelled = index % step === 0 ? (index % phoneStep === 0 ? 'label' : 'label wide-only') : '';
          return html`<li>
            <a href="${href('/', query)}" aria-label="${label}" data-tip="${label}" data-swap>
              <span
                class="column ${isNegative(point.total) ? 'negative' : ''}"
                style="bottom:${percent(bottom)};height:${percent(height)}"
              ></span>
            </a>
            ${labelled ? html`<span class="${labelled}" aria-hidden="true">${axisLabel(point, index, grain, step, context)}</span>` : ''}
          </li>`;
        })}
      </ol>
    </div>
    <details class="as-table">
      <summary>${texts.showAsTable}</summary>
      <table>
        <caption class="visually-hidden">
          ${texts.trend}
        </caption>
        <thead>
          <tr>
            <th scope="col">${texts.stretch}</th>
            <th scope="col" class="number">${texts.total}</th>
            <th scope="col" class="number">${texts.invoices}</th>
          </tr>
        </thead>
        <tbody>
          ${points.map(
            (point) =>
              html`<tr>
                <th scope="row">${formats.stretch(point.from, grain)}</th>
                <td class="number">${formats.money(point.total)}</td>
                <td class="number">${formats.count(point.invoiceCount)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>`;
}

/** The year stands under the first label and wherever it changes. */
function axisLabel(point: TrendPoint, index: number, grain: Grain, step: number, { formats }: PageContext): Html {
  const short = formats.shortStretch(point.from, grain);
  if (grain === 'day' || grain === 'year') return html`${short}`;
  const { year, month } = partsOf(point.from);
  const monthsBefore = step * (grain === 'month' ? 1 : 3);
  const isFirstOfYear = index === 0 || month <= monthsBefore;
  return isFirstOfYear ? html`${short}<br /><strong>${String(year)}</strong>` : html`${short}`;
}
