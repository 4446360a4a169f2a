import { UnexpectedResponseError } from '@singer-io-ts/sdk';
import type { Instant } from '../api/instant.js';
import type { ListFilter, PageSource, Row } from '../api/page.js';
import { PassBroken, readPages } from './read-pages.js';
import { RecordSetDigest } from './record-set-digest.js';

/** How often a listing that does not hold still is read again before the stream gives up. */
export const ATTEMPTS_PER_LISTING = 6;

export interface ListingRequest {
  source: PageSource;
  filter: ListFilter;
  pageSize: number;
  /** Pages fetched at the same time. */
  concurrency: number;
  signal: AbortSignal;
  /** Whether the caller wants the rows' contents told apart, which costs a hash of each. @default false */
  withContent?: boolean;
  /** Called before each pass: rows of earlier, broken passes came to nothing. */
  onPass?: () => void;
  /** Takes the rows of each page, in order, before it is known whether the pass will add up. */
  onRows?: (rows: readonly Row[]) => Promise<void>;
}

export interface Listing {
  total: number;
  /** The server's time when the pass began: the listing holds everything that was there then and was not deleted since. */
  begunAt: Instant;
  /** Which objects there were. */
  ids: string;
  /** What they looked like; empty unless asked for. */
  content: string;
}

/**
 * Reads a list that cannot be cut into slices, from the start again whenever it changed under the reading.
 *
 * @throws UnexpectedResponseError when no pass adds up
 */
export async function readListing(request: ListingRequest): Promise<Listing> {
  let reason = '';
  for (let attempt = 1; attempt <= ATTEMPTS_PER_LISTING; attempt += 1) {
    request.onPass?.();
    try {
      return await readPass(request);
    } catch (error) {
      if (!(error instanceof PassBroken)) throw error;
      reason = error.message;
    }
  }
  throw new UnexpectedResponseError({
    message: `a list does not add up in ${ATTEMPTS_PER_LISTING} readings: ${reason}`,
  });
}

async function readPass({ withContent = false, onRows, concurrency, ...request }: ListingRequest): Promise<Listing> {
  const ids = new RecordSetDigest();
  const content = new RecordSetDigest();
  let total = 0;
  let begunAt: Instant | undefined;
  for await (const page of readPages({ ...request, ahead: concurrency })) {
    total = page.total;
    begunAt ??= page.serverTime;
    for (const row of page.rows) {
      ids.add(row.id);
      if (withContent) content.add(row.buffer.subarray(row.start, row.end));
    }
    await onRows?.(page.rows);
    page.release();
  }
  return { total, begunAt: begunAt ?? 0, ids: ids.toString(), content: withContent ? content.toString() : '' };
}
