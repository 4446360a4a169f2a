import type { ReplicationMethod, StreamDescription } from '../catalog/catalog.js';
import type { JsonSchema } from '../schema/json-schema.js';
import type { StreamSync } from './stream-sync.js';

/**
 * A stream of a tap. Subclasses describe it and implement `sync`, which writes records and moves the bookmark.
 * Describing must need neither network nor credentials: `--discover` runs before every Meltano run.
 */
export abstract class Stream implements StreamDescription {
  abstract readonly name: string;
  /** JSON Schema of a record, an object with `properties`. */
  abstract readonly schema: JsonSchema;
  readonly primaryKeys: readonly string[] = [];
  /** The property that grows when a record changes; makes the stream incremental. */
  readonly replicationKey: string | undefined = undefined;
  readonly selectedByDefault: boolean = true;

  get replicationMethod(): ReplicationMethod {
    return this.replicationKey === undefined ? 'FULL_TABLE' : 'INCREMENTAL';
  }

  /**
   * Extracts the stream. SCHEMA has been written; write records with `sync.record`, await `sync.ready()` between pages,
   * move the bookmark with `sync.state` only past what has been written, and call `sync.checkpoint()` when it may be kept.
   */
  abstract sync(sync: StreamSync): Promise<void>;
}
