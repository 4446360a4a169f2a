import { UsageError } from '../errors/usage-error.js';
import { cloneJson } from '../json/clone-json.js';
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
    if (value['type'] === 'STATE') {
      throw new UsageError({ message: 'the state is a whole STATE message; pass what its "value" holds' });
    }
    this.#value = cloneJson(value);
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

  /** Whether no stream has a bookmark: writing such a state would erase what a scheduler keeps. */
  get isEmpty(): boolean {
    return Object.keys(this.#bookmarks).length === 0;
  }

  /** A copy to write. */
  toJSON(): JsonObject {
    return cloneJson(this.#value);
  }
}
