import { createHash } from 'node:crypto';
import type { Row } from '../api/page.js';

/** Four bytes of a sum a bucket: at most about 5 kB of text for a stream. */
const MAX_BUCKETS = 1024;
const MIN_BUCKETS = 16;

/**
 * What objects without a date of change looked like, in little space: each falls by its id into one of some buckets, and
 * of each bucket the sum of its objects' hashes is kept. Objects of a bucket whose sum is another have to be written again.
 */
export class ContentBuckets {
  readonly #sums: Uint32Array;

  private constructor(sums: Uint32Array) {
    this.#sums = sums;
  }

  /** Empty ones, about one for each two objects. */
  static forObjects(count: number): ContentBuckets {
    const size = 2 ** Math.ceil(Math.log2(Math.max(1, count / 2)));
    return new ContentBuckets(new Uint32Array(Math.min(MAX_BUCKETS, Math.max(MIN_BUCKETS, size))));
  }

  /** As a bookmark holds them; undefined for anything else. */
  static parse(text: unknown): ContentBuckets | undefined {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'base64') : undefined;
    if (!bytes || bytes.length % 4 !== 0 || bytes.length < 4 * MIN_BUCKETS || bytes.length > 4 * MAX_BUCKETS)
      return undefined;
    return new ContentBuckets(Uint32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(i * 4)));
  }

  /** Empty ones, as many as here. */
  emptied(): ContentBuckets {
    return new ContentBuckets(new Uint32Array(this.#sums.length));
  }

  add({ id, buffer, start, end }: Row): void {
    const hash = createHash('sha256').update(id).update('\0').update(buffer.subarray(start, end)).digest();
    const bucket = this.#bucketOf(id);
    this.#sums[bucket] = ((this.#sums[bucket] ?? 0) + hash.readUInt32LE(0)) >>> 0;
  }

  /** Whether the bucket of an object has another sum than there. */
  differs(id: string, other: ContentBuckets): boolean {
    const bucket = this.#bucketOf(id);
    return this.#sums[bucket] !== other.#sums[bucket];
  }

  toString(): string {
    const bytes = Buffer.alloc(this.#sums.length * 4);
    this.#sums.forEach((sum, i) => bytes.writeUInt32LE(sum, i * 4));
    return bytes.toString('base64');
  }

  /** Ids are numbers that were given one after the other, so their last digits spread best. */
  #bucketOf(id: string): number {
    const number = Number(id);
    const spread =
      Number.isSafeInteger(number) && number >= 0 ? number : createHash('sha256').update(id).digest().readUInt32LE(0);
    return spread % this.#sums.length;
  }
}
