import { html } from 'hono/html';
import { filterQuery } from '../../filters/filters.js';
import type { FigureName } from '../figures.js';
import type { Html, PageContext } from '../page-context.js';

/** A card with a heading, and optionally something to do at its right. */
export function tile({
  id,
  heading,
  aside,
  content,
}: {
  id: string;
  heading: string;
  aside?: Html | string;
  content: Html;
}): Html {
  return html`<section class="tile" id="${id}" aria-labelledby="${id}-heading">
    <div class="tile-head">
      <h2 id="${id}-heading">${heading}</h2>
      ${aside ?? ''}
    </div>
    ${content}
  </section>`;
}

/** A link to the rule and the statement behind a figure or a table. */
export function whyLink({ texts, scope, href }: PageContext, figure: FigureName): Html {
  return html`<a
    class="why-link"
    href="${href(`/why/${figure}`, filterQuery(scope.filters))}"
    aria-label="${texts.whyThisNumber} ${texts.figureNames[figure]}"
    >${texts.whyThisNumber}</a
  >`;
}

/** The kinds of file, by what people call them. */
const FILES = [
  ['csv', 'CSV'],
  ['xlsx', 'Excel'],
] as const;

/** Links that download a table as it is narrowed now: as CSV, and as an Excel file. */
export function downloadLinks(
  { texts, scope, href }: PageContext,
  { name, what, query = {} }: { name: string; what: string; query?: Readonly<Record<string, string>> },
): Html {
  const narrowed = new URLSearchParams([...filterQuery(scope.filters), ...Object.entries(query)]);
  return html`<span class="downloads"
    >${FILES.map(
      ([kind, label]) =>
        html`<a
          class="download"
          href="${href(`/${kind}/${name}.${kind}`, narrowed)}"
          download
          aria-label="${texts.downloadWhat(what, label)}"
          >${DOWNLOAD_ICON}${label}</a
        >`,
    )}</span
  >`;
}

const DOWNLOAD_ICON = html`<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
  <path
    d="M8 2v7.5M4.75 6.5 8 9.75l3.25-3.25M2.5 13.25h11"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
  />
</svg> `;
