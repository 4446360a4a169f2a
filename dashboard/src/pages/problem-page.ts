import { html } from 'hono/html';
import type { ContractGap } from '../queries/contract-gaps.js';
import type { WarehouseFault } from '../warehouse/warehouse.js';
import type { Html, PageContext } from './page-context.js';

/** Why there are no figures to show. */
export type Problem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'missing'; readonly where: string; readonly gaps: readonly ContractGap[]; readonly answer: string }
  | { readonly kind: Exclude<WarehouseFault, 'missing'>; readonly answer: string };

/** The problem's title, also for the window. */
export function problemHeading({ texts }: PageContext, { kind }: Problem): string {
  switch (kind) {
    case 'empty':
      return texts.emptyTitle;
    case 'not-found':
      return texts.notFoundTitle;
    case 'missing':
      return texts.missingTitle;
    case 'refused':
      return texts.refusedTitle;
    case 'unreachable':
      return texts.unreachableTitle;
    case 'failed':
      return texts.failedTitle;
  }
}

/** Says what is wrong and what to do about it. */
export function problemPage(context: PageContext, problem: Problem): Html {
  const { texts, href } = context;
  const target = problem.kind === 'not-found' ? '/' : '';
  return html`<section class="tile problem">
    ${explanation(context, problem)}
    <ol>
      ${steps(context, problem).map((step) => html`<li>${step}</li>`)}
    </ol>
    <p>
      <a class="button" href="${target === '' ? '' : href(target)}"
        >${problem.kind === 'not-found' ? texts.revenuePage : texts.tryAgain}</a
      >
    </p>
    ${
      'answer' in problem && problem.answer !== ''
        ? html`<details>
            <summary>${texts.answer}</summary>
            <pre>${problem.answer}</pre>
          </details>`
        : ''
    }
  </section>`;
}

function explanation({ texts }: PageContext, problem: Problem): Html {
  if (problem.kind === 'empty') return html`<p>${texts.emptyText}</p>`;
  if (problem.kind !== 'missing' || problem.gaps.length === 0) return html``;
  return html`<p>${texts.missingText(problem.where)}</p>
    <ul>
      ${problem.gaps.map(({ table, columns }) => html`<li>${columns.length === 0 ? texts.missingTable(table) : texts.missingColumns(table, columns.join(', '))}</li>`)}
    </ul>`;
}

function steps({ texts }: PageContext, { kind }: Problem): readonly string[] {
  switch (kind) {
    case 'empty':
      return texts.emptySteps;
    case 'not-found':
      return texts.notFoundSteps;
    case 'missing':
      return texts.missingSteps;
    case 'refused':
      return texts.refusedSteps;
    case 'unreachable':
      return texts.unreachableSteps;
    case 'failed':
      return texts.failedSteps;
  }
}
