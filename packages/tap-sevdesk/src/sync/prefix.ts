import type { TimeSlice } from './time-slice.js';

/** Keeps track of which slices of a span are finished, and how far they reach from its start without a gap. */
export class FinishedPrefix {
  #finished: TimeSlice[];
  #until: number | undefined;

  /**
   * @param until where the finished part ended before; undefined when nothing was finished
   * @param finished slices beyond it that were finished before
   */
  constructor(until: number | undefined, finished: readonly TimeSlice[] = []) {
    this.#until = until;
    this.#finished = [...finished];
    this.#merge();
  }

  /** The end of the finished part, without a gap before it. */
  get until(): number | undefined {
    return this.#until;
  }

  /** Finished slices beyond it, in order, neighbours joined. */
  get beyond(): readonly TimeSlice[] {
    return this.#finished;
  }

  add(slice: TimeSlice): void {
    this.#finished.push(slice);
    this.#merge();
  }

  #merge(): void {
    const sorted = [...this.#finished].sort((a, b) => startOf(a) - startOf(b));
    const beyond: TimeSlice[] = [];
    for (const slice of sorted) {
      if (startOf(slice) <= (this.#until ?? -Infinity) + 1) {
        this.#until = Math.max(this.#until ?? slice.until, slice.until);
        continue;
      }
      const last = beyond.at(-1);
      if (last && slice.from !== undefined && slice.from <= last.until + 1) {
        beyond[beyond.length - 1] = { from: last.from, until: Math.max(last.until, slice.until) };
      } else beyond.push(slice);
    }
    this.#finished = beyond;
  }
}

const startOf = ({ from }: TimeSlice): number => from ?? -Infinity;
