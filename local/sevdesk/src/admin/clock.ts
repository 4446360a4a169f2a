import type { Seconds } from '../company/berlin-time.js';

/** The server's clock: the machine's, moved or stopped on request. It never runs backwards by itself. */
export class Clock {
  #shift = 0;
  #frozenAt: Seconds | undefined;

  constructor(frozenAt?: Seconds) {
    this.#frozenAt = frozenAt;
  }

  /** Whole unix seconds, the resolution of the service's timestamps. */
  now(): Seconds {
    return Math.floor(this.#frozenAt ?? Date.now() / 1000 + this.#shift);
  }

  get frozen(): boolean {
    return this.#frozenAt !== undefined;
  }

  /** Sets the time; a frozen clock stays frozen, a running one runs on from there. */
  set(instant: Seconds): void {
    if (this.#frozenAt !== undefined) this.#frozenAt = instant;
    else this.#shift = instant - Date.now() / 1000;
  }

  advance(seconds: number): void {
    if (this.#frozenAt !== undefined) this.#frozenAt += seconds;
    else this.#shift += seconds;
  }

  freeze(): void {
    this.#frozenAt ??= this.now();
  }

  run(): void {
    if (this.#frozenAt === undefined) return;
    this.#shift = this.#frozenAt - Date.now() / 1000;
    this.#frozenAt = undefined;
  }
}
