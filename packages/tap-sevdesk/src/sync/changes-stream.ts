import { formatInstant, type Instant, parseInstant } from '../api/instant.js';
import type { ListFilter } from '../api/page.js';
import { slicesFromState, slicesToState, windowFromState, windowToState } from '../state/bookmark.js';
import { FinishedPrefix } from './prefix.js';
import { readWindow } from './read-window.js';
import { runSlices } from './run-slices.js';
import { sendList } from './send-list.js';
import { SevdeskStream } from './sevdesk-stream.js';
import type { StreamDefinition } from './stream-definition.js';
import type { StreamContext } from './stream-context.js';
import type { StreamRun } from './stream-run.js';
import { without } from './time-slice.js';

/**
 * A stream whose endpoint filters by `update`: each run reads what changed since the last. In the first run, and every
 * `full_sync_every_hours`, all objects are read under a new version, so that what was deleted is known to the target.
 */
export class ChangesStream extends SevdeskStream {
  override readonly replicationKey = 'update';
  readonly #endpoint: string;

  constructor(definition: StreamDefinition, context: StreamContext) {
    super(definition, context);
    this.#endpoint = definition.endpoint;
  }

  protected async read(run: StreamRun): Promise<void> {
    const startDate = this.#startDate(run);
    const mustAtOnce = (): boolean => run.broken !== undefined || run.isFirst || run.mustReadAll !== undefined;
    let isAnew = mustAtOnce();
    if (!isAnew) {
      await this.#readChanges(run, startDate);
      // The first answer of a run tells the time.
      isAnew = run.mustReadAll !== undefined;
    }
    if (run.mustReadAll !== undefined && !run.isFirst) run.warn(`reading all objects: ${run.mustReadAll}`);
    else if (!isAnew && run.isWholeDue)
      run.sync.logger.info(`${this.name}: reading all objects, so that deletions arrive`);
    if (isAnew || run.isWholeDue) await this.#readAll(run, { startDate, isAnew });
  }

  async #readChanges(run: StreamRun, startDate: Instant | undefined): Promise<void> {
    const done = await readWindow({
      source: this.source,
      filter: this.filter,
      context: this.context,
      bookmark: windowFromState(run.bookmark),
      startDate,
      signal: run.sync.signal,
      onUnlisted: (count) => run.warn(`the service counts ${count} more objects than it lists`),
      onRows: async (rows, covered) => {
        await run.write(rows);
        if (!covered) return;
        run.save({ ...windowToState(covered), start_date: dateToState(startDate) });
        // A slice in which nothing lay is not worth a STATE of its own.
        if (rows.length > 0) run.checkpoint();
      },
    });
    this.context.windows.add(this.#endpoint, done.read);
    run.save({ ...windowToState(done.bookmark), start_date: dateToState(startDate) });
  }

  /**
   * Reads everything that was made before the pass began, in slices by `create`, which never changes: edits cannot move
   * a row out of its slice. An interrupted pass continues with the slices that are missing.
   */
  async #readAll(
    run: StreamRun,
    { startDate, isAnew }: { startDate: Instant | undefined; isAnew: boolean },
  ): Promise<void> {
    const { pageSize, concurrency, lagSeconds, lookbackSeconds } = this.context;
    const filter: ListFilter = startDate === undefined ? this.filter : { ...this.filter, updateAfter: startDate - 1 };
    const recent = new Map<string, Instant>();
    const finish = (begunAt: Instant): void => {
      const completeUntil = begunAt - lagSeconds;
      const window = { completeUntil, windowUntil: completeUntil, finished: [], overlap: recent };
      run.save({ ...(isAnew ? windowToState(window) : {}), start_date: dateToState(startDate) });
      run.checkpoint();
    };
    const { broken } = run;
    const first = await this.source(filter, { limit: Math.max(2, pageSize), offset: 0 });
    const begunAt = parseInstant(broken?.['begun_at']) ?? first.serverTime;
    if (!broken && first.total < pageSize && first.rows.length < first.limit) {
      const sent = await sendList(run, this.source, filter, { first });
      for (const [id, updated] of sent.tally.recent) if (updated <= begunAt - lagSeconds) recent.set(id, updated);
      finish(begunAt);
      return;
    }
    first.release?.();
    const version = run.nextVersion(broken?.['version']);
    const finished = new FinishedPrefix(undefined, slicesFromState(broken?.['finished']));
    let count = typeof broken?.['count'] === 'number' ? broken['count'] : 0;
    const span = { from: undefined, until: begunAt };
    const save = (): void =>
      run.save({
        start_date: dateToState(startDate),
        pass: { version, begun_at: formatInstant(begunAt), count, finished: slicesToState(slicesOf(finished)) },
      });
    save();
    await runSlices({
      source: this.source,
      filter,
      field: 'create',
      spans: without(span, slicesOf(finished)),
      pageSize,
      concurrency,
      expected: first.total - count,
      signal: run.sync.signal,
      onUnlisted: () => undefined,
      onSlice: async (slice, rows) => {
        await run.write(rows, version);
        const until = begunAt - lagSeconds;
        for (const { id, updated = Infinity } of rows)
          if (updated <= until && updated >= until - lookbackSeconds) recent.set(id, updated);
        count += rows.length;
        finished.add(slice);
        save();
        if (rows.length > 0) run.checkpoint();
      },
    });
    if (await this.#hasUndated(filter, { begunAt, count })) {
      run.warn('some objects have no usable "create"; reading the whole list to include them');
      await sendList(run, this.source, filter, { version });
    } else {
      run.finishWhole(version, { activate: true });
      run.save({ pass: undefined, full_sync_at: formatInstant(begunAt) });
    }
    finish(begunAt);
  }

  /** Whether there are objects that no filter by `create` lets through: those without one. */
  async #hasUndated(filter: ListFilter, { begunAt, count }: { begunAt: Instant; count: number }): Promise<boolean> {
    const all = await this.total(filter);
    if (all <= count) return false;
    return all - (await this.total({ ...filter, createAfter: begunAt - 1 })) > count;
  }

  /**
   * From when on objects are read: earlier than in the last run means that some have never been read; later would take
   * rows away that are in the warehouse.
   */
  #startDate(run: StreamRun): Instant | undefined {
    const { startDate } = this.context;
    if (run.isFirst && run.broken === undefined) return startDate;
    const before = parseInstant(run.bookmark['start_date']);
    if ((before ?? -Infinity) > (startDate ?? -Infinity)) {
      run.requireAll('start_date is earlier than it was in the last run');
      return startDate;
    }
    if ((before ?? -Infinity) < (startDate ?? -Infinity)) {
      run.warn(
        `start_date is later than it was when the stream was first read; what was last changed before it stays in the warehouse and is read as before. To drop it, remove the stream's bookmark and its table`,
      );
    }
    return before;
  }
}

function slicesOf(finished: FinishedPrefix): { from: Instant | undefined; until: Instant }[] {
  const { until, beyond } = finished;
  return [...(until === undefined ? [] : [{ from: undefined, until }]), ...beyond];
}

function dateToState(date: Instant | undefined): string | undefined {
  return date === undefined ? undefined : formatInstant(date);
}
