import type { FileLimits, SpoolFile } from './spool-file.js';

/** Files that are being compressed at a time: each holds a file handle and some memory of the compressor. */
const MAX_OPEN = 48;
/** Bytes of all streams together that wait in memory before they are written. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;
/** Files that are written at once when many streams are closed together. */
const WRITERS = 16;

/**
 * Bounds what thousands of streams hold at a time. A stream with few records stays in memory until its cut; one with many has its file open.
 * When there is too much of either, the oldest open file or the fullest buffer is closed, and its stream continues in another one.
 */
export class SpoolFiles implements FileLimits {
  readonly #open = new Map<SpoolFile, () => void>();
  readonly #buffering = new Map<SpoolFile, { bytes: number; end: () => void }>();
  readonly #writers: Promise<unknown>[] = [];
  #buffered = 0;
  #next = 0;

  /** Files that are being written. */
  get open(): Iterable<SpoolFile> {
    return this.#open.keys();
  }

  /** A file's buffer has grown. @param end ends the file, on which its stream takes another one */
  grew(file: SpoolFile, bytes: number, end: () => void): void {
    this.#buffered += bytes - (this.#buffering.get(file)?.bytes ?? 0);
    this.#buffering.set(file, { bytes, end });
    while (this.#buffered > MAX_BUFFERED_BYTES) {
      let fullest = { bytes: 0, end: (): void => undefined };
      // The file itself is in the middle of a line.
      for (const [other, one] of this.#buffering) if (other !== file && one.bytes > fullest.bytes) fullest = one;
      if (fullest.bytes === 0) return;
      fullest.end();
    }
  }

  /** A file is to be opened. */
  opening(file: SpoolFile, end: () => void): void {
    this.#forget(file);
    for (const [oldest, endOldest] of this.#open) {
      if (this.#open.size < MAX_OPEN) break;
      this.#open.delete(oldest);
      endOldest();
    }
    this.#open.set(file, end);
  }

  /** A file is closed. */
  closed(file: SpoolFile): void {
    this.#forget(file);
    this.#open.delete(file);
  }

  /** Writes a whole file when its turn has come. */
  write<T>(act: () => Promise<T>): Promise<T> {
    const lane = this.#next++ % WRITERS;
    const done = (this.#writers[lane] ?? Promise.resolve()).then(act);
    this.#writers[lane] = done.catch(() => undefined);
    return done;
  }

  #forget(file: SpoolFile): void {
    this.#buffered -= this.#buffering.get(file)?.bytes ?? 0;
    this.#buffering.delete(file);
  }
}
