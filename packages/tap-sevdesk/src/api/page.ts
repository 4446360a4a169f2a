import type { Instant } from './instant.js';

/** One object of a list, ready to be written. */
export interface Row {
  id: string;
  /** Undefined where the kind has no such date. */
  created: Instant | undefined;
  updated: Instant | undefined;
  /** The id of the object that it belongs to, where that was asked for. */
  parentId: string | undefined;
  /** Bytes that hold the flattened record as JSON, in one line, from `start` to `end`. */
  buffer: Buffer;
  start: number;
  end: number;
}

/** The JSON text of a row's record. */
export function recordText({ buffer, start, end }: Row): string {
  return buffer.toString('utf8', start, end);
}

/** One answer to one list request. */
export interface Page {
  /** How many objects the service counted for this request, over all pages. */
  total: number;
  rows: Row[];
  /** The server's clock when it answered. */
  serverTime: Instant;
  /** Tells that nobody looks at the rows any more, so that their memory can be used again. Need not be called. */
  release?: (() => void) | undefined;
}

/** Filters of a list request, as the service spells them, without paging. */
export type ListFilter = Readonly<Record<string, string | number | boolean>>;

/** Fetches one page. */
export type PageSource = (filter: ListFilter, page: { limit: number; offset: number }) => Promise<Page>;
