import type { JsonObject } from '../json/json-value.js';
import { IncrementalProgress } from '../state/incremental-progress.js';
import type { PartitionedBookmark } from '../state/partitioned-bookmark.js';
import type { RecordStream } from './record-stream.js';
import type { StreamSync } from './stream-sync.js';

/** Between records the output is asked this often whether it can take more; asking costs more than a record. */
const RECORDS_BETWEEN_READY = 64;

/** One extraction of a {@link RecordStream} and of the streams below it. */
export class RecordStreamRun {
  readonly #stream: RecordStream;
  readonly #sync: StreamSync;
  readonly #children: readonly RecordStreamRun[];
  readonly #bookmarks: PartitionedBookmark;
  readonly #startedAt: Date;
  /** Undefined where everything is read. */
  readonly #replicationKey: string | undefined;
  /** The version that this pass gives its records, for full passes. */
  readonly #version: number | undefined;
  /** The progress of all contexts together, where they share one bookmark. */
  #sharedProgress: IncrementalProgress | undefined;
  #sinceCheckpoint = 0;

  /** @param readsAll whether everything is read: not below a parent that gives what has changed only */
  constructor(stream: RecordStream, sync: StreamSync, readsAll = true) {
    this.#replicationKey = sync.fullTable ? undefined : stream.replicationKey;
    const isFullPass = this.#replicationKey === undefined && readsAll;
    this.#stream = stream;
    this.#sync = sync;
    this.#children = sync.children.map((child) => new RecordStreamRun(child.stream, child.sync, isFullPass));
    this.#bookmarks = sync.bookmarks();
    this.#startedAt = sync.now();
    this.#version = isFullPass && stream.versioned ? this.#nextVersion() : undefined;
  }

  /** Reads the stream from its bookmark to its end. */
  async whole(): Promise<void> {
    const partitions = this.#stream.partitions?.();
    if (!partitions) await this.#context(undefined);
    else {
      for await (const partition of partitions) {
        if (this.#sync.enough) break;
        await this.#context(partition);
      }
    }
    this.#finish();
  }

  /** Reads one partition, or what belongs to one record of the parent. */
  async #context(context: JsonObject | undefined): Promise<void> {
    const { partitionedState } = this.#stream;
    const replicationKey = this.#replicationKey;
    const hasOwnBookmark = context !== undefined && (partitionedState ?? true);
    if (replicationKey === undefined) await this.#read(context, undefined, () => undefined);
    else if (hasOwnBookmark) await this.#readWithOwnBookmark(context, replicationKey);
    else await this.#readWithSharedBookmark(context, replicationKey);
  }

  async #readWithOwnBookmark(context: JsonObject, replicationKey: string): Promise<void> {
    const progress = this.#progress(context, replicationKey);
    await this.#read(context, progress, () => this.#bookmarks.set(context, progress.underWay));
    if (!this.#sync.enough) this.#bookmarks.set(context, progress.finished);
  }

  async #readWithSharedBookmark(context: JsonObject | undefined, replicationKey: string): Promise<void> {
    const progress = (this.#sharedProgress ??= this.#progress(undefined, replicationKey, context === undefined));
    await this.#read(context, progress, () => this.#bookmarks.set(undefined, progress.underWay));
  }

  #progress(context: JsonObject | undefined, replicationKey: string, mayBeSorted = true): IncrementalProgress {
    const { name, startValue, sorted } = this.#stream;
    return new IncrementalProgress({
      stream: name,
      replicationKey,
      bookmark: this.#bookmarks.get(context),
      startValue,
      signpost: this.#stream.signpost(this.#startedAt),
      // Under one bookmark for several contexts, how far one has got says nothing about the others.
      sorted: sorted && mayBeSorted,
    });
  }

  async #read(
    context: JsonObject | undefined,
    progress: IncrementalProgress | undefined,
    keepProgress: () => void,
  ): Promise<void> {
    const { signal, logger } = this.#sync;
    const records = this.#stream.records({ context: context ?? {}, since: progress?.since, signal, logger });
    let count = 0;
    try {
      for await (const record of records) {
        signal.throwIfAborted();
        if (context) this.#fillIn(context, record);
        this.#sync.record(record, { version: this.#version, timeExtracted: this.#sync.timeExtracted() });
        for (const child of this.#children) await child.#belowParent(record);
        // Only now: a run that broke among the children must read this record again.
        progress?.advance(record);
        count += 1;
        this.#sinceCheckpoint += 1;
        if (this.#sync.enough) break;
        if (this.#sinceCheckpoint >= this.#stream.checkpointRecords) {
          keepProgress();
          this.#sinceCheckpoint = 0;
          this.#sync.checkpoint();
        }
        if (count % RECORDS_BETWEEN_READY === 0) await this.#sync.ready();
      }
    } finally {
      keepProgress();
    }
    await this.#sync.ready();
  }

  async #belowParent(parentRecord: JsonObject): Promise<void> {
    if (this.#sync.enough) return;
    const context = this.#stream.parent?.context(parentRecord);
    if (context !== undefined) await this.#context(context);
  }

  /** The stream is complete: old rows can go, and the bookmark says how far it got. */
  #finish(): void {
    if (this.#sync.enough) return;
    for (const child of this.#children) child.#finish();
    if (this.#sharedProgress) this.#bookmarks.set(undefined, this.#sharedProgress.finished);
    if (this.#version !== undefined) {
      this.#sync.activateVersion(this.#version);
      this.#bookmarks.set(undefined, { ...this.#bookmarks.get(undefined), version: this.#version });
    }
  }

  #fillIn(context: JsonObject, record: JsonObject): void {
    const { properties = {} } = this.#stream.schema;
    for (const [name, value] of Object.entries(context)) {
      if (record[name] === undefined && Object.hasOwn(properties, name)) record[name] = value;
    }
  }

  /** Greater than any earlier one, also when the clock was set back. */
  #nextVersion(): number {
    const before = this.#bookmarks.get(undefined)['version'];
    return Math.max(this.#startedAt.getTime(), typeof before === 'number' ? before + 1 : 0);
  }
}
