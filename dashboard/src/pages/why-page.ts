import { html } from 'hono/html';
import { filterQuery } from '../filters/filters.js';
import { exclusionsQuery } from '../queries/exclusions.js';
import { reviewQuery } from '../queries/review.js';
import { choicesQuery } from '../queries/choices.js';
import { currenciesQuery } from '../queries/currencies.js';
import { customersStatement } from '../queries/customers.js';
import { cityRankingStatement, countryRankingStatement } from '../queries/ranking.js';
import { receivablesQuery } from '../queries/receivables.js';
import type { Scope } from '../queries/scope.js';
import { totalsQuery } from '../queries/totals.js';
import { shownRange, trendQuery } from '../queries/trend.js';
import type { Totals } from '../queries/totals.js';
import type { Statement, Warehouse } from '../warehouse/warehouse.js';
import { ask } from '../warehouse/warehouse.js';
import { askChoices } from './ask-choices.js';
import type { FigureName } from './figures.js';
import type { Html, PageContext } from './page-context.js';
import { selectionLine } from './selection.js';
import { reviewTable } from './tiles/review.js';
import { tile } from './tiles/tile.js';

const REVIEW_AT_MOST = 50;

/** Explains a figure: the rule, the documents that are in it and those that are not, their age, and the statement that adds it up. */
export async function whyPage(warehouse: Warehouse, context: PageContext, figure: FigureName): Promise<Html> {
  const { texts, formats, scope, href, freshness } = context;
  const [choices, totals, statement, exclusions, review] = await Promise.all([
    askChoices(warehouse, scope),
    ask(warehouse, totalsQuery(scope)),
    statementOf(warehouse, scope, figure),
    scope.countries ? [] : ask(warehouse, exclusionsQuery()),
    scope.countries ? [] : ask(warehouse, reviewQuery(REVIEW_AT_MOST)),
  ]);
  const excluded = exclusions.reduce((sum, { documentCount }) => sum + documentCount, 0);
  return html`<p class="back"><a href="${href('/', filterQuery(scope.filters))}">← ${texts.revenuePage}</a></p>
    ${tile({
      id: 'rule',
      heading: [texts.figureNames[figure], valueOf(context, totals, figure)].filter(Boolean).join(': '),
      content: html`<p>${texts.rules[figure]}</p>
        ${selectionLine(context, choices)}
        <ul class="facts">
          <li>
            <a href="${href('/', filterQuery(scope.filters))}#invoices"
              >${texts.documentsIn(formats.count(totals.documentCount), formats.date(totals.firstDate), formats.date(totals.lastDate))}</a
            >
          </li>
          ${scope.countries ? '' : html`<li><a href="${href('/data')}#exclusions">${texts.documentsOut(formats.count(excluded))}</a></li>`}
          ${freshness?.dataAsOf == null ? '' : html`<li>${texts.dataAsOf} ${formats.dateTime(freshness.dataAsOf)}</li>`}
        </ul>`,
    })}
    ${tile({
      id: 'statement',
      heading: texts.statement,
      content: html`<p class="quiet">${texts.statementNote}</p>
        <pre>${withValues(statement)}</pre>`,
    })}
    ${scope.countries ? '' : tile({ id: 'review', heading: texts.review, content: reviewTable(context, review) })}`;
}

function valueOf({ formats }: PageContext, totals: Totals, figure: FigureName): string | undefined {
  switch (figure) {
    case 'total':
      return formats.money(totals.total);
    case 'invoice-count':
      return formats.count(totals.invoiceCount);
    case 'open':
      return formats.money(totals.open);
    case 'overdue':
      return formats.money(totals.overdue);
    default:
      return undefined;
  }
}

/** The statement that brings the figure, or all figures of a table. */
async function statementOf(warehouse: Warehouse, scope: Scope, figure: FigureName): Promise<Statement> {
  switch (figure) {
    case 'trend': {
      const { dates } = await ask(warehouse, choicesQuery(scope));
      return dates ? trendQuery(scope, shownRange(scope, dates)).statement : totalsQuery(scope).statement;
    }
    case 'countries':
      return countryRankingStatement(scope);
    case 'cities':
      return cityRankingStatement(scope);
    case 'customers':
      return customersStatement(scope);
    case 'receivables':
      return receivablesQuery(scope).statement;
    case 'currencies':
      return currenciesQuery(scope).statement;
    default:
      return totalsQuery(scope).statement;
  }
}

/** A statement with its values written in, to read and to run in a worksheet; the dashboard itself binds them. */
function withValues({ sql, binds }: Statement): string {
  let next = 0;
  return sql.replaceAll('?', () => `'${(binds[next++] ?? '').replaceAll("'", "''")}'`);
}
