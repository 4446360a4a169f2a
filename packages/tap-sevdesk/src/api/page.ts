import type { Instant } from './instant.js';

/** One object of a list, ready to be written. */
export interface Row {
  id: string;
  /** Undefined where the kind has no such date, or this object's cannot be read. */
  created: Instant | undefined;
  updated: Instant | undefined;
  /** The date by which the endpoint filters with `startDate` and `endDate`, where that was asked for. */
  dated: Instant | undefined;
  /** The id of the object that it belongs to, where that was asked for. */
  parentId: string | undefined;
  /** What is odd about the object, in words that follow "object 4711"; undefined for nearly all. */
  odd: readonly Oddity[] | undefined;
  /** Bytes that hold the flattened record as JSON, in one line, from `start` to `end`. */
  buffer: Buffer;
  start: number;
  end: number;
}

/** Why an object is not as it should be. */
export interface Oddity {
  /** The field of the answer. */
  field: string;
  /**
   * `date`: `create` or `update` cannot be read. `value`: does not fit the schema and is in `additional_fields` as it came.
   * `text`: holds half of a character, which is no text; U+FFFD replaces it.
   * `id`: what a list holds at this place is no object with an id, so that it cannot be written.
   */
  kind: 'date' | 'value' | 'text' | 'id';
}

/** Whether a row has an id of the service's. One without goes by a name that its content gives it, so that its place is known. */
export function hasId({ odd }: Row): boolean {
  return odd === undefined || odd.every(({ kind }) => kind !== 'id');
}

/** The JSON text of a row's record. */
export function recordText({ buffer, start, end }: Row): string {
  return buffer.toString('utf8', start, end);
}

/** One answer to one list request. */
export interface Page {
  /** How many objects the service counted for this request, over all pages. A hint: it can be wrong. */
  total: number;
  rows: Row[];
  /** How many objects were asked for in the end; fewer than the caller wanted where larger pages fail. */
  limit: number;
  /** The server's clock when it answered. */
  serverTime: Instant;
  /** Tells that nobody looks at the rows any more, so that their memory can be used again. Need not be called. */
  release?: (() => void) | undefined;
}

/** Filters of a list request, as the service spells them, without paging. */
export type ListFilter = Readonly<Record<string, string | number | boolean>>;

/** Fetches one page. */
export type PageSource = (filter: ListFilter, page: { limit: number; offset: number }) => Promise<Page>;
