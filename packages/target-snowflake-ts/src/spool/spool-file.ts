import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { SpoolError } from './spool-error.js';

/** Lines are gathered up to this size before they go to the compressor: fewer, larger steps. */
const BLOCK_BYTES = 512 * 1024;
/** Compression costs more CPU than all else here; the fastest level gives files a fifth larger. */
const LEVEL = constants.Z_BEST_SPEED;

/** A file that is closed. */
export interface ClosedFile {
  path: string;
  /** Compressed size. */
  bytes: number;
}

/**
 * A gzip file that lines are appended to. Appending never waits; {@link backlog} tells how far the disk is behind.
 *
 * Its life: a sink opens it in the run's spool directory when a stream's first record comes (`sink.ts`), appends each record as it came,
 * and closes it at `file_size_bytes` or when the cut is sealed. It is uploaded to the stage, copied into a temporary table by name
 * (`load/stage-rows.ts`) and merged. It is kept until COMMIT is known, so that a step that fails is done anew from it; then it is deleted
 * here and on the stage (`target.ts`). A process that ends takes its directory along; what a killed one left, the next one removes
 * (`spool-directory.ts`).
 */
export class SpoolFile {
  readonly #gzip = createGzip({ level: LEVEL, chunkSize: 128 * 1024, memLevel: 9 });
  readonly #written: Promise<ClosedFile>;
  readonly #output;
  /** Blocks that the compressor is done with, to be filled again. */
  readonly #free: Buffer[] = [];
  #block: Buffer = Buffer.allocUnsafe(BLOCK_BYTES);
  #used = 0;
  #backlog = 0;
  #failure: SpoolError | undefined;
  #wake: (() => void) | undefined;

  constructor(readonly path: string) {
    this.#output = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: 1024 * 1024 });
    this.#written = pipeline(this.#gzip, this.#output).then(
      () => ({ path, bytes: this.#output.bytesWritten }),
      (error: unknown) => {
        this.#failure = new SpoolError({ message: describe(path, error), cause: error });
        this.#wake?.();
        throw this.#failure;
      },
    );
    this.#written.catch(() => undefined);
  }

  /** Bytes appended that the compressor has not taken yet. */
  get backlog(): number {
    return this.#backlog;
  }

  /** Compressed bytes on disk so far. */
  get bytesWritten(): number {
    return this.#output.bytesWritten;
  }

  /** Appends a line: `head`, which must be ASCII, the bytes `source[start, end)`, and what closes the line. */
  append(head: string, source: Buffer, start: number, end: number): void {
    const length = head.length + (end - start) + 2;
    if (this.#used + length > this.#block.length) this.#flush(length);
    this.#used += this.#block.write(head, this.#used, 'latin1');
    this.#used += source.copy(this.#block, this.#used, start, end);
    this.#block[this.#used] = 0x7d;
    this.#block[this.#used + 1] = 0x0a;
    this.#used += 2;
  }

  /** Resolves when the compressor has caught up to within `maxBacklog` bytes. @throws {SpoolError} when writing failed */
  async drained(maxBacklog: number): Promise<void> {
    while (this.#backlog > maxBacklog && !this.#failure) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.throwIfFailed();
  }

  throwIfFailed(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Ends the file; resolves when all of it is on disk. @throws {SpoolError} */
  close(): Promise<ClosedFile> {
    this.#flush(0);
    this.#gzip.end();
    return this.#written;
  }

  /** Gives the file up; resolves when nothing more is written to it. */
  async discard(): Promise<void> {
    this.#gzip.destroy();
    this.#output.destroy();
    if (!this.#output.closed) await new Promise<void>((resolve) => this.#output.once('close', () => resolve()));
  }

  #flush(next: number): void {
    if (this.#used > 0) {
      const block = this.#block;
      const used = this.#used;
      this.#backlog += used;
      this.#gzip.write(block.subarray(0, used), () => {
        this.#backlog -= used;
        if (block.length === BLOCK_BYTES) this.#free.push(block);
        this.#wake?.();
      });
    }
    if (next > 0)
      this.#block =
        (next <= BLOCK_BYTES ? this.#free.pop() : undefined) ?? Buffer.allocUnsafe(Math.max(BLOCK_BYTES, next));
    this.#used = 0;
  }
}

function describe(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code);
  return `${path.slice(0, path.lastIndexOf('/'))}: ${full ? `the disk is full (${code})` : `cannot be written (${code})`}; make room or set "spool_directory" to another disk`;
}
