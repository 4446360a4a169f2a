import { FilterIgnoredError, UnexpectedResponseError } from '@singer-io-ts/sdk';
import { formatInstant } from '../api/instant.js';
import type { ListFilter, Page, PageSource, Row } from '../api/page.js';
import { type SliceField, sliceFilter, type TimeSlice } from './time-slice.js';

/** How often a slice that does not add up is read again before it is divided or given up. */
export const ATTEMPTS_PER_SLICE = 4;

/** How far two clocks behind one address may differ, in seconds. */
const CLOCK_TOLERANCE = 5;

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
  | { kind: 'rows'; rows: Row[] }
  /** More than `maxRows`, or it would not hold still: to be divided. */
  | { kind: 'divide'; total: number };

/**
 * Reads one slice so that its rows can be trusted. A pass is accepted only if the total never changed while it was paged
 * and its unique ids are as many as the total: offsets shift when rows leave or enter, and a shift hides rows.
 *
 * @throws FilterIgnoredError when a row lies where the filter cannot have let it through
 * @throws UnexpectedResponseError when a slice of one second does not add up
 */
export async function readSlice(request: SliceRequest & { divisible: boolean }): Promise<SliceOutcome> {
  const { slice, field, maxRows, divisible } = request;
  const left = new Set<string>();
  let reason = '';
  for (let attempt = 1; attempt <= ATTEMPTS_PER_SLICE; attempt += 1) {
    const pass = await readPass(request, left);
    if (pass.total > maxRows && divisible) return { kind: 'divide', total: pass.total };
    if (pass.rows) return { kind: 'rows', rows: pass.rows };
    reason = pass.reason;
    if (attempt === ATTEMPTS_PER_SLICE && divisible) return { kind: 'divide', total: Math.max(pass.total, 2) };
  }
  const span = `${slice.from === undefined ? 'the beginning' : formatInstant(slice.from)} to ${formatInstant(slice.until)}`;
  throw new UnexpectedResponseError({
    message: `the objects with ${field} from ${span} do not add up in ${ATTEMPTS_PER_SLICE} readings: ${reason}`,
  });
}

type Pass = { total: number; rows: Row[]; reason?: never } | { total: number; rows?: never; reason: string };

async function readPass(
  { source, filter, field, slice, pageSize, maxRows, divisible }: SliceRequest & { divisible: boolean },
  left: Set<string>,
): Promise<Pass> {
  const query = { ...filter, ...sliceFilter(field, slice) };
  const ids = new Set<string>();
  const rows: Row[] = [];
  const leftBefore = left.size;
  let total: number | undefined;
  for (let offset = 0; total === undefined || offset < total; offset += pageSize) {
    const page = await source(query, { limit: pageSize, offset });
    total ??= page.total;
    if (page.total !== total)
      return { total: page.total, reason: `the total changed from ${total} to ${page.total} between pages` };
    sortIn(page, { field, slice, rows, ids, left });
    if (total > maxRows && divisible) return { total, reason: 'too large' };
  }
  if (ids.size !== total) return { total, reason: `${ids.size} different objects of ${total}` };
  if (left.size > leftBefore)
    return { total, reason: `${left.size - leftBefore} objects changed while they were read` };
  return { total, rows };
}

/**
 * Adds a page's rows to a pass and notes those that have left the slice since it was asked for. A row that has left
 * cannot come a second time, unless the filter was ignored.
 */
function sortIn(
  page: Page,
  {
    field,
    slice,
    rows,
    ids,
    left,
  }: { field: SliceField; slice: TimeSlice; rows: Row[]; ids: Set<string>; left: Set<string> },
): void {
  for (const row of page.rows) {
    ids.add(row.id);
    const at = field === 'create' ? row.created : row.updated;
    const place = placeOf(at, slice);
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

function placeOf(at: number | undefined, { from, until }: TimeSlice): 'inside' | 'edge' | 'left' | 'outside' {
  if (at === undefined) return 'outside';
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
