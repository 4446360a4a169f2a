import { createHash } from 'node:crypto';

const LANES = 4;

/**
 * A digest of a set of texts that does not depend on their order: the sum of their hashes, and their number.
 * Two sets with the same digest hold the same texts.
 */
export class SetDigest {
  readonly #sum = new Uint32Array(LANES);
  #count = 0;

  /** @param text what {@link toString} gave, to go on from there */
  constructor(text?: string) {
    const [count, sum] = /^(\d+):([0-9a-f]{32})$/.exec(text ?? '')?.slice(1) ?? [];
    if (count === undefined || sum === undefined) return;
    this.#count = Number(count);
    for (let lane = 0; lane < LANES; lane += 1) this.#sum[lane] = parseInt(sum.slice(lane * 8, lane * 8 + 8), 16);
  }

  get count(): number {
    return this.#count;
  }

  add(text: string | Buffer): void {
    const hash = createHash('sha256').update(text).digest();
    for (let lane = 0; lane < LANES; lane += 1)
      this.#sum[lane] = ((this.#sum[lane] ?? 0) + hash.readUInt32LE(lane * 4)) >>> 0;
    this.#count += 1;
  }

  toString(): string {
    return `${this.#count}:${[...this.#sum].map((lane) => lane.toString(16).padStart(8, '0')).join('')}`;
  }
}
