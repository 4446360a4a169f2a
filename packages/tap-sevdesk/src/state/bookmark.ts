import { isJsonObject, type JsonObject, type JsonValue, UsageError } from '@singer-io-ts/sdk';
import { formatInstant, type Instant, parseInstant } from '../api/instant.js';
import type { TimeSlice } from '../sync/time-slice.js';

/** The bookmark of an incremental stream, or of the parents that a child stream follows. */
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
const MAX_OVERLAP = 5000;

/** The part of a stream's bookmark that tells how far it has got. */
export function windowToState({
  completeUntil,
  windowUntil,
  finished,
  overlap,
}: WindowBookmark): Record<string, JsonValue | undefined> {
  const until = completeUntil === undefined ? undefined : formatInstant(completeUntil);
  const unfinished = windowUntil !== undefined && windowUntil !== completeUntil;
  return {
    replication_key: until === undefined ? undefined : 'update',
    replication_key_value: until,
    window_end: until,
    unfinished_window: unfinished
      ? {
          until: formatInstant(windowUntil),
          finished: finished.map((slice) => [startToState(slice), formatInstant(slice.until)]),
        }
      : undefined,
    overlap: overlap.size === 0 || overlap.size > MAX_OVERLAP ? undefined : Object.fromEntries(overlap),
  };
}

/** @throws UsageError when the state was not written by this tap */
export function windowFromState(stream: string, bookmark: Readonly<JsonObject>): WindowBookmark {
  const completeUntil = instantOf(stream, 'replication_key_value', bookmark['replication_key_value']);
  const unfinished = bookmark['unfinished_window'];
  const open = isJsonObject(unfinished) ? unfinished : {};
  const slices = Array.isArray(open['finished']) ? open['finished'] : [];
  return {
    completeUntil,
    windowUntil: instantOf(stream, 'unfinished_window.until', open['until']) ?? completeUntil,
    finished: slices.map((slice) => sliceFromState(stream, slice)),
    overlap: new Map(
      Object.entries(isJsonObject(bookmark['overlap']) ? bookmark['overlap'] : {}).filter(
        (entry): entry is [string, number] => typeof entry[1] === 'number',
      ),
    ),
  };
}

const startToState = ({ from }: TimeSlice): string | null => (from === undefined ? null : formatInstant(from));

function sliceFromState(stream: string, slice: JsonValue): TimeSlice {
  const [from = null, until] = Array.isArray(slice) ? slice : [];
  const end = instantOf(stream, 'unfinished_window.finished', until);
  if (end === undefined) throw badState(stream, 'unfinished_window.finished');
  return { from: instantOf(stream, 'unfinished_window.finished', from), until: end };
}

function instantOf(stream: string, name: string, value: JsonValue | undefined): Instant | undefined {
  if (value === undefined || value === null) return undefined;
  const instant = parseInstant(value);
  if (instant === undefined) throw badState(stream, name);
  return instant;
}

function badState(stream: string, name: string): UsageError {
  return new UsageError({
    message: `the state of stream "${stream}" has no instant such as 2026-01-31T12:00:00Z in "${name}"; take the state that this tap wrote last, or none`,
  });
}
