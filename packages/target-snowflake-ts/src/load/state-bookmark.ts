import { isJsonObject, stringifyJson, type JsonObject } from '@singer-io-ts/sdk';

/** What a STATE says of one stream, in the form that taps of the Meltano SDK and of this one write. */
export interface Bookmark {
  /** The stream's bookmark as JSON text. */
  state: string | undefined;
  /** Up to when the stream is complete, RFC 3339. */
  windowEnd: string | undefined;
}

/** Reads a stream's bookmark; nothing about it is assumed, since a STATE is the tap's own business. */
export function bookmarkOf(state: unknown, stream: string): Bookmark {
  const bookmarks = isJsonObject(state) ? state['bookmarks'] : undefined;
  const bookmark = isJsonObject(bookmarks) ? bookmarks[stream] : undefined;
  if (!isJsonObject(bookmark)) return { state: undefined, windowEnd: undefined };
  return {
    state: stringifyJson(bookmark),
    windowEnd: instantOf(bookmark['window_end']) ?? instantOf(bookmark['replication_key_value']),
  };
}

/** An instant as RFC 3339: texts that are one already, and unix seconds. */
function instantOf(value: JsonObject[string]): string | undefined {
  if (typeof value === 'number' && value > 1e8 && value < 1e11) return new Date(value * 1000).toISOString();
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
