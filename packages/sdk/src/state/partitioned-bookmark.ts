import { stringifyJson } from '../json/lossless.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import type { TapState } from './tap-state.js';

/**
 * Where a stream keeps its bookmarks: one for the whole stream, or one for each partition, in the form of the Python SDK:
 * `{ "partitions": [{ "context": { … }, "replication_key": …, "replication_key_value": … }] }`.
 */
export class PartitionedBookmark {
  readonly #partitions = new Map<string, JsonObject>();

  constructor(
    private readonly state: TapState,
    private readonly stream: string,
  ) {
    const stored = state.get(stream)['partitions'];
    for (const partition of Array.isArray(stored) ? stored : []) {
      if (isJsonObject(partition) && isJsonObject(partition['context']))
        this.#partitions.set(keyOf(partition['context']), { ...partition });
    }
  }

  /** The bookmark of a partition, or of the whole stream where the context is undefined. */
  get(context: JsonObject | undefined): Readonly<JsonObject> {
    if (context === undefined) return this.state.get(this.stream);
    const { context: _own, ...bookmark } = this.#partitions.get(keyOf(context)) ?? {};
    return bookmark;
  }

  /** Replaces a bookmark. */
  set(context: JsonObject | undefined, bookmark: JsonObject): void {
    if (context === undefined) {
      this.state.set(this.stream, { ...bookmark });
      return;
    }
    this.#partitions.set(keyOf(context), { context, ...bookmark });
    this.state.update(this.stream, { partitions: [...this.#partitions.values()] });
  }
}

/** The same context may come with its properties in another order. */
function keyOf(context: JsonObject): string {
  return stringifyJson(Object.fromEntries(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))));
}
