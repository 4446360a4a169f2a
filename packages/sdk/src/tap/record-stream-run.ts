import { RecordError } from '../errors/record-error.js';
import { SingerError } from '../errors/singer-error.js';
import type { JsonObject, JsonValue } from '../json/json-value.js';
import { stringifyJson } from '../json/lossless.js';
import { IncrementalProgress } from '../state/incremental-progress.js';
import type { PartitionedBookmark } from '../state/partitioned-bookmark.js';
import { syncMarkOf, syncMarkToState, type SyncMark } from '../state/sync-mark.js';
import { forEachOf } from './for-each-of.js';
import { requiredKeys } from './stream-keys.js';
import type { RecordSource } from './record-source.js';
import type { StreamSync } from './stream-sync.js';

/** Between records the output is asked this often whether it can take more; asking costs more than a record. */
const RECORDS_BETWEEN_READY = 64;

/** Several contexts that share one bookmark, and how far they have got together. */
interface SharedProgress {
  readonly context: JsonObject | undefined;
  readonly progress: IncrementalProgress;
}

/** One extraction of a stream and of its child streams. */
export class RecordStreamRun {
  readonly #stream: RecordSource;
  readonly #sync: StreamSync;
  readonly #children: readonly RecordStreamRun[];
  readonly #bookmarks: PartitionedBookmark;
  readonly #startedAt: Date;
  /** Undefined where everything is read. */
  readonly #replicationKey: string | undefined;
  /** Properties that every record must have. */
  readonly #keys: readonly string[];
  /** Whether every existing context comes: not under a parent that gives only what has changed. */
  readonly #seesAll: boolean;
  /** The version that this pass gives its records, for full passes. */
  readonly #version: number | undefined;
  /** Whether this run continues from a bookmark, so that it does not send all. */
  readonly #continues: boolean;
  readonly #mark: SyncMark;
  readonly #sentBefore: boolean;
  readonly #shared = new Map<string, SharedProgress>();
  /** How far the stream got, as its own bookmark says; without mark and version. */
  #position: JsonObject;
  #activated: JsonValue | undefined;
  #windowEnd: JsonValue | undefined;
  /** The least that this run's contexts are complete until. */
  #completeUntil: string | undefined;
  #sinceCheckpoint = 0;
  /** How many contexts were left out, and why the first was. */
  #skipped = { count: 0, reason: '' };
  #failed = false;
  /** The run at the top, which keeps the marks of all below it. */
  #root: RecordStreamRun = this;

  /** @param parent the run of the parent stream */
  constructor(stream: RecordSource, sync: StreamSync, parent?: RecordStreamRun) {
    this.#replicationKey = sync.fullTable ? undefined : stream.replicationKey;
    this.#seesAll = parent === undefined || (parent.#replicationKey === undefined && parent.#seesAll);
    this.#stream = stream;
    this.#sync = sync;
    this.#keys = requiredKeys(stream);
    this.#bookmarks = sync.bookmarks();
    this.#startedAt = sync.now();
    const {
      sync: _mark,
      version,
      window_end: windowEnd,
      progress_markers: _markers,
      ...position
    } = this.#bookmarks.get(undefined);
    this.#windowEnd = windowEnd;
    this.#position = position;
    this.#activated = version;
    const isFullPass = this.#replicationKey === undefined && this.#seesAll;
    this.#version = isFullPass && stream.versioned ? this.#nextVersion() : undefined;
    const last = syncMarkOf(this.#bookmarks.get(undefined));
    this.#continues =
      this.#replicationKey === undefined ? parent !== undefined && parent.#continues : this.#hasPosition();
    const from = this.#continues ? (last?.run ?? null) : null;
    this.#sentBefore = from !== null && (last?.sent ?? true);
    this.#mark = {
      run: Math.max(this.#startedAt.getTime(), (last?.run ?? 0) + 1),
      from,
      complete: false,
      sent: this.#sentBefore,
    };
    this.#children = sync.children.map((child) => new RecordStreamRun(child.stream, child.sync, this));
  }

  /** Reads the stream from its bookmark to its end. */
  async whole(): Promise<void> {
    this.#adopt(this);
    // The mark goes out before any record, so that a target can judge whether table and bookmark belong together.
    this.#checkpoint();
    try {
      await this.#readContexts();
      this.#finish();
    } finally {
      this.#keepMarks();
    }
  }

  async #readContexts(): Promise<void> {
    const partitions = this.#stream.partitions?.();
    if (!partitions) return this.#context(undefined);
    for await (const partition of partitions) {
      if (this.#sync.enough) break;
      await this.#context(partition);
    }
  }

  #adopt(root: RecordStreamRun): void {
    this.#root = root;
    for (const child of this.#children) child.#adopt(root);
  }

  /** Whether the stream or one of its children could not be read to the end. */
  get #broken(): boolean {
    return this.#failed || this.#children.some((child) => child.#broken);
  }

