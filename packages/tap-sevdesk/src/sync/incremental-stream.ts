import type { StreamSync } from '@singer-io-ts/sdk';
import { formatInstant } from '../api/instant.js';
import type { ListFilter, PageSource } from '../api/page.js';
import { compileShape } from '../api/record-shape.js';
import { windowFromState, windowToState } from '../state/bookmark.js';
import { Versions } from '../state/versions.js';
import { readWindow } from './read-window.js';
import { runSlices } from './run-slices.js';
import { SevdeskStream } from './sevdesk-stream.js';
import type { StreamContext } from './stream-context.js';
import { writeRows } from './write-rows.js';

export interface IncrementalDefinition {
  name: string;
  /** The endpoint that lists the objects, such as `/Invoice`. */
  endpoint: string;
  /** What makes the endpoint list all of them. @default nothing */
  filter?: ListFilter;
}

/**
 * A stream whose endpoint filters by `update`: each run reads what changed since the last. Every `fullSyncEveryHours` all
 * objects are read once more under a new version, so that what was deleted is known to the target.
 */
export class IncrementalStream extends SevdeskStream {
  override readonly replicationKey = 'update';

  constructor(
    private readonly definition: IncrementalDefinition,
    context: StreamContext,
  ) {
    super(definition, context);
  }

  protected override source(): PageSource {
    const shape = compileShape(this.schema, { requires: { create: true, update: true } });
    return this.context.source(this.definition.endpoint, shape);
  }

  async sync(sync: StreamSync): Promise<void> {
    const versions = new Versions(sync.bookmark, this.context.clock);
    const source = this.source();
    await this.#syncChanges(sync, source, versions);
    if (versions.isWholeSyncDue(this.context.fullSyncEveryHours)) await this.#syncWhole(sync, source, versions);
  }

  async #syncChanges(sync: StreamSync, source: PageSource, versions: Versions): Promise<void> {
    const done = await readWindow({
      source,
      filter: this.filter,
      context: this.context,
      bookmark: windowFromState(this.name, sync.bookmark),
      signal: sync.signal,
      onRows: async (rows, covered) => {
        await writeRows(sync, rows, { version: versions.current, readAt: this.context.clock.now });
        if (!covered) return;
        sync.updateBookmark({ ...windowToState(covered), version: versions.current, full_sync_at: versions.wholeAt });
        // A slice in which nothing lay is not worth a STATE of its own.
        if (rows.length > 0) sync.checkpoint();
      },
    });
    sync.updateBookmark({ ...windowToState(done), version: versions.current, full_sync_at: versions.wholeAt });
  }

  /**
   * Reads everything that was made before the pass began, in slices by `create`, which never changes: edits cannot move
   * a row out of its slice. Broken off, it has activated nothing, and the next run begins a new version.
   */
  async #syncWhole(sync: StreamSync, source: PageSource, versions: Versions): Promise<void> {
    const { startDate, pageSize, concurrency } = this.context;
    const version = versions.next();
    const begunAt = this.context.clock.now;
    sync.logger.info(`${this.name}: reading all objects, so that deletions arrive`);
    await runSlices({
      source,
      filter: startDate === undefined ? this.filter : { ...this.filter, updateAfter: startDate - 1 },
      field: 'create',
      spans: [{ from: undefined, until: begunAt }],
      pageSize,
      concurrency,
      signal: sync.signal,
      onSlice: (_slice, rows) => writeRows(sync, rows, { version, readAt: this.context.clock.now }),
    });
    sync.activateVersion(version);
    sync.updateBookmark({ version, full_sync_at: formatInstant(begunAt) });
    sync.checkpoint();
  }
}
