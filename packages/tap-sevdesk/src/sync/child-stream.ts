import { forEachConcurrently, type StreamSync } from '@singer-io-ts/sdk';
import { formatInstant } from '../api/instant.js';
import type { PageSource, Row } from '../api/page.js';
import { compileShape } from '../api/record-shape.js';
import { loadSchema } from '../schema/load-schema.js';
import { type WindowBookmark, windowFromState, windowToState } from '../state/bookmark.js';
import { Versions } from '../state/versions.js';
import type { IncrementalDefinition } from './incremental-stream.js';
import { readAndActivate } from './read-and-activate.js';
import { readListing, type ListingRequest } from './read-listing.js';
import { readWindow } from './read-window.js';
import { SevdeskStream } from './sevdesk-stream.js';
import type { StreamContext } from './stream-context.js';
import { writeRows } from './write-rows.js';

export interface ChildDefinition {
  name: string;
  endpoint: string;
  parent: IncrementalDefinition;
  /** The reference to the parent, by which the endpoint filters: `invoice` for `invoice[id]`. */
  parentField: string;
  /** The kind of the parent, which has to be named beside its id. */
  parentObjectName: string;
}

/**
 * A stream whose endpoint filters by parent only: each run reads the children of those parents that changed, or, where
 * that takes fewer requests, lists all and picks theirs. The bookmark is its own, in terms of the parents' `update`, so the
 * stream is complete whether or not the parents are extracted too.
 */
export class ChildStream extends SevdeskStream {
  override readonly replicationKey = 'update';

  constructor(
    private readonly definition: ChildDefinition,
    context: StreamContext,
  ) {
    super(definition, context);
  }

  protected override source(): PageSource {
    const { endpoint, parentField } = this.definition;
    const shape = compileShape(this.schema, { parentField, requires: { create: false, update: false } });
    return this.context.source(endpoint, shape);
  }

  async sync(sync: StreamSync): Promise<void> {
    const versions = new Versions(sync.bookmark, this.context.clock);
    const bookmark = windowFromState(this.name, sync.bookmark);
    if (bookmark.completeUntil === undefined) return this.#syncFirst(sync, versions);
    await this.#syncChanges(sync, bookmark, versions);
    if (versions.isWholeSyncDue(this.context.fullSyncEveryHours)) await this.#syncWhole(sync, versions);
  }

  /** Lists everything; changes of the parents are followed from the time the listing began. */
  async #syncFirst(sync: StreamSync, versions: Versions): Promise<void> {
    const listing = await readListing({
      ...this.#listing(sync),
      onRows: (rows) => writeRows(sync, rows, { version: versions.current, readAt: this.context.clock.now }),
    });
    const completeUntil = listing.begunAt - this.context.lagSeconds;
    const state = windowToState({ completeUntil, windowUntil: completeUntil, finished: [], overlap: new Map() });
    sync.updateBookmark({
      ...state,
      version: versions.current,
      full_sync_at: formatInstant(listing.begunAt),
      listed: listing.total,
    });
  }

  async #syncChanges(sync: StreamSync, bookmark: WindowBookmark, versions: Versions): Promise<void> {
    const { parent } = this.definition;
    const parents = new Set<string>();
    const parentShape = compileShape(loadSchema(parent.name), { requires: { create: false, update: true } });
    const done = await readWindow({
      source: this.context.source(parent.endpoint, parentShape),
      filter: parent.filter ?? {},
      context: this.context,
      bookmark,
      signal: sync.signal,
      onRows: async (rows) => {
        for (const { id } of rows) parents.add(id);
        await sync.ready();
      },
    });
    if (parents.size > 0) await this.#readChildren(sync, parents, versions);
    sync.updateBookmark({ ...windowToState(done), version: versions.current });
    sync.checkpoint();
  }

  async #readChildren(sync: StreamSync, parents: ReadonlySet<string>, versions: Versions): Promise<void> {
    const write = (rows: readonly Row[]): Promise<void> =>
      writeRows(sync, rows, { version: versions.current, readAt: this.context.clock.now });
    const listed = sync.bookmark['listed'];
    const pages = typeof listed === 'number' ? Math.ceil(listed / this.context.pageSize) : Infinity;
    if (parents.size > pages) {
      const { total } = await readListing({
        ...this.#listing(sync),
        onRows: (rows) => write(rows.filter(({ parentId }) => parentId === undefined || parents.has(parentId))),
      });
      sync.updateBookmark({ listed: total });
      return;
    }
    const { parentField, parentObjectName } = this.definition;
    await forEachConcurrently(parents, this.context.concurrency, async (id) => {
      const filter = { [`${parentField}[id]`]: id, [`${parentField}[objectName]`]: parentObjectName };
      await readListing({ ...this.#listing(sync), filter, onRows: write });
    });
  }

  /** Lists everything under a new version, so that children that are gone are known to the target. */
  async #syncWhole(sync: StreamSync, versions: Versions): Promise<void> {
    sync.logger.info(`${this.name}: reading all objects, so that deletions arrive`);
    const done = await readAndActivate({
      sync,
      listing: this.#listing(sync),
      versions,
      clock: this.context.clock,
      known: undefined,
    });
    sync.updateBookmark({ version: done.version, full_sync_at: formatInstant(done.begunAt), listed: done.total });
    sync.checkpoint();
  }

  #listing({ signal }: StreamSync): Omit<ListingRequest, 'onRows'> {
    const { pageSize, concurrency } = this.context;
    return { source: this.source(), filter: this.filter, pageSize, concurrency, signal };
  }
}
