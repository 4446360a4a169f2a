import type { QueryValue } from '../http/http-request.js';
import { isExactNumber, type ExactNumber } from '../json/exact-number.js';
import type { JsonValue } from '../json/json-value.js';
import { valueAt } from './json-path.js';
import type { Page, PageRequest, Paginator } from './paginator.js';

/** For listings that come whole. */
export function singlePage(): Paginator {
  return { first: () => ({ query: {} }), next: () => undefined };
}

/** Where the parameters of a page go. */
export interface PagePlacement {
  /** In the address, or in the body, where their names are paths such as `variables.after`. @default query */
  placement?: 'query' | 'body';
}

export interface OffsetPagesOptions extends PagePlacement {
  /** Records a page. */
  limit: number;
  /** @default limit */
  limitParameter?: string;
  /** @default offset */
  offsetParameter?: string;
  /**
   * Where the answer says how many records there are in all.
   * @default it does not: the last page is one that is not full; a first page of a round number of records shows what the server calls full
   */
  totalPath?: string;
}

/** Pages by how many records to skip. */
export function offsetPages(options: OffsetPagesOptions): Paginator {
  const { limit, limitParameter = 'limit', offsetParameter = 'offset', totalPath, placement } = options;
  const isFull = fullPages(limit);
  let offset = 0;
  const request = (): PageRequest => placed({ [limitParameter]: limit, [offsetParameter]: offset }, placement);
  return {
    first: request,
    next: ({ body, count }) => {
      offset += count;
      const total = totalPath === undefined ? undefined : asCount(valueAt(body, totalPath));
      const isLast = total === undefined ? !isFull(count) : offset >= total;
      return isLast || count === 0 ? undefined : request();
    },
  };
}

export interface NumberedPagesOptions extends PagePlacement {
  /** Records a page. */
  pageSize: number;
  /** @default page */
  pageParameter?: string;
  /** @default the server's own size is asked for by no parameter */
  sizeParameter?: string;
  /** The number of the first page. @default 1 */
  firstPage?: number;
  /**
   * Where the answer says whether more follow, after a page without records, too.
   * @default it does not: the last page is one that is not full; a first page of a round number of records shows what the server calls full
   */
  hasMorePath?: string;
}

/** Pages by their number. */
export function numberedPages(options: NumberedPagesOptions): Paginator {
  const { pageSize, pageParameter = 'page', sizeParameter, firstPage = 1, hasMorePath, placement } = options;
  const isFull = fullPages(pageSize);
  let page = firstPage;
  const request = (): PageRequest =>
    placed({ [pageParameter]: page, ...(sizeParameter === undefined ? {} : { [sizeParameter]: pageSize }) }, placement);
  return {
    first: request,
    next: ({ body, count }) => {
      page += 1;
      const more = hasMorePath === undefined ? undefined : valueAt(body, hasMorePath);
      const goesOn = typeof more === 'boolean' ? more : isFull(count);
      return goesOn ? request() : undefined;
    },
  };
}

/**
 * Tells pages that are full from the last one, where the answers do not. A server may give fewer records a page than it is asked for, at a
 * round number: a first page of such a size counts as full, and its size as that of all pages.
 */
function fullPages(asked: number): (count: number) => boolean {
  let size: number | undefined;
  return (count) => {
    size ??= count > 0 && count < asked && count % 5 === 0 ? count : asked;
    return count > 0 && count >= size;
  };
}

/** A count as answers hold it, a number or its text; undefined where it is none. */
function asCount(value: JsonValue | undefined): number | undefined {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

export interface CursorPagesOptions extends PagePlacement {
  /** Where the answer holds what the next page is asked for by. */
  cursorPath: string;
  /** The parameter that takes it. */
  cursorParameter: string;
  /** Where the answer says whether more follow. @default more follow when there is a cursor */
  hasMorePath?: string;
}

/** Pages by what each one says of the next. An empty or missing cursor ends. */
export function cursorPages(options: CursorPagesOptions): Paginator {
  const { cursorPath, cursorParameter, hasMorePath, placement = 'query' } = options;
  return {
    first: () => ({ query: {} }),
    next: ({ body }) => {
      const cursor = valueAt(body, cursorPath);
      if (hasMorePath !== undefined && valueAt(body, hasMorePath) === false) return undefined;
      const isCursor =
        (typeof cursor === 'string' && cursor !== '') || typeof cursor === 'number' || isExactNumber(cursor);
      if (!isCursor) return undefined;
      return placed({ [cursorParameter]: placement === 'query' ? String(cursor) : cursor }, placement);
    },
  };
}

/** Pages by the header `Link: <address>; rel="next"` (RFC 8288). */
export function linkHeaderPages(): Paginator {
  return { first: () => ({ query: {} }), next: ({ response }) => nextLink(response.header('link')) };
}

/** Pages by a whole address within the answer, as in `links.next`. */
export function linkedPages({ linkPath }: { linkPath: string }): Paginator {
  return {
    first: () => ({ query: {} }),
    next: ({ body }: Page) => {
      const url = valueAt(body, linkPath);
      return typeof url === 'string' && url !== '' ? { url } : undefined;
    },
  };
}

function placed(
  parameters: Readonly<Record<string, Exclude<JsonValue, object | null> | ExactNumber>>,
  placement: 'query' | 'body' = 'query',
): PageRequest {
  if (placement === 'body') return { body: parameters };
  return { query: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, asText(value)])) };
}

const asText = (value: QueryValue | ExactNumber): QueryValue => (isExactNumber(value) ? value.text : value);

function nextLink(header: string | undefined): PageRequest | undefined {
  for (const [, url = '', parameters = ''] of header?.matchAll(/<([^>]*)>([^<]*)/g) ?? []) {
    if (/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next)/i.test(parameters)) return { url };
  }
  return undefined;
}
