import type { Instant } from '../api/instant.js';

/** Which objects of an endpoint changed in a span of time, as one stream has read it. */
export interface ChangedObjects {
  /** Undefined where it begins with the first object. */
  from: Instant | undefined;
  until: Instant;
  /** Each object with the time of its change. */
  updates: ReadonlyMap<string, Instant>;
}

/** More changes than this are not kept for others; they read them again. */
const MAX_CHANGES = 50_000;

/** Windows that were read in this run, so that streams which follow the same objects need not ask again. */
export class ReadWindows {
  readonly #windows = new Map<string, ChangedObjects>();

  add(endpoint: string, window: ChangedObjects): void {
    if (window.updates.size <= MAX_CHANGES) this.#windows.set(endpoint, window);
  }

  /** A window that covers everything since `from`, if one was read. */
  since(endpoint: string, from: Instant | undefined): ChangedObjects | undefined {
    const window = this.#windows.get(endpoint);
    if (!window || from === undefined) return undefined;
    return window.from === undefined || window.from <= from ? window : undefined;
  }
}
