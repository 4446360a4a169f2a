import { UnexpectedResponseError } from '@singer-io-ts/sdk';
import type { Instant } from '../api/instant.js';
import type { ListFilter, Page, PageSource, Row } from '../api/page.js';

/** The page that the service gives where it does not care for what was asked: its default. */
const DEFAULT_PAGE = 100;
/** A list with more objects than were counted differs by a constant; by more than this, objects are missing. */
export const MOST_UNLISTED = 10;
/** This many pages of rows are remembered, to find the place again after a shift. */
const REMEMBERED_PAGES = 20;
/** The last rows that a pass is found again by. */
const ROWS_TO_RESUME_BY = 5;

export interface ListPassOptions {
  source: PageSource;
  filter: ListFilter;
  pageSize: number;
  /** Pages fetched at the same time; the first always comes alone. */
  ahead: number;
  signal?: AbortSignal | undefined;
  /** Where an earlier pass was broken off. @default at the start */
  resume?: PassPosition | undefined;
  /** The first page, where it was fetched already. @default none */
  first?: Page | undefined;
}

/** How far a pass has got. */
export interface PassPosition {
  /** Where the last row stood. */
  offset: number;
  /** The ids of the last rows, the last one at the end. */
  last: readonly string[];
}

/** The rows that a page adds to those before it. */
export interface PassPage {
  rows: readonly Row[];
  total: number;
  serverTime: Instant;
  /** See {@link Page}. */
  release: () => void;
}

/**
 * One pass over the pages of a list that may change while it is read. Every row that is there from the first page to the
 * last is yielded, and once.
 *
 * Offsets shift when rows before them come or go, and a shift hides rows. Therefore each page overlaps the one before by a
 * row. A page that holds no row which is known by now has lost its place: the pass steps back until one does, and continues
 * from there. In a list whose order is stable nothing can lie between a known row and the row behind it, so nothing is missed.
 *
 * The service's `total` is a hint. A list ends with a page that is not full; if more were counted, it is asked once more. If
 * rows moved back meanwhile, new ones may stand at its beginning, which is read again.
 */
export class ListPass {
  readonly #options: ListPassOptions;
  /** Known rows, the latest at the end, with their place in the order. */
  readonly #known = new Map<string, number>();
  readonly #fetching = new Map<number, Promise<Page>>();
  #limit: number;
  #total: number | undefined;
  #requests = 0;
  #count = 0;
  #end = 0;
  #ordered = true;
  #shifts = 0;
  #duplicates: string[] = [];
  #repeated = 0;
  #displaced = 0;
  /** The rows of the first page. */
  #front: ReadonlySet<string> = new Set();
  #isCountSteady = true;

  constructor(options: ListPassOptions) {
    this.#options = options;
    this.#limit = pageLimit(options);
    if (options.first) this.#fetching.set(0, Promise.resolve(options.first));
    for (const id of options.resume?.last ?? []) this.#known.set(id, this.#known.size);
  }

  /** Different rows so far. */
  get count(): number {
    return this.#count;
  }

  /** How often rows before the place of the pass came or went. */
  get shifts(): number {
    return this.#shifts;
  }

  /** Ids that came more than once, the first few. */
  get duplicates(): readonly string[] {
    return this.#duplicates;
  }

  /**
   * Whether all rows came in one and the same order; if not, rows may have been missed. Where as many were counted all the
   * time, no fewer different ones must have come. More come when some go that were read, and as many others come.
   */
  get ordered(): boolean {
    const isCalm = this.#isCountSteady && this.#options.resume === undefined;
    return this.#ordered && !(isCalm && this.#count + this.#repeated < this.#end);
  }

  /** Whether as many rows were counted with the first page as with the last. */
  get isSteady(): boolean {
    return this.#isCountSteady;
  }

  /** How often rows moved back on their own, as rows before them do that are new. In a span of the past none can be. */
  get displaced(): number {
    return this.#displaced;
  }

