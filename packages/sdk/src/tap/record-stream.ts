import type { JsonObject } from '../json/json-value.js';
import type { ReplicationValue } from '../state/compare-values.js';
import type { ParentLink, RecordSource, RecordsRequest } from './record-source.js';
import { RecordStreamRun } from './record-stream-run.js';
import { Stream } from './stream.js';
import type { StreamSync } from './stream-sync.js';

/**
 * A stream that says where its records come from and leaves the rest to the SDK: bookmarks, STATE, versions, selection,
 * partitions, children, metrics.
 *
 * With a `replicationKey` it is incremental: `records` is asked for what changed since the bookmark. Without one every
 * run reads all and ends with ACTIVATE_VERSION, so that targets know which rows are gone.
 */
export abstract class RecordStream extends Stream implements RecordSource {
  /**
   * Whether `records` gives them in ascending order of the replication key: a broken run then resumes where it stopped.
   * @default false
   */
  readonly sorted: boolean = false;
  /** Where the first run of an incremental stream starts, usually the setting `start_date`. @default at the beginning */
  readonly startValue: ReplicationValue | undefined = undefined;
  /** The stream for whose records, one by one, this one is read. @default none */
  readonly parent: ParentLink | undefined = undefined;
  /**
   * The properties of a context that tell bookmarks apart. Contexts that are equal in them share a bookmark, which moves
   * when all have been read; with none (`[]`) all contexts share one.
   * @default all properties: each context has its own
   */
  readonly statePartitioningKeys: readonly string[] | undefined = undefined;
  /** Whether a full pass ends with ACTIVATE_VERSION; below a parent that is incremental there is no full pass. @default true */
  readonly versioned: boolean = true;
  /** STATE is written after this many records of the stream, and at its end. @default 10000 */
  readonly checkpointRecords: number = 10_000;

  /** Gives the records, one by one, and reads no further ahead than it must. */
  abstract records(request: RecordsRequest): AsyncIterable<JsonObject> | Iterable<JsonObject>;

  /** The partitions to read one after the other, if the stream has any. */
  partitions?(): AsyncIterable<JsonObject> | Iterable<JsonObject>;

  /**
   * No bookmark goes past this value, so that what changes during the run is read again by the next.
   * @default now, for a replication key whose schema says `date-time`
   */
  signpost(now: Date): ReplicationValue | undefined {
    const format =
      this.replicationKey === undefined ? undefined : this.schema.properties?.[this.replicationKey]?.format;
    return format === 'date-time' ? now.toISOString() : undefined;
  }

  async sync(sync: StreamSync): Promise<void> {
    await new RecordStreamRun(this, sync).whole();
  }
}
