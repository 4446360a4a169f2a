import type { Instant } from '../api/instant.js';
import type { ListFilter, Page, PageSource, Row } from '../api/page.js';

export interface PagesRequest {
  source: PageSource;
  filter: ListFilter;
  pageSize: number;
  /** Pages fetched at the same time; the first always comes alone. */
  ahead: number;
  signal?: AbortSignal | undefined;
}

/** The rows that a page adds to those before it. */
export interface PageOfPass {
  rows: readonly Row[];
  total: number;
  serverTime: Instant;
  /** See {@link Page}. */
  release: () => void;
}

/** A pass over the pages of a list did not add up, because the list changed under it; it may the next time. */
export class PassBroken extends Error {
  /** The total that was seen last. */
  readonly total: number;

  constructor({ reason, total }: { reason: string; total: number }) {
    super(reason);
    this.name = 'PassBroken';
    this.total = total;
  }
}

/**
 * Reads the pages of a list in order, by offset, so that no row that was there all the time can be missed.
 *
 * Offsets shift when rows before them come or go, and a shift hides rows. Therefore each page begins with the last row of
 * the page before: if it is there, nothing shifted between the two. The total must stay the same on all pages, and in
 * the end the unique ids must be as many as it says. Rows are yielded before that is known.
 *
 * @throws PassBroken when one of this does not hold
 */
export async function* readPages(request: PagesRequest): AsyncGenerator<PageOfPass> {
  const ids = new Set<string>();
  let total: number | undefined;
  let last: string | undefined;
  for await (const page of pagesInOrder(request)) {
    total ??= page.total;
    if (page.total !== total)
      throw broken(`the total changed from ${total} to ${page.total} between pages`, page.total);
    const joins = last !== undefined && request.pageSize > 1;
    if (joins && page.rows[0]?.id !== last) throw broken('the rows shifted between two pages', total);
    last = page.rows.at(-1)?.id;
    const rows = joins ? page.rows.slice(1) : page.rows;
    for (const { id } of rows) ids.add(id);
    yield { rows, total, serverTime: page.serverTime, release: () => page.release?.() };
  }
  if (ids.size !== total) throw broken(`${ids.size} different objects of ${total ?? 0}`, total ?? 0);
}

async function* pagesInOrder({ source, filter, pageSize, ahead, signal }: PagesRequest): AsyncGenerator<Page> {
  // A page of one row has no room for the row that joins it to the one before.
  const step = Math.max(1, pageSize - 1);
  const first = await source(filter, { limit: pageSize, offset: 0 });
  yield first;
  const fetching: Promise<Page>[] = [];
  let offset = step;
  const isLeft = (): boolean => offset + (pageSize - step) < first.total;
  while (fetching.length > 0 || isLeft()) {
    signal?.throwIfAborted();
    for (; fetching.length < ahead && isLeft(); offset += step) {
      const page = source(filter, { limit: pageSize, offset });
      // It is awaited in its turn; until then a failure must not count as unhandled.
      page.catch(() => undefined);
      fetching.push(page);
    }
    const next = fetching.shift();
    if (next) yield await next;
  }
}

function broken(reason: string, total: number): PassBroken {
  return new PassBroken({ reason, total });
}
