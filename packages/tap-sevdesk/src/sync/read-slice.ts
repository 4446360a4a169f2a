import { FilterIgnoredError, UnexpectedResponseError } from '@singer-io-ts/sdk';
import { formatInstant } from '../api/instant.js';
import type { ListFilter, PageSource, Row } from '../api/page.js';
import { ListPass, MOST_UNLISTED, PassLost, type PassPage } from './list-pass.js';
import { type SliceField, sliceFilter, type TimeSlice } from './time-slice.js';

/** How often a slice that does not add up is read again before it is divided or given up. */
export const ATTEMPTS_PER_SLICE = 4;
/** How far two clocks behind one address may differ, in seconds. */
const CLOCK_TOLERANCE = 5;
/** A slice is buffered until it adds up: at most so many pages, whatever was counted. */
export const MAX_PAGES_PER_SLICE = 5;

export interface SliceRequest {
  source: PageSource;
  /** Filters besides the slice's own. */
  filter: ListFilter;
  field: SliceField;
  slice: TimeSlice;
  pageSize: number;
  /** Rows above which the slice is not read but reported as too large, if it can be divided. */
  maxRows: number;
}

export type SliceOutcome =
  /** Every row of the slice, each once. */
  | { kind: 'rows'; rows: Row[]; unlisted: number; release: () => void }
  /** More than `maxRows`, or its order kept changing: to be divided. */
  | { kind: 'divide'; total: number };

/**
 * Reads one slice so that its rows can be trusted: see {@link ListPass}. A slice whose order changes is read
 * again, then divided until it fits one page.
 *
 * @throws FilterIgnoredError when a row lies where the filter cannot have let it through
 * @throws UnexpectedResponseError when a slice of one second does not add up
 */
export async function readSlice(request: SliceRequest & { divisible: boolean }): Promise<SliceOutcome> {
  const { slice, field, divisible } = request;
  const left = new Set<string>();
  let reason = '';
  for (let attempt = 1; attempt <= ATTEMPTS_PER_SLICE; attempt += 1) {
    const outcome = await readPass(request, left);
    if (typeof outcome !== 'string') return outcome;
    reason = outcome;
  }
  if (divisible) return { kind: 'divide', total: 2 * request.pageSize };
  const span = `${slice.from === undefined ? 'the beginning' : formatInstant(slice.from)} to ${formatInstant(slice.until)}`;
  throw new UnexpectedResponseError({
    message: `the objects with ${field} from ${span} were read ${ATTEMPTS_PER_SLICE} times and never added up: ${reason}`,
  });
}

/** Answers why the pass cannot be trusted, in words. */
async function readPass(
  { source, filter, field, slice, pageSize, maxRows, divisible }: SliceRequest & { divisible: boolean },
  left: Set<string>,
): Promise<SliceOutcome | string> {
  const leftBefore = left.size;
  const rows: Row[] = [];
  const pages: PassPage[] = [];
  // Slices are read at the same time, their pages one after the other.
  const pass = new ListPass({ source, filter: { ...filter, ...sliceFilter(field, slice) }, pageSize, ahead: 1 });
  try {
    for await (const page of pass.pages()) {
      if (page.total > maxRows && divisible) return { kind: 'divide', total: page.total };
      if (rows.length > MAX_PAGES_PER_SLICE * pageSize && divisible) return { kind: 'divide', total: 2 * rows.length };
      pages.push(page);
      sortIn(page, { field, slice, rows, left });
    }
  } catch (error) {
    if (error instanceof PassLost) return error.message;
    throw error;
  }
  if (left.size > leftBefore) return `${left.size - leftBefore} objects changed while they were read`;
  if (!pass.ordered || pass.displaced > 0) return 'their order keeps changing';
  // Whether rows with the same date keep their order is not documented: what left may hide what moved.
  if (!pass.isSteady && pages.length > 1) return 'their number changed while they were read';
  if (pass.unlisted > MOST_UNLISTED) return `${pass.count} objects of ${pass.count + pass.unlisted}`;
  const release = (): void => {
    for (const page of pages) page.release();
  };
  return { kind: 'rows', rows, unlisted: pass.unlisted, release };
}

/**
 * Adds a page's rows to a pass and notes those that have left the slice since it was asked for. A row that has left
 * cannot come a second time, unless the filter was ignored.
 */
function sortIn(
  page: PassPage,
  { field, slice, rows, left }: { field: SliceField; slice: TimeSlice; rows: Row[]; left: Set<string> },
): void {
  for (const row of page.rows) {
    const at = field === 'create' ? row.created : row.updated;
    // Of a row whose date cannot be read nothing says that the filter did not mean it.
    const place = at === undefined ? 'inside' : placeOf(at, slice);
    if (place === 'inside') rows.push(row);
    else if (place !== 'edge') {
      const key = `${row.id} ${at}`;
      const canHaveLeft =
        place === 'left' && field === 'update' && (at ?? Infinity) <= page.serverTime + CLOCK_TOLERANCE;
      if (!canHaveLeft || left.has(key)) throw new FilterIgnoredError({ message: ignoredMessage(field) });
      left.add(key);
    }
  }
}

function placeOf(at: number, { from, until }: TimeSlice): 'inside' | 'edge' | 'left' | 'outside' {
  if (at > until + 1) return 'left';
  if (from !== undefined && at < from - 1) return 'outside';
  return at > until || (from !== undefined && at < from) ? 'edge' : 'inside';
}

export function ignoredMessage(field: SliceField): string {
  return (
    `the service answered with objects whose "${field}" lies outside what was asked for: it ignored the filter ` +
    `${field}After/${field}Before. Nothing was marked as read; check that api_url is sevDesk itself, and report it if it is`
  );
}
