import type { HttpResponse } from '../http/http-response.js';
import type { Query } from '../http/http-request.js';
import type { JsonValue } from '../json/json-value.js';

/**
 * What a page is asked for by: parameters beside the stream's own, in the address or in the body (there each name is a
 * path of names joined by dots), or a whole address.
 */
export type PageRequest =
  | { readonly query?: Query; readonly body?: Readonly<Record<string, JsonValue>>; readonly url?: never }
  | { readonly url: string };

/** A page that has come. */
export interface Page {
  readonly response: HttpResponse;
  readonly body: JsonValue;
  /** How many records it held. */
  readonly count: number;
}

/** Leads from page to page; one is made for every listing. */
export interface Paginator {
  first(): PageRequest;
  /** What comes after a page; undefined when it was the last one. */
  next(page: Page): PageRequest | undefined;
}
