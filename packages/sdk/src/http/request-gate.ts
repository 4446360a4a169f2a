import type { Clock } from './clock.js';

export interface RequestGateOptions {
  /** How many requests may be under way at once. */
  maxConcurrency: number;
  /** How many may start in a second; 0 for no limit. */
  maxRequestsPerSecond: number;
  clock: Clock;
}

/** Lets requests through in order of arrival: so many at once, and evenly spaced, never in bursts. */
export class RequestGate {
  readonly #maxConcurrency: number;
  readonly #spacingMs: number;
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;
  #nextStartMs = 0;

  constructor({ maxConcurrency, maxRequestsPerSecond, clock }: RequestGateOptions) {
    this.#maxConcurrency = maxConcurrency;
    this.#spacingMs = maxRequestsPerSecond > 0 ? 1000 / maxRequestsPerSecond : 0;
    this.#clock = clock;
  }

  /** Runs `request` when its turn has come; its place is free again when it has settled. */
  async pass<T>(request: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#underWay >= this.#maxConcurrency) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#underWay += 1;
    }
    try {
      signal?.throwIfAborted();
      await this.#space(signal);
      return await request();
    } finally {
      // The place is handed to the next in line, without a gap into which a newcomer could slip.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#underWay -= 1;
    }
  }

  async #space(signal?: AbortSignal): Promise<void> {
    if (this.#spacingMs === 0) return;
    const now = this.#clock.now();
    const startMs = Math.max(now, this.#nextStartMs);
    this.#nextStartMs = startMs + this.#spacingMs;
    if (startMs > now) await this.#clock.sleep(startMs - now, signal);
  }
}
