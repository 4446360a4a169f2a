import type { Instant } from './instant.js';

/** Server and machine may differ by this many seconds before anybody is told. */
const TOLERANCE = 7200;

/**
 * The server's clock as its answers tell it. The machine's clock only tells how far that is credible: of two answers that
 * disagree by far, the one closer to it counts.
 */
export class ServerClock {
  #last: Instant | undefined;
  /** How far the server is ahead of the machine, in seconds. */
  #ahead: number | undefined;
  #doubt: string | undefined;

  /** @param machine the machine's clock, in milliseconds */
  constructor(private readonly machine: () => number = Date.now) {}

  /** The time of the last answer; undefined before the first. */
  get lastAnswer(): Instant | undefined {
    return this.#last;
  }

  /** The time of the last answer, for code that has seen one. */
  get now(): Instant {
    if (this.#last === undefined) throw new Error('the time was asked for before the first answer');
    return this.#last;
  }

  /** What makes the server's time doubtful; undefined when nothing does. */
  get doubt(): string | undefined {
    return this.#doubt;
  }

  /** Notes the time of an answer. */
  note(time: Instant): void {
    const ahead = time - Math.floor(this.machine() / 1000);
    const jumped = this.#ahead !== undefined && Math.abs(ahead - this.#ahead) > TOLERANCE;
    if (jumped) this.#doubt ??= 'its answers disagree about the time';
    else if (Math.abs(ahead) > TOLERANCE) {
      this.#doubt ??= `its answers are dated ${hours(ahead)} ${ahead > 0 ? 'ahead of' : 'behind'} this machine's clock`;
    }
    if (jumped && Math.abs(ahead) > Math.abs(this.#ahead ?? 0)) return;
    this.#ahead = ahead;
    this.#last = time;
  }
}

function hours(seconds: number): string {
  const size = Math.abs(seconds);
  return size < 5400 ? `${Math.round(size / 60)} minutes` : `${Math.round(size / 3600)} hours`;
}