  /** Reads one partition, or what belongs to one record of the parent. */
  async #context(context: JsonObject | undefined): Promise<void> {
    const replicationKey = this.#replicationKey;
    const keys = this.#stream.statePartitioningKeys;
    if (context !== undefined && keys === undefined) this.#bookmarks.see(context);
    if (replicationKey === undefined) await this.#read(context, undefined, () => undefined);
    else if (context !== undefined && keys === undefined) await this.#readWithOwnBookmark(context, replicationKey);
    else await this.#readWithSharedBookmark(context, replicationKey, keys);
  }

  async #readWithOwnBookmark(context: JsonObject, replicationKey: string): Promise<void> {
    const progress = this.#progress(context, replicationKey);
    const skipped = this.#skipped.count;
    await this.#read(context, progress, () => this.#bookmarks.set(context, progress.underWay));
    if (!this.#sync.enough) this.#bookmarks.set(context, this.#reached(progress, this.#skipped.count > skipped));
  }

  async #readWithSharedBookmark(
    context: JsonObject | undefined,
    replicationKey: string,
    keys: readonly string[] = [],
  ): Promise<void> {
    const group =
      context === undefined || keys.length === 0
        ? undefined
        : Object.fromEntries(keys.map((key) => [key, context[key] ?? null]));
    const id = stringifyJson(group ?? null);
    const shared = this.#shared.get(id) ?? {
      context: group,
      // How far one context has got says nothing about the others that share its bookmark.
      progress: this.#progress(group, replicationKey, context === undefined),
    };
    this.#shared.set(id, shared);
    await this.#read(context, shared.progress, () => this.#keep(group, shared.progress.underWay));
  }

  #progress(context: JsonObject | undefined, replicationKey: string, mayBeSorted = true): IncrementalProgress {
    const { name, startValue, sorted } = this.#stream;
    return new IncrementalProgress({
      stream: name,
      replicationKey,
      bookmark: this.#bookmarks.get(context),
      startValue,
      signpost: this.#stream.signpost(this.#startedAt),
      sorted: sorted && mayBeSorted,
    });
  }

  /** The bookmark after everything was read. If a child stream broke, it stays where that one must be read again from. */
  #reached(progress: IncrementalProgress, hasGaps: boolean): JsonObject {
    return this.#broken || hasGaps ? progress.underWay : progress.finished;
  }

  async #read(
    context: JsonObject | undefined,
    progress: IncrementalProgress | undefined,
    keepProgress: () => void,
  ): Promise<void> {
    const { signal, logger } = this.#sync;
    const skip = (reason: string): void => {
      this.#skipped = { count: this.#skipped.count + 1, reason: this.#skipped.reason || reason };
    };
    const completeUntil = (instant: Date): void => {
      const until = instant.toISOString();
      if (this.#completeUntil === undefined || until < this.#completeUntil) this.#completeUntil = until;
    };
    const request = { context: context ?? {}, since: progress?.since, signal, logger, skip, completeUntil };
    let count = 0;
    const afterRecord = (record: JsonObject): boolean | Promise<boolean> => {
      // Only now: a run that broke among the children must read this record again.
      if (!this.#broken) progress?.advance(record);
      count += 1;
      this.#sinceCheckpoint += 1;
      if (this.#sync.enough) return false;
      if (this.#isCheckpointDue()) {
        keepProgress();
        this.#checkpoint();
      }
      return count % RECORDS_BETWEEN_READY === 0 ? this.#sync.ready().then(() => true) : true;
    };
    try {
      await forEachOf(this.#stream.records(request), (record) => {
        signal.throwIfAborted();
        if (context) this.#fillIn(context, record);
        this.#requireKeys(record);
        this.#sync.record(record, { version: this.#version, timeExtracted: this.#sync.timeExtracted() });
        return this.#children.length === 0
          ? afterRecord(record)
          : this.#readChildren(record).then(() => afterRecord(record));
      });
    } finally {
      keepProgress();
    }
    await this.#sync.ready();
  }

  async #readChildren(record: JsonObject): Promise<void> {
    for (const child of this.#children) await this.#readChild(child, record);
  }

  /** Reads what belongs to a record. A child stream that fails is abandoned; its siblings and its parent continue. */
  async #readChild(child: RecordStreamRun, record: JsonObject): Promise<void> {
    if (child.#failed || child.#sync.enough) return;
    try {
      const context = child.#stream.parent?.context(record);
      if (context !== undefined) await child.#context(context);
    } catch (error) {
      this.#sync.signal.throwIfAborted();
      if (SingerError.isInstance(error) && error.endsRun) throw error;
      child.#failed = true;
      child.#sync.fail(error);
    }
  }

  /** The stream is complete: old rows can go, and the bookmark says how far it got. */
  #finish(): void {
    if (this.#sync.enough || this.#failed) return;
    for (const child of this.#children) child.#finish();
    const hasGaps = this.#skipped.count > 0;
    if (hasGaps) this.#warnOfGaps();
    for (const { context, progress } of this.#shared.values()) this.#keep(context, this.#reached(progress, hasGaps));
    if (this.#seesAll) this.#bookmarks.forgetUnseen();
    if (this.#version !== undefined && !hasGaps) {
      this.#sync.activateVersion(this.#version);
      this.#activated = this.#version;
    }
    if (!hasGaps) this.#windowEnd = this.#completeUntil ?? this.#windowEnd;
    this.#mark.complete = !this.#continues && !hasGaps;
    this.#keepMark();
  }

  #warnOfGaps(): void {
    const { count, reason } = this.#skipped;
    this.#sync.logger.warning(
      `stream "${this.#stream.name}": ${count === 1 ? 'a listing was' : `${count} listings were`} left out (${reason}); nothing is treated as deleted in this run`,
    );
  }

  #keep(context: JsonObject | undefined, bookmark: JsonObject): void {
    if (context !== undefined) return this.#bookmarks.set(context, bookmark);
    this.#position = bookmark;
    this.#keepMark();
  }

  #keepMark(): void {
    this.#mark.sent = this.#sentBefore || this.#sync.records > 0;
    this.#bookmarks.set(undefined, {
      ...this.#position,
      ...(this.#windowEnd === undefined ? {} : { window_end: this.#windowEnd }),
      ...(this.#activated === undefined ? {} : { version: this.#activated }),
      ...syncMarkToState(this.#mark),
    });
  }

  #keepMarks(): void {
    this.#keepMark();
    for (const child of this.#children) child.#keepMarks();
  }

  #checkpoint(): void {
    this.#sinceCheckpoint = 0;
    this.#root.#keepMarks();
    this.#sync.checkpoint();
  }

  /** A STATE names every context, so with many of them it is written less often: writing stays in proportion to reading. */
  #isCheckpointDue(): boolean {
    return (
      this.#sinceCheckpoint >= this.#stream.checkpointRecords && this.#sinceCheckpoint >= this.#root.#countContexts()
    );
  }

  #countContexts(): number {
    return this.#children.reduce((sum, child) => sum + child.#countContexts(), this.#bookmarks.size);
  }

  /** Whether there is a bookmark to continue from. */
  #hasPosition(): boolean {
    return this.#bookmarks.size > 0 || this.#position['replication_key'] === this.#replicationKey;
  }

  #requireKeys(record: JsonObject): void {
    for (const key of this.#keys) {
      if (record[key] === undefined || record[key] === null) {
        const { name } = this.#stream;
        throw new RecordError({
          message: `stream "${name}": a record has no value in its key "${key}"; give it one in records(), or name the key that it has`,
          stream: name,
        });
      }
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
    const before = this.#activated;
    return Math.max(this.#startedAt.getTime(), typeof before === 'number' ? before + 1 : 0);
  }
}
