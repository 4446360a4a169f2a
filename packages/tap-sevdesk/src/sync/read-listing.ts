import { UnexpectedResponseError } from '@singer-io-ts/sdk';
import type { Instant } from '../api/instant.js';
import type { ListFilter, Page, PageSource, Row } from '../api/page.js';
import { RecordSetDigest } from './record-set-digest.js';

/** How often a listing that does not hold still is read again before the stream gives up. */
export const ATTEMPTS_PER_LISTING = 6;

export interface ListingRequest {
  source: PageSource;
  filter: ListFilter;
  pageSize: number;
  /** Pages fetched at the same time. */
  concurrency: number;
  signal: AbortSignal;
  /** Whether the caller wants the rows' contents told apart, which costs a hash of each. @default false */
  withContent?: boolean;
  /** Called before each pass: rows of earlier, broken passes came to nothing. */
  onPass?: () => void;
  /** Takes the rows of each page, in order, before it is known whether the pass will add up. */
  onRows?: (rows: readonly Row[]) => Promise<void>;
}

export interface Listing {
  total: number;
  /** The server's time when the pass began: the listing holds everything that was there then and was not deleted since. */
  begunAt: Instant;
  /** Which objects there were. */
  ids: string;
  /** What they looked like; empty unless asked for. */
  content: string;
}

/**
 * Reads all pages of a list that cannot be cut into slices. As with slices, a pass is accepted only if its total never
 * changed and its unique ids are as many; otherwise it is read again from the start.
 *
 * @throws UnexpectedResponseError when no pass adds up
 */
export async function readListing(request: ListingRequest): Promise<Listing> {
  let reason = '';
  for (let attempt = 1; attempt <= ATTEMPTS_PER_LISTING; attempt += 1) {
    request.onPass?.();
    const pass = await readPass(request);
    if (typeof pass !== 'string') return pass;
    reason = pass;
  }
  throw new UnexpectedResponseError({
    message: `a list does not add up in ${ATTEMPTS_PER_LISTING} readings: ${reason}`,
  });
}

async function readPass({ withContent = false, onRows, ...request }: ListingRequest): Promise<Listing | string> {
  const seen = new Set<string>();
  const ids = new RecordSetDigest();
  const content = new RecordSetDigest();
  let first: Page | undefined;
  for await (const page of pagesInOrder(request)) {
    first ??= page;
    if (page.total !== first.total) return `the total changed from ${first.total} to ${page.total} between pages`;
    for (const { id, text } of page.rows) {
      if (seen.has(id)) continue;
      seen.add(id);
      ids.add(id);
      if (withContent) content.add(text);
    }
    await onRows?.(page.rows);
  }
  const total = first?.total ?? 0;
  if (seen.size !== total) return `${seen.size} different objects of ${total}`;
  return {
    total,
    begunAt: first?.serverTime ?? 0,
    ids: ids.toString(),
    content: withContent ? content.toString() : '',
  };
}

/** The first page tells how many there are; the others are fetched a few at a time and come in order. */
async function* pagesInOrder({ source, filter, pageSize, concurrency, signal }: ListingRequest): AsyncGenerator<Page> {
  const first = await source(filter, { limit: pageSize, offset: 0 });
  yield first;
  const ahead: Promise<Page>[] = [];
  let offset = pageSize;
  while (ahead.length > 0 || offset < first.total) {
    signal.throwIfAborted();
    for (; ahead.length < concurrency && offset < first.total; offset += pageSize) {
      const page = source(filter, { limit: pageSize, offset });
      // It is awaited in its turn; until then a failure must not count as unhandled.
      page.catch(() => undefined);
      ahead.push(page);
    }
    const next = ahead.shift();
    if (next) yield await next;
  }
}
