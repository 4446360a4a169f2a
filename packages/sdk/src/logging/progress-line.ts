/** What a progress line needs of a terminal. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const INTERVAL_MS = 500;
const ERASE = '\r\u001B[2K';

/**
 * A line at the foot of a terminal that says how far a run has got, for people who watch. Nothing is written where nobody
 * watches. Whoever writes other lines to the same terminal calls `clear` before.
 */
export class ProgressLine {
  readonly #terminal: Terminal;
  #timer: NodeJS.Timeout | undefined;
  #shown = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Shows what `render` says, twice a second, until `stop`. */
  start(render: () => string): void {
    if (this.#terminal.isTTY !== true) return;
    this.stop();
    this.#timer = setInterval(() => {
      // A line that wraps could not be erased. Some terminals do not say their width, or say 0.
      const width = this.#terminal.columns ? this.#terminal.columns : 80;
      this.#terminal.write(ERASE + render().slice(0, width - 1));
      this.#shown = true;
    }, INTERVAL_MS).unref();
  }

  /** Takes the line away; it comes back by itself. */
  clear(): void {
    if (this.#shown) this.#terminal.write(ERASE);
    this.#shown = false;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.clear();
  }
}
