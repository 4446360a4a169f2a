import { UsageError } from '../errors/usage-error.js';
import { cloneJson } from '../json/clone-json.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';

/**
 * The state of a tap: `{ "bookmarks": { "<stream>": { … } } }`. What the tap does not know in it is kept.
 *
 * Each stream owns its bookmark and may change it at any time; only what it has been told to `keep` is written. So the
 * STATE that one stream writes never says of another what that one has not finished.
 */
export class TapState {
  readonly #value: JsonObject;
  /** As the streams have set them. */
  readonly #bookmarks: Record<string, JsonObject>;
  /** As they are written. */
  readonly #kept: Record<string, JsonObject>;

  /** @throws {UsageError} when the value is no state of a tap */
  constructor(value: JsonObject = {}) {
    if (value['type'] === 'STATE') {
      throw new UsageError({ message: 'the state is a whole STATE message; pass what its "value" holds' });
    }
    if (!('bookmarks' in value)) {
      const wrapper = Object.keys(value).find((name) => isJsonObject(value[name]) && 'bookmarks' in value[name]);
      if (wrapper !== undefined) {
        throw new UsageError({
          message: `the state has its "bookmarks" within "${wrapper}"; pass what "${wrapper}" holds`,
        });
      }
    }
    this.#value = cloneJson(value);
    const { bookmarks = {} } = this.#value;
    if (!isJsonObject(bookmarks) || !Object.values(bookmarks).every(isJsonObject)) {
      throw new UsageError({ message: 'the state must hold an object "bookmarks" with an object for each stream' });
    }
    this.#kept = bookmarks as Record<string, JsonObject>;
    this.#bookmarks = { ...this.#kept };
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

  /** From here on the bookmarks of these streams are written as they are now. */
  keep(streams: readonly string[]): void {
    for (const stream of streams) {
      const bookmark = this.#bookmarks[stream];
      if (bookmark !== undefined) this.#kept[stream] = cloneJson(bookmark);
    }
  }

  /** Whether no bookmark is kept: writing such a state would erase what a scheduler keeps. */
  get isEmpty(): boolean {
    return Object.keys(this.#kept).length === 0;
  }

  /** What is kept, to write. */
  toJSON(): JsonObject {
    return { ...this.#value, bookmarks: { ...this.#kept } };
  }
}
