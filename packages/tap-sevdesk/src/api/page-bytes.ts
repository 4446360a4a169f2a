import type { BufferPool } from './buffer-pool.js';

/** How much larger than the answer its records may be together; the names of flattened references make them grow a little. */
const GROWTH = 1.25;

/**
 * An answer and, behind it in the same buffer, what is made of it. Copying within one buffer needs no view of either side,
 * of which a page would take tens of thousands.
 */
export class PageBytes {
  /** The answer, a zero that no JSON text can hold, and what was written. */
  readonly bytes: Buffer;
  /** Where the answer ends. */
  readonly end: number;
  /** Where the next byte is written. */
  length: number;
  /** Whether there was no more room; what was written since is not all there. */
  full = false;

  constructor(body: Buffer, pool: BufferPool) {
    this.bytes = pool.take(body.length + 1 + Math.ceil(body.length * GROWTH) + 1024);
    body.copy(this.bytes);
    this.end = body.length;
    // A scan that runs over the end of a cut answer must not continue into what is written behind it.
    this.bytes[this.end] = 0;
    this.length = this.end + 1;
  }

  byte(byte: number): void {
    this.bytes[this.length] = byte;
    this.length += 1;
    this.full ||= this.length > this.bytes.length;
  }

  /** Appends a part of the answer. */
  copy(start: number, end: number): void {
    this.bytes.copyWithin(this.length, start, end);
    this.length += end - start;
    this.full ||= this.length > this.bytes.length;
  }

  /** Appends a short text. */
  append(text: Buffer): void {
    // For a few bytes a loop is faster than a call.
    for (let i = 0; i < text.length; i += 1) this.bytes[this.length + i] = text[i] ?? 0;
    this.length += text.length;
    this.full ||= this.length > this.bytes.length;
  }
}
