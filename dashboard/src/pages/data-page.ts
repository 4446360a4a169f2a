import { html } from 'hono/html';
import { sortRows } from '../filters/sorting.js';
import { numberOf } from '../format/decimal.js';
import { exclusionsQuery } from '../queries/exclusions.js';
import { freshnessQuery } from '../queries/freshness.js';
import { pipelineQuery } from '../queries/pipeline.js';
import { reviewQuery } from '../queries/review.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { ask } from '../warehouse/warehouse.js';
import type { Html, PageContext } from './page-context.js';
import { reviewTable } from './tiles/review.js';
import { sortableHead } from './tiles/sort-heading.js';
import { downloadLinks, tile } from './tiles/tile.js';

const REVIEW_AT_MOST = 500;

/** Where the figures come from: each table with its age, and what is left out of the revenue. */
export async function dataPage(warehouse: Warehouse, context: PageContext): Promise<Html> {
  const { texts, formats, now, sortings } = context;
  const [freshness, pipeline, exclusions, review] = await Promise.all([
    ask(warehouse, freshnessQuery()),
    ask(warehouse, pipelineQuery()),
    ask(warehouse, exclusionsQuery()),
    ask(warehouse, reviewQuery(REVIEW_AT_MOST)),
  ]);
  const download = (name: string, what: string): Html => downloadLinks(context, { name, what });
  const instant = (epochMs: number | null): string => (epochMs === null ? '–' : formats.dateTime(epochMs));
  const tables = html`<div class="card-box">
    <table class="cards">
      <caption class="visually-hidden">
        ${texts.pipeline}
      </caption>
      <thead>
        ${sortableHead(context, 'pipeline', [
          ['table', texts.table],
          ['rows', texts.rows, 'number'],
          ['changed', texts.newestChange],
          ['data', texts.dataAsOf],
        ])}
      </thead>
      <tbody>
        ${sortRows(pipeline, sortings.pipeline, {
          values: {
            table: ({ stage, table }) => `${stage}.${table}`,
            rows: ({ rowCount }) => rowCount,
            changed: ({ newestUpdate }) => newestUpdate,
            data: ({ dataAsOf }) => dataAsOf,
          },
          locale: formats.locale,
        }).map(
          ({ stage, table, rowCount, newestUpdate, dataAsOf }) =>
            html`<tr>
              <th scope="row"><span class="quiet">${stage}.</span>${table}</th>
              <td data-label="${texts.rows}" class="number">${rowCount === null ? '–' : formats.count(rowCount)}</td>
              <td data-label="${texts.newestChange}">${instant(newestUpdate)}</td>
              <td data-label="${texts.dataAsOf}">
                ${instant(dataAsOf)}${dataAsOf === null ? '' : html` <span class="quiet">${formats.ago(now - dataAsOf)}</span>`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
  const left = html`<p class="quiet">${texts.exclusionsNote}</p>
    ${
      exclusions.length === 0
        ? html`<p>${texts.nothingExcluded}</p>`
        : html`<div class="card-box">
            <table class="cards">
              <caption class="visually-hidden">
                ${texts.exclusions}
              </caption>
              <thead>
                ${sortableHead(context, 'exclusions', [
                  ['reason', texts.reason],
                  ['kind', texts.kind],
                  ['documents', texts.documentCount, 'number'],
                  ['total', texts.euroSum, 'number'],
                ])}
              </thead>
              <tbody>
                ${sortRows(exclusions, sortings.exclusions, {
                  values: {
                    reason: ({ reason, explanation }) => explanation ?? reason,
                    kind: ({ documentKind }) => texts.kinds[documentKind] ?? documentKind,
                    documents: ({ documentCount }) => documentCount,
                    total: ({ total }) => numberOf(total),
                  },
                  locale: formats.locale,
                }).map(
                  ({ reason, explanation, documentKind, documentCount, total }) =>
                    html`<tr>
                      <th scope="row">${explanation ?? reason} <code>${reason}</code></th>
                      <td data-label="${texts.kind}">${texts.kinds[documentKind] ?? documentKind}</td>
                      <td data-label="${texts.documentCount}" class="number">${formats.count(documentCount)}</td>
                      <td data-label="${texts.euroSum}" class="number">
                        ${total === null ? '–' : formats.money(total)}
                      </td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }`;
  return html`<p class="lead">
      ${texts.dataIntro} ${freshness.refreshedAt ? texts.tablesBuilt(formats.dateTime(freshness.refreshedAt)) : ''}
    </p>
    ${tile({ id: 'pipeline', heading: texts.pipeline, aside: download('pipeline', texts.pipeline), content: tables })}
    ${tile({
      id: 'review',
      heading: texts.review,
      aside: review.length === 0 ? '' : download('review', texts.review),
      content: reviewTable(context, review),
    })}
    ${tile({
      id: 'exclusions',
      heading: texts.exclusions,
      aside: exclusions.length === 0 ? '' : download('exclusions', texts.exclusions),
      content: left,
    })}`;
}
