/** One call as it was answered; queries are kept since they hold filters, headers are not. */
export interface CallLogEntry {
  readonly path: string;
  readonly query: string;
  /** 0 when the connection was broken on purpose. */
  readonly status: number;
  readonly records: number;
  readonly fault?: string;
}

const LOG_LENGTH = 20_000;

/** Counts what the API was asked for; admin calls are not counted. */
export class Stats {
  #calls = 0;
  #records = 0;
  #byPath = new Map<string, { calls: number; records: number }>();
  #byStatus = new Map<string, number>();
  #log: CallLogEntry[] = [];

  add(entry: CallLogEntry): void {
    this.#calls += 1;
    this.#records += entry.records;
    const path = this.#byPath.get(entry.path) ?? { calls: 0, records: 0 };
    this.#byPath.set(entry.path, { calls: path.calls + 1, records: path.records + entry.records });
    const status = String(entry.status);
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1);
    this.#log.push(entry);
    if (this.#log.length > LOG_LENGTH * 1.5) this.#log = this.#log.slice(-LOG_LENGTH);
  }

  reset(): void {
    this.#calls = 0;
    this.#records = 0;
    this.#byPath.clear();
    this.#byStatus.clear();
    this.#log = [];
  }

  report() {
    return {
      calls: this.#calls,
      records: this.#records,
      byPath: Object.fromEntries(this.#byPath),
      byStatus: Object.fromEntries(this.#byStatus),
      log: this.#log.slice(-LOG_LENGTH),
    };
  }
}
