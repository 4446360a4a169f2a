import { createHash } from 'node:crypto';

const LANES = 4;
/** Texts are told apart by trying all choices of at most so many … */
const MOST_CHOSEN = 2;
/** … out of at most so many. */
const MOST_TEXTS = 500;

/**
 * A digest of a set of texts that does not depend on their order: the sum of their hashes, and their number.
 * Two sets with the same digest hold the same texts.
 */
export class SetDigest {
  readonly #sum = new Uint32Array(LANES);
  #count = 0;

  /** @param text what {@link toString} gave, to continue from there */
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
    const hash = hashOf(text);
    for (let lane = 0; lane < LANES; lane += 1) this.#sum[lane] = (this.#sum[lane] ?? 0) + hash.readUInt32LE(lane * 4);
    this.#count += 1;
  }

  /**
   * Whether this is the set of another digest with some of these texts added. Looked for only where few of them need to be
   * tried; false where that would take long, as where it is not so.
   */
  isWith(other: SetDigest, texts: readonly string[]): boolean {
    const added = this.#count - other.#count;
    if (added === 0) return this.toString() === other.toString();
    const surplus = texts.length - added;
    if (added < 0 || surplus < 0 || Math.min(added, surplus) > MOST_CHOSEN || texts.length > MOST_TEXTS) return false;
    const wanted = this.#sum.map((lane, i) => lane - (other.#sum[i] ?? 0));
    const sums = texts.map(sumOf);
    if (added <= surplus) return someAddUpTo(sums, added, wanted);
    const all = sums.reduce((total, sum) => total.map((lane, i) => lane + (sum[i] ?? 0)), new Uint32Array(LANES));
    return someAddUpTo(
      sums,
      surplus,
      all.map((lane, i) => lane - (wanted[i] ?? 0)),
    );
  }

  toString(): string {
    return `${this.#count}:${[...this.#sum].map((lane) => lane.toString(16).padStart(8, '0')).join('')}`;
  }
}

const hashOf = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest();

function sumOf(text: string): Uint32Array {
  const hash = hashOf(text);
  return Uint32Array.from({ length: LANES }, (_, lane) => hash.readUInt32LE(lane * 4));
}

/** Whether so many of the sums, each taken once at most, add up to one. */
function someAddUpTo(sums: readonly Uint32Array[], count: number, wanted: Uint32Array): boolean {
  if (count === 0) return wanted.every((lane) => lane === 0);
  return sums.some((sum, i) =>
    someAddUpTo(
      sums.slice(i + 1),
      count - 1,
      wanted.map((lane, at) => lane - (sum[at] ?? 0)),
    ),
  );
}
