import { FilterIgnoredError } from '@singer-io-ts/sdk';
import type { Instant } from '../api/instant.js';
import { hasId, type ListFilter, type PageSource, type Row } from '../api/page.js';
import type { WindowBookmark } from '../state/bookmark.js';
import { FinishedPrefix } from './prefix.js';
import { ignoredMessage } from './read-slice.js';
import type { ChangedObjects } from './read-windows.js';
import { runSlices } from './run-slices.js';
import type { StreamContext } from './stream-context.js';
import { type TimeSlice, without } from './time-slice.js';

export interface WindowRequest {
  source: PageSource;
  filter: ListFilter;
  context: Pick<StreamContext, 'clock' | 'pageSize' | 'concurrency' | 'lookbackSeconds' | 'lagSeconds'>;
  bookmark: WindowBookmark;
  /** What was last changed before this is left out. */
  startDate: Instant | undefined;
  signal: AbortSignal;
  /**
   * Takes the rows that changed, as soon as their slice adds up, and the bookmark that covers what was handed over so far;
   * no bookmark while the window has not got past the last one.
   */
  onRows: (rows: readonly Row[], bookmark: WindowBookmark | undefined) => Promise<void>;
  /** Told when the service counts more objects than it lists. @default nobody is */
  onUnlisted?: (count: number) => void;
}

export interface WindowRead {
  /** The bookmark of the finished window. */
  bookmark: WindowBookmark;
  /** All that changed, for streams that follow these objects. */
  read: ChangedObjects;
}

/**
 * Reads everything that changed since the bookmark, up to `lag` behind the server's clock.
 * The window is frozen before it is read: what changes meanwhile leaves it and comes with the next.
 * It starts `lookback` before the last window's end, for changes that were committed late, and leaves out rows of that
 * overlap which were handed over before and have not changed since. Rows without a readable `update` are always handed over.
 *
 * With nothing new this costs one request.
 */
export async function readWindow(request: WindowRequest): Promise<WindowRead> {
  const { source, filter, context, bookmark, signal, onRows, onUnlisted = () => undefined } = request;
  const window = await probe(request);
  const { until } = window;
  const from = windowStart(bookmark, context, request.startDate, until);
  const finished = settled(bookmark, context.lookbackSeconds);

  const prefix = new FinishedPrefix(from === undefined ? undefined : from - 1, finished);
  const overlap = new Map(bookmark.overlap);
  const updates = new Map<string, Instant>();
  const take = async (slice: TimeSlice, rows: readonly Row[]): Promise<void> => {
    prefix.add(slice);
    const fresh: Row[] = [];
    for (const row of rows) {
      const { id, updated } = row;
      if (hasId(row)) updates.set(id, updated ?? until);
      if (updated === undefined || bookmark.overlap.get(id) !== updated) fresh.push(row);
      if (updated !== undefined && updated >= until - context.lookbackSeconds) overlap.set(id, updated);
    }
    const passed = prefix.until !== undefined && prefix.until >= (bookmark.completeUntil ?? -Infinity);
    const covered = { completeUntil: prefix.until, windowUntil: until, finished: [...prefix.beyond], overlap };
    await onRows(fresh, passed ? covered : undefined);
  };

  if (window.from === from && window.rows) await take({ from, until }, window.rows);
  else if (from === undefined || from <= until) {
    const { pageSize, concurrency } = context;
    const spans = without({ from, until }, finished);
    await runSlices({
      source,
      filter,
      field: 'update',
      spans,
      pageSize,
      concurrency,
      signal,
      onSlice: take,
      onUnlisted,
    });
  }
  const recent = [...overlap].filter(([, updated]) => updated >= until - context.lookbackSeconds);
  // Slices that an earlier run finished are not among what was read now.
  const readFrom = finished.length === 0 ? from : until;
  return {
    bookmark: { completeUntil: until, windowUntil: until, finished: [], overlap: new Map(recent) },
    read: { from: readFrom, until, updates },
  };
}

/** An unfinished window resumes where its finished part ends; only its last seconds can have had late commits. */
export function windowStart(
  { completeUntil, windowUntil }: WindowBookmark,
  { lookbackSeconds }: Pick<StreamContext, 'lookbackSeconds'>,
  startDate?: Instant,
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
 * The first request, which tells the server's time: everything since the bookmark without an end.
 * Where it fits one page it is the whole window; rows younger than the window are left for the next.
 */
async function probe({ source, filter, context, bookmark, startDate }: WindowRequest): Promise<Probe> {
  const from = windowStart(bookmark, context, startDate);
  const query = from === undefined ? filter : { ...filter, updateAfter: from - 1 };
  const limit = Math.max(2, context.pageSize);
  const { rows, total, serverTime, limit: asked } = await source(query, { limit, offset: 0 });
  if (rows.some(({ updated = Infinity }) => updated < (from ?? -Infinity) - 1)) {
    throw new FilterIgnoredError({ message: ignoredMessage('update') });
  }
  const until = serverTime - context.lagSeconds;
  const unique = new Map(rows.map((row) => [row.id, row]));
  const complete = rows.length < asked && rows.length >= total && bookmark.finished.length === 0;
  if (!complete) return { until };
  const inside = ({ updated }: Row): boolean =>
    updated === undefined || (updated <= until && updated >= (from ?? -Infinity));
  return { until, from, rows: [...unique.values()].filter(inside) };
}
