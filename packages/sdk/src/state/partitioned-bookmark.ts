import { stringifyJson } from '../json/lossless.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import type { TapState } from './tap-state.js';

/**
 * Where a stream keeps its bookmarks: one for the whole stream, or one for each partition, in the form of the Python SDK:
 * `{ "partitions": [{ "context": { … }, "replication_key": …, "replication_key_value": … }] }`.
 *
 * Reading or setting one costs the same however many there are.
 */
export class PartitionedBookmark {
  /** The list that is in the state. Its entries are replaced, never changed. */
  #partitions: JsonObject[] = [];
  /** Where in the list the bookmark of a context stands. */
  readonly #places = new Map<string, number>();
  readonly #seen = new Set<string>();

  constructor(
    private readonly state: TapState,
    private readonly stream: string,
  ) {
    const stored = state.get(stream)['partitions'];
    for (const partition of Array.isArray(stored) ? stored : []) {
      if (isJsonObject(partition) && isJsonObject(partition['context']))
        this.#put(keyOf(partition['context']), partition);
    }
  }

  /** How many partitions have a bookmark. */
  get size(): number {
    return this.#partitions.length;
  }

  /** The bookmark of a partition, or of the whole stream where the context is undefined. */
  get(context: JsonObject | undefined): Readonly<JsonObject> {
    if (context === undefined) {
      const { partitions: _own, ...bookmark } = this.state.get(this.stream);
      return bookmark;
    }
    const { context: _own, ...bookmark } = this.#partitions[this.#places.get(keyOf(context)) ?? -1] ?? {};
    return bookmark;
  }

  /** Replaces a bookmark. That of the whole stream leaves those of the partitions alone. */
  set(context: JsonObject | undefined, bookmark: JsonObject): void {
    if (context === undefined) {
      const partitions = this.size === 0 ? {} : { partitions: this.#partitions };
      this.state.set(this.stream, { ...partitions, ...bookmark });
      return;
    }
    const key = keyOf(context);
    this.#seen.add(key);
    this.#put(key, { context, ...bookmark });
    if (this.state.get(this.stream)['partitions'] !== this.#partitions)
      this.state.update(this.stream, { partitions: this.#partitions });
  }

  /** Notes that a partition is still there, whether or not its bookmark changes. */
  see(context: JsonObject): void {
    this.#seen.add(keyOf(context));
  }

  /** Forgets the partitions that were neither set nor seen: they are gone from the source. */
  forgetUnseen(): void {
    const stay = this.#partitions.filter(({ context }) => this.#seen.has(keyOf(context as JsonObject)));
    if (stay.length === this.#partitions.length) return;
    this.#partitions = stay;
    this.#places.clear();
    stay.forEach(({ context }, place) => this.#places.set(keyOf(context as JsonObject), place));
    this.state.update(this.stream, { partitions: stay.length === 0 ? undefined : stay });
  }

  #put(key: string, partition: JsonObject): void {
    const place = this.#places.get(key) ?? this.#partitions.length;
    this.#places.set(key, place);
    this.#partitions[place] = partition;
  }
}

/** The same context may come with its properties in another order. */
function keyOf(context: JsonObject): string {
  const entries = Object.entries(context);
  if (entries.length > 1) entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return stringifyJson(entries);
}
