import { isUtf8 } from 'node:buffer';
import { ProtocolError } from '../errors/protocol-error.js';

const NEWLINE = 0x0a;

export interface LineSplitterOptions {
  /** Called for each line that is not blank, in order. */
  onLine: (buffer: Buffer, start: number, end: number, line: number) => void;
  /** The longest line that is taken, in bytes. */
  maxLineBytes: number;
}

/**
 * Cuts chunks of bytes into lines without copying them, and refuses what is not UTF-8.
 * A line that spans chunks is joined once, however many it spans.
 */
export class LineSplitter {
  readonly #onLine: LineSplitterOptions['onLine'];
  readonly #maxLineBytes: number;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #line = 0;

  constructor({ onLine, maxLineBytes }: LineSplitterOptions) {
    this.#onLine = onLine;
    this.#maxLineBytes = maxLineBytes;
  }

  /** The number of lines handed on so far, blank ones included. */
  get lines(): number {
    return this.#line;
  }

  /** Whether the input so far ends in the middle of a line. */
  get inLine(): boolean {
    return this.#partBytes > 0;
  }

  /** What came after the last newline, as text. */
  get rest(): string {
    return Buffer.concat(this.#parts, this.#partBytes).toString();
  }

  push(chunk: Buffer): void {
    let start = 0;
    let newline = chunk.indexOf(NEWLINE);
    if (this.#partBytes > 0) {
      if (newline === -1) return this.#keep(chunk);
      this.#keep(chunk.subarray(0, newline));
      this.#emitParts();
      start = newline + 1;
      newline = chunk.indexOf(NEWLINE, start);
    }
    const last = newline === -1 ? -1 : chunk.lastIndexOf(NEWLINE);
    const clean = last === -1 || isUtf8(chunk.subarray(start, last));
    while (newline !== -1) {
      this.#emit(chunk, start, newline, clean);
      start = newline + 1;
      newline = chunk.indexOf(NEWLINE, start);
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** Hands on a last line that has no newline. */
  end(): void {
    if (this.#partBytes > 0) this.#emitParts();
  }

  #keep(part: Buffer): void {
    this.#partBytes += part.length;
    if (this.#partBytes > this.#maxLineBytes) this.#refuseLength(this.#line + 1, this.#partBytes);
    this.#parts.push(part);
  }

  #emitParts(): void {
    const [first = Buffer.alloc(0)] = this.#parts;
    const joined = this.#parts.length === 1 ? first : Buffer.concat(this.#parts, this.#partBytes);
    this.#parts = [];
    this.#partBytes = 0;
    this.#emit(joined, 0, joined.length, isUtf8(joined));
  }

  #emit(buffer: Buffer, start: number, end: number, clean: boolean): void {
    this.#line += 1;
    if (end - start > this.#maxLineBytes) this.#refuseLength(this.#line, end - start);
    if (!clean && !isUtf8(buffer.subarray(start, end))) {
      throw new ProtocolError({
        message: `line ${String(this.#line)} is not valid UTF-8; Singer messages are JSON in UTF-8`,
        line: this.#line,
      });
    }
    // Files written on Windows may begin with a byte order mark.
    const from = this.#line === 1 && hasByteOrderMark(buffer, start, end) ? start + 3 : start;
    if (isBlank(buffer, from, end)) return;
    this.#onLine(buffer, from, end, this.#line);
  }

  #refuseLength(line: number, bytes: number): never {
    throw new ProtocolError({
      message: `line ${String(line)} is longer than ${String(this.#maxLineBytes)} bytes (${String(bytes)} so far), the maximum`,
      line,
    });
  }
}

function hasByteOrderMark(buffer: Buffer, start: number, end: number): boolean {
  return end - start >= 3 && buffer[start] === 0xef && buffer[start + 1] === 0xbb && buffer[start + 2] === 0xbf;
}

function isBlank(buffer: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) {
    const byte = buffer[i];
    if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) return false;
  }
  return true;
}
