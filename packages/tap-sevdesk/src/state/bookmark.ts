import { isJsonObject, type JsonObject, type JsonValue } from '@singer-io-ts/sdk';
import { formatInstant, type Instant, parseInstant } from '../api/instant.js';
import type { TimeSlice } from '../sync/time-slice.js';

/** The form of the bookmarks that this tap writes. Others are not read. */
export const BOOKMARK_FORMAT = 2;

/** Every property that a bookmark can have, so that one of another form can be taken away. */
export type BookmarkChanges = Record<string, JsonValue | undefined>;

/** How far an incremental stream has got, or the parents that a child stream follows. */
export interface WindowBookmark {
  /** Everything changed up to here has been written. Undefined before the first slice was. */
  completeUntil: Instant | undefined;
  /** The frozen end of the window that `completeUntil` belongs to; later than it while the window is unfinished. */
  windowUntil: Instant | undefined;
  /** Slices after `completeUntil` that have been written already. */
  finished: TimeSlice[];
  /** What has been written of the window's last seconds, which the next window covers again: id to `update`. */
  overlap: Map<string, Instant>;
}

/** More than this is not remembered but written again, so that the state stays small. */
const MAX_OVERLAP = 300;
/** The same for slices of a broken window: the last ones are read again. */
const MAX_SLICES = 100;

/** The part of a bookmark that tells how far a window has got. */
export function windowToState({ completeUntil, windowUntil, finished, overlap }: WindowBookmark): BookmarkChanges {
  const until = completeUntil === undefined ? undefined : formatInstant(completeUntil);
  const unfinished = windowUntil !== undefined && windowUntil !== completeUntil;
  return {
    replication_key: until === undefined ? undefined : 'update',
    replication_key_value: until,
    window_end: until,
    unfinished_window: unfinished
      ? { until: formatInstant(windowUntil), finished: slicesToState(finished) }
      : undefined,
    overlap: overlapToState(overlap),
  };
}

export function windowFromState(bookmark: Readonly<JsonObject>): WindowBookmark {
  const completeUntil = parseInstant(bookmark['replication_key_value']);
  const open = isJsonObject(bookmark['unfinished_window']) ? bookmark['unfinished_window'] : {};
  return {
    completeUntil,
    windowUntil: parseInstant(open['until']) ?? completeUntil,
    finished: slicesFromState(open['finished']),
    overlap: overlapFromState(bookmark['overlap']),
  };
}

export function slicesToState(slices: readonly TimeSlice[]): JsonValue {
  return slices
    .slice(0, MAX_SLICES)
    .map(({ from, until }) => [from === undefined ? null : formatInstant(from), formatInstant(until)]);
}

/** Slices that cannot be read are left out: they are read again. */
export function slicesFromState(value: JsonValue | undefined): TimeSlice[] {
  return (Array.isArray(value) ? value : []).flatMap((slice) => {
    const [from = null, until] = Array.isArray(slice) ? slice : [];
    const end = parseInstant(until);
    const start = from === null ? undefined : parseInstant(from);
    return end === undefined || (from !== null && start === undefined) ? [] : [{ from: start, until: end }];
  });
}

export function overlapToState(overlap: ReadonlyMap<string, Instant>): JsonValue | undefined {
  return overlap.size === 0 || overlap.size > MAX_OVERLAP ? undefined : Object.fromEntries(overlap);
}

export function overlapFromState(value: JsonValue | undefined): Map<string, Instant> {
  return new Map(
    Object.entries(isJsonObject(value) ? value : {}).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  );
}
