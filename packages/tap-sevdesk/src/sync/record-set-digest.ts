import { createHash } from 'node:crypto';

/**
 * A digest of a set of texts that does not depend on their order: the sum of their hashes.
 * Two listings with the same digest hold the same texts.
 */
export class RecordSetDigest {
  readonly #sum = new Uint32Array(4);
  #count = 0;

  add(text: string | Buffer): void {
    const hash = createHash('sha256').update(text).digest();
    for (let lane = 0; lane < 4; lane += 1)
      this.#sum[lane] = ((this.#sum[lane] ?? 0) + hash.readUInt32LE(lane * 4)) >>> 0;
    this.#count += 1;
  }

  toString(): string {
    return `${this.#count}:${[...this.#sum].map((lane) => lane.toString(16).padStart(8, '0')).join('')}`;
  }
}
