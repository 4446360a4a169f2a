import { html } from 'hono/html';
import { LANGUAGES } from '../format/language.js';
import { sortingParameters } from '../filters/sorting.js';
import { filterQuery } from '../filters/filters.js';
import { freshnessState } from './freshness-state.js';
import type { Html, PageContext } from './page-context.js';

// The name begins with what is written, so that voice control finds it.
const LANGUAGE_NAMES = { de: 'DE Deutsch', en: 'EN English' } as const;

/** The frame around every page: head, header with the age of the data, navigation. */
export function layout(context: PageContext, page: { path: string; heading: string; content: Html }): Html {
  const { texts, language } = context;
  const title = page.heading === texts.title ? texts.title : `${page.heading} · ${texts.title}`;
  const state = freshnessState(context);
  return html`<!doctype html>
    <html lang="${language}" data-freshness="${state}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/dashboard.css" />
        <script src="/assets/theme.js"></script>
        <script type="module" src="/assets/enhance.js"></script>
      </head>
      <body>
        <a class="skip" href="#content">${texts.skipToContent}</a>
        <header class="page-header">
          <div class="page-title">
            <h1>${page.heading}</h1>
            <p class="quiet">
              ${texts.shown(texts.measures[context.scope.filters.measure], texts.dateBases[context.scope.filters.dateBasis])}
            </p>
          </div>
          ${freshnessBadge(context)}
          <nav aria-label="${texts.navigation}">
            ${[
              ['/', texts.revenuePage],
              ['/customers', texts.customersPage],
              ...(context.scope.countries ? [] : [['/data', texts.dataPage]]),
            ].map(
              ([path = '', label]) =>
                html`<a
                  href="${context.href(path, filterQuery(context.scope.filters))}"
                  ${page.path === path ? html`aria-current="page"` : ''}
                  >${label}</a
                > `,
            )}
          </nav>
          <div class="tools">
            ${readerTools(context)}
            <div class="languages" role="group" aria-label="${texts.language}">
              ${LANGUAGES.map((other) => languageLink(context, page.path, other))}
            </div>
            <button type="button" class="theme" data-theme-toggle aria-label="${texts.theme}" hidden>
              <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
                <circle cx="10" cy="10" r="7.25" fill="none" stroke="currentColor" stroke-width="1.5" />
                <path d="M10 2.75a7.25 7.25 0 0 1 0 14.5z" fill="currentColor" />
              </svg>
            </button>
          </div>
        </header>
        ${freshnessBanner(context)}
        <main id="content" tabindex="-1">${page.content}</main>
        <p class="visually-hidden" role="status" data-announcer></p>
      </body>
    </html> `;
}

function readerTools({ reader, texts }: PageContext): Html {
  if (!reader) return html``;
  return html`<span class="reader">${reader.name}</span>
    ${reader.canSignOut ? html`<form method="post" action="/sign-out"><button type="submit" class="link">${texts.signOut}</button></form>` : ''}`;
}

function languageLink(context: PageContext, path: string, other: (typeof LANGUAGES)[number]): Html {
  const query = filterQuery(context.scope.filters);
  for (const [name, value] of sortingParameters(context.sortings)) query.set(name, value);
  query.set('lang', other);
  const current = other === context.language;
  return html`<a
    href="${path}?${query.toString()}"
    lang="${other}"
    hreflang="${other}"
    aria-label="${LANGUAGE_NAMES[other]}"
    ${current ? html`aria-current="true"` : ''}
    >${other.toUpperCase()}</a
  > `;
}

function freshnessBadge(context: PageContext): Html {
  const { freshness, texts, formats, now } = context;
  if (!freshness) return html``;
  if (freshness.dataAsOf === null) {
    return html`<p class="freshness" data-refreshed-at="${String(freshness.refreshedAt ?? '')}">
      <span class="dot"></span>${texts.ageUnknown}
    </p>`;
  }
  return html`<p
    class="freshness"
    data-as-of="${freshness.dataAsOf}"
    data-outdated-after-ms="${context.outdatedAfterMinutes * 60_000}"
    data-refreshed-at="${String(freshness.refreshedAt ?? '')}"
  >
    <span class="dot"></span>
    <span
      >${texts.dataAsOf}
      <time datetime="${new Date(freshness.dataAsOf).toISOString()}"
        >${formats.dateTime(freshness.dataAsOf)}</time
      ></span
    >
    <span class="quiet" data-age>${formats.ago(now - freshness.dataAsOf)}</span>
  </p>`;
}

/** Both banners are always there and shown by the page's state, which the browser changes when the data grows too old. */
function freshnessBanner(context: PageContext): Html {
  const { freshness, texts, formats, now } = context;
  if (!freshness) return html``;
  if (freshness.dataAsOf === null) {
    return html`<div class="banner banner-unknown" role="alert">
      <strong>${texts.unknownTitle}</strong> ${texts.unknownText}
    </div>`;
  }
  return html`<div class="banner banner-outdated" role="alert">
    <strong>${texts.outdatedTitle}</strong>
    ${texts.outdatedText(formats.dateTime(freshness.dataAsOf), formats.ago(now - freshness.dataAsOf))}
    ${texts.outdatedHelp}
  </div>`;
}
