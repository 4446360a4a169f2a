import type { Selection } from '../catalog/selection.js';
import type { JsonObject, JsonValue } from '../json/json-value.js';
import { parseJson } from '../json/lossless.js';
import type { Logger } from '../logging/logger.js';
import type { MessageWriter, RecordOptions } from '../messages/message-writer.js';
import type { Metrics } from '../metrics/metrics.js';
import type { TapState } from '../state/tap-state.js';

export interface StreamSyncOptions {
  stream: string;
  writer: MessageWriter;
  state: TapState;
  selection: Selection;
  logger: Logger;
  metrics: Metrics;
  signal: AbortSignal;
  /** Whether the bookmark is to be ignored and everything read again. */
  maxRecords?: number | undefined;
}

/** What a stream's `sync` works with: where records go, the bookmark, and when to stop. */
export class StreamSync {
  /** Aborted when the run is to stop; pass it to whatever waits. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly #options: StreamSyncOptions;
  #records = 0;

  constructor(options: StreamSyncOptions) {
    this.#options = options;
    this.signal = options.signal;
    this.logger = options.logger;
    this.metrics = options.metrics;
  }

  /** The number of records written. */
  get records(): number {
    return this.#records;
  }

  /** Whether enough was written for what was asked (`--test` asks for one record). A stream may stop when it is. */
  get enough(): boolean {
    return this.#options.maxRecords !== undefined && this.#records >= this.#options.maxRecords;
  }

  /** Writes a record, without the properties that are not selected. */
  record(record: JsonObject, options?: RecordOptions): void {
    const { writer, stream, selection } = this.#options;
    this.#records += 1;
    writer.record(stream, selection.apply(record), options);
  }

  /**
   * Writes a record that is JSON text already, in one line; the fast way where nothing is to be taken off it.
   */
  recordText(text: string, options?: RecordOptions): void {
    const { writer, stream, selection } = this.#options;
    if (!selection.whole) return this.record(parseJson(text) as JsonObject, options);
    this.#records += 1;
    writer.recordText(stream, text, options);
  }

  /** Resolves when the output can take more; await it between pages. */
  async ready(): Promise<void> {
    this.signal.throwIfAborted();
    await this.#options.writer.ready();
  }

  /** The stream's bookmark. */
  get bookmark(): Readonly<JsonObject> {
    return this.#options.state.get(this.#options.stream);
  }

  /** Changes properties of the bookmark; `undefined` takes one away. Nothing is written until `checkpoint`. */
  updateBookmark(changes: Record<string, JsonValue | undefined>): void {
    this.#options.state.update(this.#options.stream, changes);
  }

  /** Writes STATE: what has been written so far need not be read again. */
  checkpoint(): void {
    this.#options.writer.state(this.#options.state.toJSON());
  }

  /** Tells the target that records older than this version are no longer there. */
  activateVersion(version: number): void {
    this.#options.writer.activateVersion(this.#options.stream, version);
  }
}
