import { UnsortedStreamError } from '../errors/unsorted-stream-error.js';
import type { JsonObject } from '../json/json-value.js';
import { compareReplicationValues, isReplicationValue, type ReplicationValue } from './compare-values.js';

export interface IncrementalProgressOptions {
  stream: string;
  replicationKey: string;
  /** What the last run left. */
  bookmark: Readonly<JsonObject>;
  /** Where a first run starts. @default at the beginning */
  startValue?: ReplicationValue | undefined;
  /** No bookmark goes past this: what changes while the run is under way is read again by the next. @default none */
  signpost?: ReplicationValue | undefined;
  /** Whether records come in the order of the replication key. */
  sorted: boolean;
}

/**
 * How far an incremental stream has got.
 *
 * Sorted: every record moves the bookmark, so a broken run resumes where it stopped. Unsorted: the greatest value is kept
 * aside as progress marker and becomes the bookmark when the stream is complete; a broken run starts again from the old one.
 */
export class IncrementalProgress {
  /** Read records from here on, this value included: records that share it may have been missed. */
  readonly since: ReplicationValue | undefined;
  readonly #options: IncrementalProgressOptions;
  #greatest: ReplicationValue | undefined;

  constructor(options: IncrementalProgressOptions) {
    this.#options = options;
    const { bookmark, startValue, replicationKey } = options;
    const stored = bookmark['replication_key'] === replicationKey ? bookmark['replication_key_value'] : undefined;
    this.since = isReplicationValue(stored) ? stored : startValue;
    this.#greatest = undefined;
  }

  /**
   * Takes a record that has been written into account. Without a value in the replication key it says nothing.
   *
   * @throws {UnsortedStreamError} when the stream calls itself sorted and the record is older than the one before
   */
  advance(record: JsonObject): void {
    const { stream, replicationKey, sorted } = this.#options;
    const value = record[replicationKey];
    if (!isReplicationValue(value)) return;
    if (this.#greatest === undefined || compareReplicationValues(value, this.#greatest) >= 0) this.#greatest = value;
    else if (sorted) {
      throw new UnsortedStreamError({
        message: `stream "${stream}": a record is older in "${replicationKey}" than the one before, but the stream calls itself sorted; set sorted to false`,
      });
    }
  }

  /** The bookmark while the stream is under way. */
  get underWay(): JsonObject {
    const { sorted, replicationKey } = this.#options;
    if (sorted) return this.finished;
    return {
      ...this.#bookmark(this.since),
      ...(this.#greatest === undefined
        ? {}
        : {
            progress_markers: {
              Note: 'Progress is not resumable if interrupted.',
              replication_key: replicationKey,
              replication_key_value: this.#greatest,
            },
          }),
    };
  }

  /** The bookmark of a complete stream. It never moves backwards. */
  get finished(): JsonObject {
    const { signpost } = this.#options;
    const reached = signpost === undefined ? this.#greatest : least(this.#greatest, signpost);
    return this.#bookmark(reached === undefined ? this.since : greatest(reached, this.since));
  }

  #bookmark(value: ReplicationValue | undefined): JsonObject {
    if (value === undefined) return {};
    return { replication_key: this.#options.replicationKey, replication_key_value: value };
  }
}

function least(a: ReplicationValue | undefined, b: ReplicationValue): ReplicationValue | undefined {
  return a !== undefined && compareReplicationValues(a, b) > 0 ? b : a;
}

function greatest(a: ReplicationValue, b: ReplicationValue | undefined): ReplicationValue {
  return b !== undefined && compareReplicationValues(b, a) > 0 ? b : a;
}
