import type { Instant } from './instant.js';

/** The server's clock as its answers tell it; the machine's is never asked. */
export class ServerClock {
  #last: Instant | undefined;

  /** The time of the last answer; undefined before the first. */
  get lastAnswer(): Instant | undefined {
    return this.#last;
  }

  /** The time of the last answer, for code that has seen one. */
  get now(): Instant {
    if (this.#last === undefined) throw new Error('the time was asked for before the first answer');
    return this.#last;
  }

  /** Notes the time of an answer. */
  note(time: Instant): void {
    this.#last = time;
  }
}
