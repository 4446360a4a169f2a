import { FilterIgnoredError } from '@singer-io-ts/sdk';
import type { Instant } from '../api/instant.js';
import type { ListFilter, PageSource, Row } from '../api/page.js';
import type { WindowBookmark } from '../state/bookmark.js';
import { FinishedPrefix } from './prefix.js';
import { ignoredMessage } from './read-slice.js';
import { runSlices } from './run-slices.js';
import type { StreamContext } from './stream-context.js';
import { type TimeSlice, without } from './time-slice.js';

export interface WindowRequest {
  source: PageSource;
  filter: ListFilter;
  context: Pick<StreamContext, 'clock' | 'pageSize' | 'concurrency' | 'lookbackSeconds' | 'lagSeconds' | 'startDate'>;
  bookmark: WindowBookmark;
  /** Hand over unchanged rows of the overlap too. @default false */
  repeatOverlap?: boolean;
  signal: AbortSignal;
  /**
   * Takes the rows that changed, as soon as their slice adds up, and the bookmark that covers what was handed over so far;
   * no bookmark while the window has not got past the last one.
   */
  onRows: (rows: readonly Row[], bookmark: WindowBookmark | undefined) => Promise<void>;
}

/**
 * Reads everything that changed since the bookmark, up to `lag` behind the server's clock, and answers the bookmark of the
 * finished window. The window is frozen before it is read: what changes meanwhile leaves it and comes with the next.
 * It starts `lookback` before the last window's end, for changes that were committed late, and leaves out rows of that
 * overlap which were handed over before and have not changed since.
 *
 * With nothing new this costs one request.
 */
export async function readWindow(request: WindowRequest): Promise<WindowBookmark> {
  const { source, filter, context, bookmark, repeatOverlap = false, signal, onRows } = request;
  const now = context.clock.lastAnswer;
  const window = now === undefined ? await probe(request) : { until: now - context.lagSeconds };
  const { until } = window;
  const from = windowStart(bookmark, context, until);
  const finished = settled(bookmark, context.lookbackSeconds);

  const prefix = new FinishedPrefix(from === undefined ? undefined : from - 1, finished);
  const overlap = new Map(bookmark.overlap);
  const take = async (slice: TimeSlice, rows: readonly Row[]): Promise<void> => {
    prefix.add(slice);
    const fresh: Row[] = [];
    for (const row of rows) {
      const updated = row.updated ?? 0;
      if (repeatOverlap || bookmark.overlap.get(row.id) !== updated) fresh.push(row);
      if (updated >= until - context.lookbackSeconds) overlap.set(row.id, updated);
    }
    const passed = prefix.until !== undefined && prefix.until >= (bookmark.completeUntil ?? -Infinity);
    const covered = { completeUntil: prefix.until, windowUntil: until, finished: [...prefix.beyond], overlap };
    await onRows(fresh, passed ? covered : undefined);
  };

  if (window.from === from && window.rows) await take({ from, until }, window.rows);
  else if (from === undefined || from <= until) {
    const { pageSize, concurrency } = context;
    const spans = without({ from, until }, finished);
    await runSlices({ source, filter, field: 'update', spans, pageSize, concurrency, signal, onSlice: take });
  }
  const recent = [...overlap].filter(([, updated]) => updated >= until - context.lookbackSeconds);
  return { completeUntil: until, windowUntil: until, finished: [], overlap: new Map(recent) };
}

/** An unfinished window goes on where its finished part ends; only its last seconds can have had late commits. */
function windowStart(
  { completeUntil, windowUntil }: WindowBookmark,
  { lookbackSeconds, startDate }: WindowRequest['context'],
  until = Infinity,
): Instant | undefined {
  if (completeUntil === undefined) return startDate;
  // Should the server's clock have been set back, the window goes back with it.
  const start = Math.min(completeUntil + 1, (windowUntil ?? completeUntil) - lookbackSeconds, until - lookbackSeconds);
  return Math.max(start, startDate ?? start);
}

/** Slices finished earlier that need not be read again: all but the window's last seconds. */
function settled({ finished, windowUntil = -Infinity }: WindowBookmark, lookbackSeconds: number): TimeSlice[] {
  const last = windowUntil - lookbackSeconds - 1;
  return finished
    .map(({ from, until }) => ({ from, until: Math.min(until, last) }))
    .filter(({ from, until }) => from === undefined || from <= until);
}

interface Probe {
  until: Instant;
  from?: Instant | undefined;
  /** All rows of the window, where one page held them. */
  rows?: Row[];
}

/**
 * The first request of a run, which tells the server's time: everything since the bookmark without an end.
 * Where it fits one page it is the whole window; rows younger than the window are left for the next.
 */
async function probe({ source, filter, context, bookmark }: WindowRequest): Promise<Probe> {
  const from = windowStart(bookmark, context);
  const query = from === undefined ? filter : { ...filter, updateAfter: from - 1 };
  const { rows, total, serverTime } = await source(query, { limit: context.pageSize, offset: 0 });
  if (rows.some(({ updated }) => updated === undefined || updated < (from ?? -Infinity) - 1)) {
    throw new FilterIgnoredError({ message: ignoredMessage('update') });
  }
  const until = serverTime - context.lagSeconds;
  const complete = new Set(rows.map(({ id }) => id)).size === total && bookmark.finished.length === 0;
  if (!complete) return { until };
  return { until, from, rows: rows.filter(({ updated = 0 }) => updated <= until && updated >= (from ?? -Infinity)) };
}
