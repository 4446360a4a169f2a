/** At most this many names are remembered; a record may be a map with any number of names. */
const MAX_NAMES = 50;

/** Counts properties that records have and their schema does not. */
export class ExtraProperties {
  readonly #known: ReadonlySet<string>;
  readonly #counts = new Map<string, number>();
  /** The names of the last record, in order: records of a stream mostly have the same. */
  #last: readonly string[] = [];
  #extra: readonly string[] = [];

  constructor(known: Iterable<string>) {
    this.#known = new Set(known);
  }

  see(record: object): void {
    if (!this.#isLast(record)) {
      this.#last = Object.keys(record);
      this.#extra = this.#last.filter((name) => !this.#known.has(name));
    }
    for (const name of this.#extra) {
      const count = this.#counts.get(name) ?? 0;
      if (count > 0 || this.#counts.size < MAX_NAMES) this.#counts.set(name, count + 1);
    }
  }

  /** How many records had which property. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Without a list of its own for each record: parsed JSON inherits no properties that are listed. */
  #isLast(record: object): boolean {
    const last = this.#last;
    let at = 0;
    for (const name in record) {
      if (name !== last[at]) return false;
      at += 1;
    }
    return at === last.length;
  }
}
