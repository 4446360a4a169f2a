import { forEachConcurrently } from '@singer-io-ts/sdk';
import { formatInstant, type Instant } from '../api/instant.js';
import { hasId, type PageSource, type Row } from '../api/page.js';
import { compileShape } from '../api/record-shape.js';
import { type WindowBookmark, windowFromState, windowToState } from '../state/bookmark.js';
import type { ParentDefinition, StreamDefinition } from './stream-definition.js';
import { ListPass } from './list-pass.js';
import { readWindow, windowStart } from './read-window.js';
import { sendList, throwIfShort } from './send-list.js';
import { SevdeskStream } from './sevdesk-stream.js';
import type { StreamContext } from './stream-context.js';
import type { StreamRun } from './stream-run.js';

/**
 * A stream whose endpoint filters by parent only: each run reads the children of those parents that changed, or, where
 * that takes fewer requests, lists all and picks theirs. The bookmark is its own, in terms of the parents' `update`, so the
 * stream is complete whether or not the parents are extracted too.
 */
export class ChildStream extends SevdeskStream {
  override readonly replicationKey = 'update';
  readonly #parent: ParentDefinition;
  readonly #parents: PageSource;

  constructor(definition: StreamDefinition & { parent: ParentDefinition }, context: StreamContext) {
    super(definition, context);
    this.#parent = definition.parent;
    this.#parents = context.source(definition.parent.endpoint, compileShape(definition.parent.schema));
  }

  protected async read(run: StreamRun): Promise<void> {
    let isAnew = run.broken !== undefined || run.isFirst || run.mustReadAll !== undefined;
    if (!isAnew) {
      await this.#readChanges(run);
      // The first answer of a run tells the time.
      isAnew = run.mustReadAll !== undefined;
    }
    if (run.mustReadAll !== undefined && !run.isFirst) run.warn(`reading all objects: ${run.mustReadAll}`);
    if (isAnew || run.isWholeDue) await this.#sendAll(run, { isAnew });
  }

  /** Lists everything under a new version, so that children that are gone are known to the target. */
  async #sendAll(run: StreamRun, { isAnew }: { isAnew: boolean }): Promise<void> {
    if (!isAnew) run.sync.logger.info(`${this.name}: reading all objects, so that deletions arrive`);
    const { begunAt, count } = await sendList(run, this.source, this.filter);
    // Changes of the parents are followed from the time the listing began.
    const completeUntil = begunAt - this.context.lagSeconds;
    const window = { completeUntil, windowUntil: completeUntil, finished: [], overlap: new Map<string, Instant>() };
    run.save({ ...(isAnew ? windowToState(window) : {}), listed: count });
  }

  async #readChanges(run: StreamRun): Promise<void> {
    const { done, parents } = await this.#changedParents(run);
    if (parents.size > 0) await this.#readChildren(run, parents);
    run.save(windowToState(done));
    run.checkpoint();
  }

  async #changedParents(run: StreamRun): Promise<{ done: WindowBookmark; parents: Set<string> }> {
    const bookmark = windowFromState(run.bookmark);
    const { endpoint, filter = {} } = this.#parent;
    const from = windowStart(bookmark, this.context);
    const parents = new Set<string>();
    const read = bookmark.finished.length === 0 ? this.context.windows.since(endpoint, from) : undefined;
    if (read) {
      const overlap = new Map<string, Instant>();
      for (const [id, updated] of read.updates) {
        if (updated < (from ?? -Infinity)) continue;
        if (bookmark.overlap.get(id) !== updated) parents.add(id);
        if (updated >= read.until - this.context.lookbackSeconds) overlap.set(id, updated);
      }
      return { done: { completeUntil: read.until, windowUntil: read.until, finished: [], overlap }, parents };
    }
    const done = await readWindow({
      source: this.#parents,
      filter,
      context: this.context,
      bookmark,
      startDate: undefined,
      signal: run.sync.signal,
      onRows: async (rows) => {
        for (const row of rows) if (hasId(row)) parents.add(row.id);
        await run.sync.ready();
      },
    });
    this.context.windows.add(endpoint, done.read);
    return { done: done.bookmark, parents };
  }

  async #readChildren(run: StreamRun, parents: ReadonlySet<string>): Promise<void> {
    const listed = run.bookmark['listed'];
    const pages = typeof listed === 'number' ? Math.ceil(listed / this.context.pageSize) : Infinity;
    if (parents.size > pages) {
      await this.#list(run, {}, ({ parentId }) => parentId === undefined || parents.has(parentId));
      return;
    }
    const { field, objectName } = this.#parent;
    await forEachConcurrently(parents, this.context.concurrency, async (id) => {
      await this.#list(run, { [`${field}[id]`]: id, [`${field}[objectName]`]: objectName }, () => true);
    });
  }

  async #list(run: StreamRun, more: Record<string, string>, isWanted: (row: Row) => boolean): Promise<void> {
    const { pageSize, concurrency } = this.context;
    const filter = { ...this.filter, ...more };
    const pass = new ListPass({ source: this.source, filter, pageSize, ahead: concurrency, signal: run.sync.signal });
    for await (const page of pass.pages()) {
      await run.write(page.rows.filter(isWanted));
      page.release();
    }
    throwIfShort(pass);
    run.sync.logger.debug(`${this.name}: ${pass.count} objects read at ${formatInstant(this.context.clock.now)}`);
  }
}
