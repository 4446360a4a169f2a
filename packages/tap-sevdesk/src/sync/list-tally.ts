import type { Instant } from '../api/instant.js';
import type { Row } from '../api/page.js';
import type { ContentBuckets } from './content-buckets.js';
import { SetDigest } from './set-digest.js';

const DAY = 86_400;

/** What is remembered of a list, so that the next run can tell what is new, changed or gone. */
export class ListTally {
  /** Objects made up to {@link until}; those that were made later may or may not have been seen. */
  readonly ids: SetDigest;
  /** Objects without a date of change, by their content. */
  readonly content: ContentBuckets;
  /** Objects changed lately, which are not to be written again: id to `update`. */
  readonly recent = new Map<string, Instant>();
  readonly #days = new Map<number, number>();
  #undated = 0;

  /**
   * @param until the end of the time for which the tally is complete
   * @param since changes from here on are remembered one by one
   */
  constructor(
    readonly until: Instant,
    private readonly since: Instant,
    { content, ids }: { content: ContentBuckets; ids?: string | undefined },
  ) {
    this.content = content;
    this.ids = new SetDigest(ids);
  }

  add(row: Row): void {
    this.addId(row);
    if (row.updated === undefined) {
      this.content.add(row);
      this.#undated += 1;
    } else if (row.updated >= this.since) this.recent.set(row.id, row.updated);
    if (row.dated !== undefined) {
      const day = Math.floor(row.dated / DAY);
      this.#days.set(day, (this.#days.get(day) ?? 0) + 1);
    }
  }

  addId({ id, created }: Row): void {
    if (created === undefined || created <= this.until) this.ids.add(id);
  }

  /** The content of objects without a date of change; undefined where there are none. */
  get contentText(): string | undefined {
    return this.#undated === 0 ? undefined : this.content.toString();
  }

  /** The first day from which on there are at most so many objects, by their own date; undefined where none has one. */
  dayOfLast(count: number): Instant | undefined {
    let left = count;
    let first: number | undefined;
    for (const [day, objects] of [...this.#days].sort(([a], [b]) => b - a)) {
      if ((left -= objects) < 0) break;
      first = day;
    }
    return first === undefined ? undefined : first * DAY;
  }
}
