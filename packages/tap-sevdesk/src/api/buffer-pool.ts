/** Buffers that lie ready; more than this are left to the garbage collector. */
const MAX_BUFFERS = 24;

/**
 * Lends large buffers and takes them back, so that reading page after page makes no garbage: memory outside the heap
 * makes the collector run far more often than its work is worth.
 */
export class BufferPool {
  readonly #free: Buffer[] = [];

  /** A buffer of at least this size, with anything in it. */
  take(size: number): Buffer {
    const index = this.#free.findIndex(({ length }) => length >= size);
    const [buffer] = index < 0 ? [] : this.#free.splice(index, 1);
    // Pages differ a little in size; with some room to spare the next one fits too.
    return buffer ?? Buffer.allocUnsafeSlow(Math.ceil(size * 1.1));
  }

  /** Takes a buffer back. Nobody may look into it any more. */
  give(buffer: Buffer): void {
    if (this.#free.length < MAX_BUFFERS) this.#free.push(buffer);
  }
}
