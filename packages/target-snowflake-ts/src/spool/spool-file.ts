import { createWriteStream, type WriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GZIP, type Compression } from './compression.js';
import { SpoolError } from './spool-error.js';

/** Lines are gathered up to this size before they go to the compressor: fewer, larger steps. */
const BLOCK_BYTES = 512 * 1024;
/** Bytes that the compressor may be behind before reading waits for it. */
const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;
/** What a stream begins with, so that thousands of them with few records take little memory. */
const FIRST_BLOCK_BYTES = 4 * 1024;

/** A file that is closed. */
export interface ClosedFile {
  path: string;
  /** Compressed size. */
  bytes: number;
  /** Size of its lines. */
  lineBytes: number;
}

/** A file that is being written. */
interface OpenFile {
  compressor: Transform;
  output: WriteStream;
  written: Promise<ClosedFile>;
}

/** What bounds the files of all streams together; see `spool-files.ts`. */
export interface FileLimits {
  grew(file: SpoolFile, bytes: number, end: () => void): void;
  opening(file: SpoolFile, end: () => void): void;
  closed(file: SpoolFile): void;
  write<T>(act: () => Promise<T>): Promise<T>;
}

/**
 * A compressed file that lines are appended to. Appending never waits; {@link backlog} tells how far the disk is behind. The file is opened when
 * there is more than one block of it, and written at once when it is closed before.
 *
 * Its life: a sink makes it in the run's spool directory when a stream's first record comes (`record-files.ts`), appends each record, and
 * closes it at `file_size_bytes`, when too many are open or when the cut is sealed. It is uploaded to the stage, copied into a temporary
 * table by name (`load/stage-rows.ts`) and merged. It is kept until COMMIT is known, so that a step that fails is done again from it; then it
 * is deleted here and on the stage (`target.ts`). A process that ends takes its directory along; what a killed one left, the next one
 * removes (`spool-directory.ts`).
 */
export class SpoolFile {
  #open: OpenFile | undefined;
  /** Blocks that the compressor is done with, to be filled again. */
  readonly #free: Buffer[] = [];
  #block: Buffer = Buffer.allocUnsafe(FIRST_BLOCK_BYTES);
  #used = 0;
  #flushed = 0;
  #backlog = 0;
  #failure: SpoolError | undefined;
  #wake: (() => void) | undefined;

  /** @param end ends the file when there are too many: its stream continues in another one */
  constructor(
    readonly path: string,
    private readonly files: FileLimits,
    private readonly end: () => void,
    private readonly compression: Compression = GZIP,
  ) {}

  /** Bytes appended that the compressor has not taken yet. */
  get backlog(): number {
    return this.#backlog;
  }

  /** Compressed bytes on disk so far. */
  get bytesWritten(): number {
    return this.#open?.output.bytesWritten ?? 0;
  }

  /** Appends a line: `head`, which must be ASCII, the bytes `source[start, end)`, and what closes the line. */
  append(head: string, source: Buffer, start: number, end: number): void {
    const length = head.length + (end - start) + 2;
    if (this.#used + length > this.#block.length) this.#makeRoom(length);
    this.#used += this.#block.write(head, this.#used, 'latin1');
    this.#used += source.copy(this.#block, this.#used, start, end);
    this.#block[this.#used] = 0x7d;
    this.#block[this.#used + 1] = 0x0a;
    this.#used += 2;
  }

  /** Resolves when the compressor has caught up to within {@link MAX_BACKLOG_BYTES}. @throws {SpoolError} when writing failed */
  async drained(): Promise<void> {
    while (this.#backlog > MAX_BACKLOG_BYTES && !this.#failure)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    this.throwIfFailed();
  }

  throwIfFailed(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Ends the file; resolves when all of it is on disk. @throws {SpoolError} */
  close(): Promise<ClosedFile> {
    this.files.closed(this);
    const open = this.#open;
    if (!open) return this.files.write(() => this.#writeWhole(this.#block.subarray(0, this.#used)));
    this.#flush(open);
    open.compressor.end();
    return open.written;
  }

  /** Gives the file up; resolves when nothing more is written to it. */
  async discard(): Promise<void> {
    this.files.closed(this);
    const output = this.#open?.output;
    this.#open?.compressor.destroy();
    output?.destroy();
    if (output && !output.closed) await new Promise<void>((resolve) => output.once('close', () => resolve()));
  }

  #makeRoom(length: number): void {
    const wanted = this.#used + length;
    if (!this.#open && wanted <= BLOCK_BYTES) return this.#grow(wanted);
    this.#open ??= this.#start();
    this.#flush(this.#open);
    this.#block =
      (length <= BLOCK_BYTES ? this.#free.pop() : undefined) ?? Buffer.allocUnsafe(Math.max(BLOCK_BYTES, length));
  }

  #grow(wanted: number): void {
    const larger = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, Math.max(wanted, this.#block.length * 4)));
    this.#block.copy(larger, 0, 0, this.#used);
    this.#block = larger;
    this.files.grew(this, larger.length, this.end);
  }

  #start(): OpenFile {
    this.files.opening(this, this.end);
    const compressor = this.compression.compressor();
    const output = createWriteStream(this.path, { flags: 'wx', mode: 0o600, highWaterMark: 1024 * 1024 });
    const written = pipeline(compressor, output).then(
      () => ({ path: this.path, bytes: output.bytesWritten, lineBytes: this.#flushed }),
      (error: unknown) => {
        this.#failure = new SpoolError({ message: describe(this.path, error), cause: error });
        this.#wake?.();
        throw this.#failure;
      },
    );
    written.catch(() => undefined);
    return { compressor, output, written };
  }

  async #writeWhole(lines: Buffer): Promise<ClosedFile> {
    try {
      const compressed = await this.compression.compress(lines);
      await writeFile(this.path, compressed, { flag: 'wx', mode: 0o600 });
      return { path: this.path, bytes: compressed.length, lineBytes: lines.length };
    } catch (error) {
      throw new SpoolError({ message: describe(this.path, error), cause: error });
    }
  }

  #flush({ compressor }: OpenFile): void {
    const block = this.#block;
    const used = this.#used;
    if (used > 0) {
      this.#backlog += used;
      this.#flushed += used;
      compressor.write(block.subarray(0, used), () => {
        this.#backlog -= used;
        if (block.length === BLOCK_BYTES) this.#free.push(block);
        this.#wake?.();
      });
    }
    this.#used = 0;
  }
}

function describe(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  const folder = path.slice(0, path.lastIndexOf('/'));
  if (code === 'EMFILE' || code === 'ENFILE')
    return `${folder}: too many files are open (${code}); raise the limit (ulimit -n)`;
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code);
  return `${folder}: ${full ? `the disk is full (${code})` : `cannot be written (${code})`}; make room or set "spool_directory" to another disk`;
}
