import { SpoolFiles } from './spool-files.js';
import type { ClosedFile } from './spool-file.js';

/** Bounds what waits in memory and on disk: reading pauses while too much of it waits to be loaded. */
export class SpoolBudget {
  readonly files = new SpoolFiles();
  readonly #maxDiskBytes: number;
  #waitingBytes = 0;
  #wake: (() => void) | undefined;

  constructor(maxDiskBytes: number) {
    this.#maxDiskBytes = maxDiskBytes;
  }

  /** Files of a cut that waits to be loaded. They count until they are released. */
  async hold(files: readonly Promise<ClosedFile>[]): Promise<void> {
    for (const file of files) {
      try {
        this.#waitingBytes += (await file).bytes;
      } catch {
        // The load that needs the file says what is wrong with it.
      }
    }
  }

  async release(files: readonly Promise<ClosedFile>[]): Promise<void> {
    for (const file of files) this.#waitingBytes -= (await file).bytes;
    this.#wake?.();
  }

  /** Resolves when reading may continue. @throws SpoolError when a file could not be written */
  async ready(): Promise<void> {
    for (const file of this.files.open) await file.drained();
    // Only what waits to be loaded can become less; the cut that is being read cannot, so it is not counted.
    while (this.#waitingBytes > this.#maxDiskBytes) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Gives up the files that are being written. */
  async discard(): Promise<void> {
    await Promise.all([...this.files.open].map((file) => file.discard()));
    this.#wake?.();
  }
}
