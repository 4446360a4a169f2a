import type { ListFilter } from '../api/page.js';
import type { Instant } from '../api/instant.js';

/** The date that a slice bounds. Rows never change their `create`, and every change moves their `update`. */
export type SliceField = 'create' | 'update';

/** A span of whole seconds, both ends included; without `from` it has no lower bound. */
export interface TimeSlice {
  from: Instant | undefined;
  until: Instant;
}

/** Nothing in sevDesk is older than the service itself (2013); an open slice is cut from here. */
const EARLIEST: Instant = Date.UTC(2010, 0, 1) / 1000;

/**
 * The filter for a slice. Whether the service includes the bounds is not documented, so they lie a second outside:
 * rows of those seconds may or may not come and belong to a neighbour.
 */
export function sliceFilter(field: SliceField, { from, until }: TimeSlice): ListFilter {
  return { ...(from === undefined ? {} : { [`${field}After`]: from - 1 }), [`${field}Before`]: until + 1 };
}

/** Whether a slice is longer than a second, the least that filters can tell apart. */
export function isDivisible({ from, until }: TimeSlice): boolean {
  return until > (from ?? EARLIEST);
}

/** Cuts a slice into about `parts` of equal length, none empty; together they cover it exactly. */
export function divide(slice: TimeSlice, parts: number): TimeSlice[] {
  const start = slice.from ?? Math.min(EARLIEST, slice.until);
  const seconds = slice.until - start + 1;
  const count = Math.max(1, Math.min(parts, seconds));
  return Array.from({ length: count }, (_, i) => ({
    from: i === 0 ? slice.from : start + Math.floor((seconds * i) / count),
    until: i === count - 1 ? slice.until : start + Math.floor((seconds * (i + 1)) / count) - 1,
  }));
}

/** What is left of a span when finished slices are taken out, in order. */
export function without(span: TimeSlice, finished: readonly TimeSlice[]): TimeSlice[] {
  const gaps: TimeSlice[] = [];
  let from = span.from;
  for (const done of [...finished].sort((a, b) => (a.from ?? -Infinity) - (b.from ?? -Infinity))) {
    const doneFrom = done.from ?? -Infinity;
    if (done.until < (from ?? -Infinity) || doneFrom > span.until) continue;
    if (doneFrom > (from ?? -Infinity)) gaps.push({ from, until: doneFrom - 1 });
    from = done.until + 1;
  }
  if (from === undefined || from <= span.until) gaps.push({ from, until: span.until });
  return gaps;
}
