import type { JsonObject } from '@singer-io-ts/sdk';
import { formatInstant, type Instant, parseInstant } from '../api/instant.js';
import type { ServerClock } from '../api/server-clock.js';

/**
 * The table version of a stream, as its state holds it. A version is the server's time in milliseconds when it was
 * begun, and always greater than those before it.
 */
export class Versions {
  #current: number | undefined;
  #last: number;
  readonly #wholeAt: Instant | undefined;

  constructor(
    bookmark: Readonly<JsonObject>,
    private readonly clock: ServerClock,
  ) {
    const { version, full_sync_at: wholeAt } = bookmark;
    this.#current = typeof version === 'number' ? version : undefined;
    this.#last = this.#current ?? 0;
    this.#wholeAt = parseInstant(wholeAt);
  }

  /** The version that records carry: the one activated last, or in a first sync a new one. */
  get current(): number {
    this.#current ??= this.next();
    return this.#current;
  }

  /** Begins a version. Records of a pass that is to be activated carry a version that nothing else carried. */
  next(): number {
    this.#last = Math.max(this.clock.now * 1000, this.#last + 1);
    return this.#last;
  }

  /** When all objects were last read, or the first sync began; now if that is now. */
  get wholeAt(): string {
    return formatInstant(this.#wholeAt ?? this.clock.now);
  }

  /** Whether all objects are to be read again: never right after a first sync. */
  isWholeSyncDue(everyHours: number): boolean {
    return this.#wholeAt !== undefined && this.clock.now - this.#wholeAt >= everyHours * 3600;
  }
}
