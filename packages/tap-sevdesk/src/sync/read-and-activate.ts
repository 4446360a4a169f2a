import { type StreamSync, UnexpectedResponseError } from '@singer-io-ts/sdk';
import type { Instant } from '../api/instant.js';
import type { ServerClock } from '../api/server-clock.js';
import type { Versions } from '../state/versions.js';
import { type Listing, type ListingRequest, readListing } from './read-listing.js';
import { writeRows } from './write-rows.js';

/** How many listings are compared before a list that keeps changing is given up. */
const MAX_LISTINGS = 6;

export interface ActivationRequest {
  sync: StreamSync;
  listing: Pick<ListingRequest, 'source' | 'filter' | 'pageSize' | 'concurrency' | 'signal'>;
  versions: Versions;
  clock: ServerClock;
  /** The content that was activated last; when the list is still that, nothing is written. */
  known: string | undefined;
}

export interface Activation {
  begunAt: Instant;
  total: number;
  /** The content of what is activated now. */
  content: string;
  /** The version that was activated; undefined when nothing had changed. */
  version: number | undefined;
}

/**
 * Lists all objects and activates a version with exactly them, once two listings one after the other have seen the same
 * ids: one alone can miss rows that were shifted between pages. Of two listings one is written and one only compared.
 * Every written listing has a version of its own, so rows of a listing that came to nothing do not outlive it.
 *
 * @throws UnexpectedResponseError when the list never held still; nothing was activated then
 */
export async function readAndActivate({
  sync,
  listing,
  versions,
  clock,
  known,
}: ActivationRequest): Promise<Activation> {
  // With a known content the first look may show that there is nothing to write.
  let previous: (Listing & { version: number | undefined }) | undefined;
  for (let n = 1; n <= MAX_LISTINGS; n += 1) {
    const write = previous === undefined ? known === undefined : previous.version === undefined;
    const current = await list({ sync, listing, versions, clock, write });
    if (previous === undefined && current.content === known) return { ...current, version: undefined };
    if (previous?.ids === current.ids) {
      const written = write ? current : previous;
      sync.activateVersion(written.version ?? 0);
      return { begunAt: previous.begunAt, total: current.total, content: written.content, version: written.version };
    }
    previous = current;
  }
  throw new UnexpectedResponseError({
    message: `a list changed between each two of ${MAX_LISTINGS} readings; nothing was marked as deleted, try again later`,
  });
}

async function list({
  sync,
  listing,
  versions,
  clock,
  write,
}: Omit<ActivationRequest, 'known'> & { write: boolean }): Promise<Listing & { version: number | undefined }> {
  let version: number | undefined;
  const read = await readListing({
    ...listing,
    withContent: true,
    onPass: () => (version = undefined),
    onRows: async (rows) => {
      if (!write) return;
      version ??= versions.next();
      await writeRows(sync, rows, { version, readAt: clock.now });
    },
  });
  return { ...read, version: write ? (version ?? versions.next()) : undefined };
}
