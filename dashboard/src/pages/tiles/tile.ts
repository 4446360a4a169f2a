import { html } from 'hono/html';
import type { Html } from '../page-context.js';

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

/** A link that downloads something as CSV. */
export function downloadLink({ href, label, what }: { href: string; label: string; what: string }): Html {
  return html`<a class="download" href="${href}" download aria-label="${what}">
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path
        d="M8 2v7.5M4.75 6.5 8 9.75l3.25-3.25M2.5 13.25h11"
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
    ${label}</a
  >`;
}
