/** So many different names are remembered; a record may be a map with names without end. */
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
    const names = Object.keys(record);
    if (!this.#isLast(names)) {
      this.#last = names;
      this.#extra = names.filter((name) => !this.#known.has(name));
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

  #isLast(names: readonly string[]): boolean {
    const last = this.#last;
    if (names.length !== last.length) return false;
    for (let i = 0; i < names.length; i += 1) if (names[i] !== last[i]) return false;
    return true;
  }
}