  /** After the last page: how many more objects the service counts than it lists. */
  get unlisted(): number {
    return Math.max(0, (this.#total ?? 0) - this.#end);
  }

  /** Where a later pass can resume. */
  get position(): PassPosition {
    return { offset: Math.max(0, this.#end - 1), last: [...this.#known.keys()].slice(-ROWS_TO_RESUME_BY) };
  }

  async *pages(): AsyncGenerator<PassPage> {
    yield* this.#through();
    if (this.#displaced > 0 && this.#front.size > 0) yield* this.#newAtFront();
  }

  /** Rows that came before those of the first page since that was read. */
  async *#newAtFront(): AsyncGenerator<PassPage> {
    this.#fetching.clear();
    const isOld = ({ id }: Row): boolean => this.#front.has(id);
    for (let offset = 0; ; offset += this.#limit) {
      const page = await this.#request(offset);
      const found = page.rows.findIndex(isOld);
      const rows = page.rows.slice(0, found < 0 ? undefined : found).filter(({ id }) => !this.#known.has(id));
      for (const row of rows) this.#learn(row);
      yield { rows, total: page.total, serverTime: page.serverTime, release: () => page.release?.() };
      if (found >= 0 || page.rows.length < page.limit) return;
    }
  }

  async *#through(): AsyncGenerator<PassPage> {
    const { signal, resume } = this.#options;
    let offset = resume?.offset ?? 0;
    let back = 0;
    let kept: Page | undefined;
    let askedBeyond: number | undefined;
    for (;;) {
      signal?.throwIfAborted();
      const page = await this.#fetch(offset);
      this.#isCountSteady &&= this.#total === undefined || this.#total === page.total;
      this.#total = page.total;
      const rows = this.#join(page, { first: offset === 0 && resume === undefined, isNext: back === 0 });
      if (rows === undefined) {
        this.#shifts += back === 0 ? 1 : 0;
        if (offset === 0) throw new PassLost();
        // A page that was fetched too early is asked for again; otherwise it is kept until the gap before it is filled.
        if (page === kept) this.#fetching.clear();
        else {
          if (page.rows.length > 0) this.#fetching.set(offset, Promise.resolve(page));
          kept = page;
          back = back === 0 ? this.#limit - 1 : back * 2;
          const reached = page.rows.length === 0 ? Math.min(offset, page.total) : offset;
          offset = Math.max(0, reached - back);
        }
        continue;
      }
      back = 0;
      if (offset === 0 && this.#front.size === 0) this.#front = new Set(page.rows.map(({ id }) => id));
      this.#end = offset + page.rows.length;
      yield { rows, total: page.total, serverTime: page.serverTime, release: () => page.release?.() };
      const length = page.rows.length;
      const isFull = length >= page.limit || length === DEFAULT_PAGE;
      const countsMore = page.total > this.#end && askedBeyond !== this.#end;
      if (length === 0 || (!isFull && !countsMore)) return;
      if (!isFull) {
        askedBeyond = this.#end;
        this.#setLimit(Math.max(2, length));
      } else this.#setLimit(Math.min(page.limit, Math.max(2, length)));
      if (length === 1) return;
      offset = this.#end - 1;
    }
  }

  /** The rows of a page that are new; undefined where the page holds no row that is known by now. */
  #join({ rows }: Page, { first, isNext }: { first: boolean; isNext: boolean }): Row[] | undefined {
    let anchor = -1;
    let place = -1;
    for (const [i, { id }] of rows.entries()) {
      const at = this.#known.get(id);
      if (at === undefined) continue;
      if (at <= place) this.#ordered = false;
      else [anchor, place] = [i, at];
    }
    if (anchor < 0 && !first) return undefined;
    if (anchor > 0 && isNext) this.#displaced += 1;
    const fresh: Row[] = [];
    for (const [i, row] of rows.entries()) {
      if (!this.#known.has(row.id)) {
        // Rows before the place of an earlier pass were written by it.
        if (this.#options.resume !== undefined && i < anchor) continue;
        this.#learn(row);
        fresh.push(row);
      } else if (i > anchor) {
        this.#repeated += 1;
        if (this.#duplicates.length < ROWS_TO_RESUME_BY) this.#duplicates.push(row.id);
      }
    }
    this.#forget();
    return fresh;
  }

  /** Counts a row; those that an earlier pass was broken off at have the places before. */
  #learn({ id }: Row): void {
    this.#known.set(id, (this.#count += 1) + ROWS_TO_RESUME_BY);
  }

  #forget(): void {
    let surplus = this.#known.size - REMEMBERED_PAGES * this.#limit;
    for (const id of this.#known.keys()) {
      if ((surplus -= 1) < 0) return;
      this.#known.delete(id);
    }
  }

  #setLimit(limit: number): void {
    if (limit === this.#limit) return;
    this.#limit = limit;
    this.#fetching.clear();
  }

  /** A page, and those that will probably follow it. */
  #fetch(offset: number): Promise<Page> {
    const { ahead } = this.#options;
    const page = this.#request(offset);
    this.#fetching.delete(offset);
    for (let n = 1; n < ahead; n += 1) {
      const next = offset + n * (this.#limit - 1);
      // Without a count it is not known that there is more.
      if (this.#total === undefined || next >= this.#total - 1) break;
      void this.#request(next);
    }
    return page;
  }

  #request(offset: number): Promise<Page> {
    const under = this.#fetching.get(offset);
    if (under) return under;
    const { source, filter } = this.#options;
    this.#requests += 1;
    if (this.#requests > 100 + (4 * (this.#total ?? 0)) / (this.#limit - 1)) throw tooRestless();
    const page = source(filter, { limit: pageLimit(this.#options), offset });
    // It is awaited in its turn; until then a failure must not count as unhandled.
    page.catch(() => undefined);
    this.#fetching.set(offset, page);
    return page;
  }
}

/** A pass found nothing any more of what it knew: it has to be begun again. */
export class PassLost extends UnexpectedResponseError {
  constructor() {
    super({ message: 'the list no longer contains any of the rows that were just read from it; try again later' });
  }
}

/** One row of a page joins it to the page before. */
function pageLimit({ pageSize }: ListPassOptions): number {
  return Math.max(2, pageSize);
}

function tooRestless(): UnexpectedResponseError {
  return new UnexpectedResponseError({
    message: 'a list changes faster than it can be read; nothing was marked as deleted, try again later',
  });
}
