import { setImmediate } from 'node:timers/promises';
import type { Selection } from '../catalog/selection.js';
import type { JsonObject, JsonValue } from '../json/json-value.js';
import { parseJson } from '../json/lossless.js';
import type { Logger } from '../logging/logger.js';
import type { RecordOptions } from '../messages/message-writer.js';
import type { Metrics } from '../metrics/metrics.js';
import { PartitionedBookmark } from '../state/partitioned-bookmark.js';
import type { TapState } from '../state/tap-state.js';
import type { RecordSource } from './record-source.js';
import type { StreamOutput } from './stream-output.js';
import { type RecordBytes, textOf } from '../messages/record-span.js';

/** The longest that a stream keeps the process to itself, in milliseconds. */
const MS_WITHOUT_BREATH = 50;

/** A stream that is read below another one. */
export interface ChildSync {
  readonly stream: RecordSource;
  readonly sync: StreamSync;
}

export interface StreamSyncOptions {
  stream: string;
  /** Where messages go. */
  output: StreamOutput;
  /** For a parent that is read for its children only: a state of its own, which is never written. */
  state: TapState;
  selection: Selection;
  logger: Logger;
  metrics: Metrics;
  signal: AbortSignal;
  /** Enough after this many records, and no STATE. @default no limit */
  maxRecords?: number | undefined;
  /** The streams below this one that are selected. @default none */
  children?: readonly ChildSync[];
  /** The streams whose bookmarks a checkpoint writes: those that are read together with this one. @default this one */
  readTogether?: readonly string[];
  /** The clock, in milliseconds. @default Date.now */
  now?: () => number;
}

/** What a stream's `sync` works with: where records go, the bookmark, and when to stop. */
export class StreamSync {
  /** Aborted when the run is to stop; pass it to whatever waits. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The streams below this one that are selected. */
  readonly children: readonly ChildSync[];
  readonly #options: StreamSyncOptions;
  readonly #now: () => number;
  #records = 0;
  #failure: { error: unknown } | undefined;
  #breathedAt = performance.now();
  #timeMs = 0;
  #timeText = '';

  constructor(options: StreamSyncOptions) {
    const { signal, logger, metrics, children = [], now = Date.now } = options;
    this.#options = options;
    this.signal = signal;
    this.logger = logger;
    this.metrics = metrics;
    this.children = children;
    this.#now = now;
  }

  /** The number of records written. */
  get records(): number {
    return this.#records;
  }

  /** Whether enough was written for what was asked (`--test` asks for one record). A stream may stop when it is. */
  get enough(): boolean {
    return this.#options.maxRecords !== undefined && this.#records >= this.#options.maxRecords;
  }

  /** Whether the catalog asks for the whole stream, though it could be read by what has changed. */
  get fullTable(): boolean {
    return this.#options.selection.fullTable;
  }

  /** The schemas that are written: the selected properties, after stream maps. Another one may want records again. */
  get schemas(): readonly object[] {
    return this.#options.output.schemas;
  }

  /** The time, for bookmarks and versions. */
  now(): Date {
    return new Date(this.#now());
  }

  /** The time as RFC 3339, for a record's `time_extracted`; cheap to ask for every record. */
  timeExtracted(): string {
    const ms = this.#now();
    if (ms !== this.#timeMs) {
      this.#timeMs = ms;
      this.#timeText = new Date(ms).toISOString();
    }
    return this.#timeText;
  }

  /** Writes a record, without the properties that are not selected. */
  record(record: JsonObject, options?: RecordOptions): void {
    const { output, selection } = this.#options;
    this.#records += 1;
    output.record(selection.apply(record), options);
  }

  /**
   * Writes a record that is JSON text already, in one line; the fast way where nothing is to be taken off it.
   */
  recordText(text: string, options?: RecordOptions): void {
    const { output, selection } = this.#options;
    if (!selection.whole) return this.record(parseJson(text) as JsonObject, options);
    this.#records += 1;
    output.recordText(text, options);
  }

  /** As `recordText`, for text that is there as UTF-8 bytes: nothing is decoded and encoded again. */
  recordBytes(bytes: RecordBytes, options?: RecordOptions): void {
    const { output, selection } = this.#options;
    if (!selection.whole) return this.record(parseJson(textOf(bytes)) as JsonObject, options);
    this.#records += 1;
    output.recordBytes(bytes, options);
  }

  /**
   * Resolves when the output can take more; await it between pages. Rejects when the run is to stop. Now and then it lets
   * signals and timers through, which a source that never waits for anything would keep out.
   */
  async ready(): Promise<void> {
    await this.#options.output.ready();
    if (performance.now() - this.#breathedAt > MS_WITHOUT_BREATH) {
      await setImmediate();
      this.#breathedAt = performance.now();
    }
    this.signal.throwIfAborted();
  }

  /** The stream's bookmark. */
  get bookmark(): Readonly<JsonObject> {
    return this.#options.state.get(this.#options.stream);
  }

  /** The stream's bookmarks by partition. */
  bookmarks(): PartitionedBookmark {
    return new PartitionedBookmark(this.#options.state, this.#options.stream);
  }

  /** Changes properties of the bookmark; `undefined` takes one away. Nothing is written until `checkpoint`. */
  updateBookmark(changes: Record<string, JsonValue | undefined>): void {
    this.#options.state.update(this.#options.stream, changes);
  }

  /** Writes STATE: what has been written so far need not be read again. An empty one, or one of a trial, is not written. */
  checkpoint(): void {
    const { maxRecords, stream, readTogether = [stream], state, output } = this.#options;
    if (maxRecords !== undefined) return;
    state.keep(readTogether);
    output.state(state);
  }

  /** Notes that this stream cannot be read to its end, while its parent continues. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** Why the stream could not be read to its end; undefined when nothing failed. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Tells the target that records older than this version are no longer there. */
  activateVersion(version: number): void {
    this.#options.output.activateVersion(version);
  }
}
