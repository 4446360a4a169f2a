import type { MessageHandler } from '../messages/message-parser.js';
import type { RecordLine } from '../messages/record-span.js';
import { compareReplicationValues, isReplicationValue, type ReplicationValue } from '../state/compare-values.js';

/** What a file of messages holds of one stream. */
export interface StreamStats {
  readonly stream: string;
  records: number;
  /** Bytes of the records alone. */
  bytes: number;
  schemas: number;
  batches: number;
  versions: number;
  /** The replication key, and its least and greatest value. */
  replicationKey: string | undefined;
  least: ReplicationValue | undefined;
  greatest: ReplicationValue | undefined;
}

/** Counts messages as they come. */
export class MessageStats implements MessageHandler {
  states = 0;
  readonly #streams = new Map<string, StreamStats>();
  readonly #versions = new Map<string, Set<number>>();

  /** The streams in the order in which they first came. */
  get streams(): readonly StreamStats[] {
    return [...this.#streams.values()];
  }

  schema({ stream, bookmark_properties: bookmarks }: Parameters<MessageHandler['schema']>[0]): void {
    const stats = this.#of(stream);
    stats.schemas += 1;
    stats.replicationKey = bookmarks?.[0];
  }

  record({ stream, record, bytes, version }: RecordLine): void {
    const stats = this.#of(stream);
    stats.records += 1;
    stats.bytes += bytes.end - bytes.start;
    if (version !== undefined) this.#sawVersion(stream, version);
    const value = stats.replicationKey === undefined ? undefined : record[stats.replicationKey];
    if (!isReplicationValue(value)) return;
    if (stats.least === undefined || compareReplicationValues(value, stats.least) < 0) stats.least = value;
    if (stats.greatest === undefined || compareReplicationValues(value, stats.greatest) > 0) stats.greatest = value;
  }

  state(): void {
    this.states += 1;
  }

  activateVersion({ stream, version }: Parameters<MessageHandler['activateVersion']>[0]): void {
    this.#sawVersion(stream, version);
  }

  batch({ stream }: Parameters<MessageHandler['batch']>[0]): void {
    this.#of(stream).batches += 1;
  }

  #sawVersion(stream: string, version: number): void {
    const versions = this.#versions.get(stream) ?? new Set();
    this.#versions.set(stream, versions.add(version));
    this.#of(stream).versions = versions.size;
  }

  #of(stream: string): StreamStats {
    const known = this.#streams.get(stream);
    if (known) return known;
    const stats: StreamStats = {
      stream,
      records: 0,
      bytes: 0,
      schemas: 0,
      batches: 0,
      versions: 0,
      replicationKey: undefined,
      least: undefined,
      greatest: undefined,
    };
    this.#streams.set(stream, stats);
    return stats;
  }
}
