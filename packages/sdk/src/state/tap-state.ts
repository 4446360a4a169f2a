import { UsageError } from '../errors/usage-error.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';

/**
 * The state of a tap: `{ "bookmarks": { "<stream>": { … } } }`. What the tap does not know in it is kept.
 * Each stream owns its bookmark; the whole is copied whenever it is written.
 */
export class TapState {
  readonly #value: JsonObject;
  readonly #bookmarks: Record<string, JsonObject>;

  /** @throws {UsageError} when the value is no state of a tap */
  constructor(value: JsonObject = {}) {
    this.#value = structuredClone(value);
    const bookmarks = this.#value['bookmarks'] ?? {};
    if (!isJsonObject(bookmarks) || !Object.values(bookmarks).every(isJsonObject)) {
      throw new UsageError({ message: 'the state must hold an object "bookmarks" with an object for each stream' });
    }
    this.#bookmarks = bookmarks as Record<string, JsonObject>;
    this.#value['bookmarks'] = bookmarks;
  }

  /** The bookmark of a stream, as the last run left it or as this run has set it; empty before the first. */
  get(stream: string): Readonly<JsonObject> {
    return this.#bookmarks[stream] ?? {};
  }

  /** Replaces the bookmark of a stream. */
  set(stream: string, bookmark: JsonObject): void {
    this.#bookmarks[stream] = bookmark;
  }

  /** Changes some properties of a stream's bookmark; `undefined` takes a property away. */
  update(stream: string, changes: Record<string, JsonValue | undefined>): void {
    const bookmark: JsonObject = { ...this.get(stream) };
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) delete bookmark[name];
      else bookmark[name] = value;
    }
    this.#bookmarks[stream] = bookmark;
  }

  /** A copy to write. */
  toJSON(): JsonObject {
    return structuredClone(this.#value);
  }
}
