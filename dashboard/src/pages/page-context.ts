import type { html } from 'hono/html';
import type { IgnoredValue } from '../filters/filters.js';
import type { Sortings } from '../filters/sorting.js';
import type { Formats } from '../format/formats.js';
import type { Language } from '../format/language.js';
import type { Texts } from '../format/texts.js';
import type { Freshness } from '../queries/freshness.js';
import type { Scope } from '../queries/scope.js';

/** HTML in which everything that came from outside is escaped. */
export type Html = ReturnType<typeof html>;

/** What every part of a page is made with. */
export interface PageContext {
  readonly language: Language;
  readonly texts: Texts;
  readonly formats: Formats;
  readonly scope: Scope;
  /** Who has signed in; undefined where nobody has to. */
  readonly reader: { readonly name: string; readonly canSignOut: boolean } | undefined;
  /** The page that was asked for, and what its address said. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly sortings: Sortings;
  readonly ignored: readonly IgnoredValue[];
  readonly now: number;
  readonly outdatedAfterMinutes: number;
  /** Undefined on pages that cannot know it, such as that of a warehouse that does not answer. */
  readonly freshness: Freshness | undefined;
  /** An address of the dashboard that keeps the language which was asked for and, on the same page, how its tables are sorted. */
  readonly href: (path: string, query?: URLSearchParams) => string;
}
