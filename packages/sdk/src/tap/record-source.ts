import type { StreamDescription } from '../catalog/catalog.js';
import type { JsonObject } from '../json/json-value.js';
import type { Logger } from '../logging/logger.js';
import type { ReplicationValue } from '../state/compare-values.js';

/** What `records` is asked for. */
export interface RecordsRequest<C = JsonObject> {
  /**
   * The partition, or what the parent's record gave; empty where there is neither. Its properties are filled into records
   * that lack them where the schema names them.
   */
  readonly context: Readonly<C>;
  /** The records wanted are those whose replication key has this value or a later one; undefined for all. */
  readonly since: ReplicationValue | undefined;
  /** Aborted when the run is to stop; pass it to whatever waits. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /**
   * Says that not all of this context could be read, and that this is no failure. Its bookmark stays, nothing is taken for
   * gone in this run, and a warning tells the reason.
   */
  readonly skip: (reason: string) => void;
  /**
   * Says up to when, by the source's clock, nothing is missing once this is read. It is kept in the bookmark of a stream that
   * was read to its end, as `window_end`, also when no record came. @default not said
   */
  readonly completeUntil: (instant: Date) => void;
}

/** How a stream hangs on its parent. */
export interface ParentLink<C extends JsonObject = JsonObject> {
  /** The parent's name. */
  readonly stream: string;
  /**
   * What a record of the parent says about which records to read, as few properties as will do: they are kept in the state.
   * Undefined skips the record.
   */
  context(parentRecord: JsonObject): C | undefined;
}

/** What the run of a stream needs of it: what it is, and where its records come from. `RecordStream` tells what each means. */
export interface RecordSource extends StreamDescription {
  readonly sorted: boolean;
  readonly startValue: ReplicationValue | undefined;
  readonly parent: ParentLink | undefined;
  readonly statePartitioningKeys: readonly string[] | undefined;
  readonly versioned: boolean;
  readonly checkpointRecords: number;
  records(request: RecordsRequest): AsyncIterable<JsonObject> | Iterable<JsonObject>;
  partitions?(): AsyncIterable<JsonObject> | Iterable<JsonObject>;
  signpost(now: Date): ReplicationValue | undefined;
}
