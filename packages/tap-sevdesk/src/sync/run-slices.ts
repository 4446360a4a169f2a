import { forEachConcurrently } from '@singer-io-ts/sdk';
import type { PageSource, ListFilter, Row } from '../api/page.js';
import { MAX_PAGES_PER_SLICE, readSlice } from './read-slice.js';
import { divide, isDivisible, type SliceField, type TimeSlice } from './time-slice.js';

/** Into how many parts a slice that is too large is cut at most; where nothing lies, a part costs one call. */
const MAX_PARTS = 16;

export interface RunSlicesOptions {
  source: PageSource;
  filter: ListFilter;
  field: SliceField;
  /** The spans to read, in order. */
  spans: readonly TimeSlice[];
  pageSize: number;
  /** Slices read at the same time. */
  concurrency: number;
  signal: AbortSignal;
  /** Told of each slice that adds up, one at a time, as they finish, not in order. */
  onSlice: (slice: TimeSlice, rows: readonly Row[]) => Promise<void>;
  /** About how many rows there are altogether, where that is known. @default the first answer tells */
  expected?: number;
  /** Told when the service counts more objects than it lists, once. */
  onUnlisted: (count: number) => void;
}

/**
 * Reads spans of time in slices, several at once, the earliest first. Slices that turn out too large are divided, so
 * their size follows the data. Resolves when every slice was handed to `onSlice`; rejects at the first failure, after
 * which `onSlice` is not called again.
 */
export async function runSlices(options: RunSlicesOptions): Promise<void> {
  const { spans, concurrency, expected = 0, pageSize } = options;
  const queue = spans.map((span) => ({ span, maxRows: pageSize }));
  if (queue.length === 0) return;
  const run = new SliceRun(options, queue);
  // What is known to be too large need not be asked for once more to learn that.
  if (expected > pageSize && queue.length === 1) run.divideFirst(expected);
  // The queue grows while it is worked on, so the workers are the items.
  await forEachConcurrently(Array(concurrency).keys(), concurrency, () => run.work());
}

interface Task {
  span: TimeSlice;
  maxRows: number;
}

class SliceRun {
  #reading = 0;
  /** The most rows that a slice turned out to have: about what there is altogether. */
  #largest = 0;
  #failed = false;
  #unlistedTold = false;
  #wake: (() => void)[] = [];
  #handing: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: RunSlicesOptions,
    private readonly queue: Task[],
  ) {}

  /** Divides the only slice before it is read. */
  divideFirst(total: number): void {
    const [task] = this.queue.splice(0);
    if (task) this.#divide(task, total);
  }

  /** Takes slices until there are none left and none can come any more. */
  async work(): Promise<void> {
    for (;;) {
      this.options.signal.throwIfAborted();
      if (this.#failed) return;
      const task = this.queue.shift();
      if (!task) {
        if (this.#reading === 0) return;
        await new Promise<void>((resolve) => this.#wake.push(resolve));
        continue;
      }
      this.#reading += 1;
      try {
        await this.#read(task);
      } catch (error) {
        this.#failed = true;
        // A slice that is just being written is finished with the bookmark that covers it.
        await this.#handing;
        throw error;
      } finally {
        this.#reading -= 1;
        for (const wake of this.#wake.splice(0)) wake();
      }
    }
  }

  async #read({ span, maxRows }: Task): Promise<void> {
    const { source, filter, field, pageSize } = this.options;
    const outcome = await readSlice({
      source,
      filter,
      field,
      slice: span,
      pageSize,
      maxRows,
      divisible: isDivisible(span),
    });
    if (outcome.kind === 'rows') {
      if (outcome.unlisted > 0 && !this.#unlistedTold) {
        this.#unlistedTold = true;
        this.options.onUnlisted(outcome.unlisted);
      }
      await this.#hand(span, outcome.rows);
      outcome.release();
      return;
    }
    this.#divide({ span, maxRows }, outcome.total);
  }

  #divide({ span, maxRows }: Task, total: number): void {
    const { pageSize } = this.options;
    const size = this.#sliceRows(total);
    const parts = Math.min(MAX_PARTS, Math.max(2, Math.ceil((2 * total) / size)));
    // The parts of a slice whose order kept changing must be smaller than it was.
    const limit = Math.max(1, Math.min(Math.max(maxRows, size), MAX_PAGES_PER_SLICE * pageSize));
    this.queue.unshift(...divide(span, parts).map((part) => ({ span: part, maxRows: limit })));
  }

  /** Few enough rows that every worker gets slices and memory stays flat, but no less than a page. */
  #sliceRows(total: number): number {
    const { concurrency, pageSize } = this.options;
    this.#largest = Math.max(this.#largest, total);
    return Math.min(Math.max(Math.ceil(this.#largest / (2 * concurrency)), pageSize), MAX_PAGES_PER_SLICE * pageSize);
  }

  /** One slice after the other: records and the bookmark that covers them are written without another slice between. */
  #hand(span: TimeSlice, rows: readonly Row[]): Promise<void> {
    const next = this.#handing.then(async () => {
      if (!this.#failed) await this.options.onSlice(span, rows);
    });
    this.#handing = next.catch(() => undefined);
    return next;
  }
}
