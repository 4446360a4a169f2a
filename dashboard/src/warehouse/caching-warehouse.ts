import type { Row, Statement, Warehouse } from './warehouse.js';

const MAX_ENTRIES = 500;

/**
 * Answers a statement that was asked less than `ttlMs` ago from memory, and lets callers that ask the same at the same time share one
 * answer. Failures are not kept. Streams pass through.
 */
export class CachingWarehouse implements Warehouse {
  readonly #entries = new Map<string, { readonly rows: Promise<readonly Row[]>; readonly expiresAt: number }>();

  constructor(
    private readonly warehouse: Warehouse,
    private readonly options: { readonly ttlMs: number; readonly now: () => number },
  ) {}

  rows(statement: Statement): Promise<readonly Row[]> {
    const key = JSON.stringify([statement.sql, statement.binds]);
    const known = this.#entries.get(key);
    if (known && known.expiresAt > this.options.now()) return known.rows;
    const rows = this.warehouse.rows(statement);
    this.#entries.delete(key);
    this.#entries.set(key, { rows, expiresAt: this.options.now() + this.options.ttlMs });
    rows.catch(() => {
      if (this.#entries.get(key)?.rows === rows) this.#entries.delete(key);
    });
    // A Map keeps the order of insertion: the first key is the oldest.
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ENTRIES) break;
      this.#entries.delete(oldest);
    }
    return rows;
  }

  stream(statement: Statement): AsyncIterable<Row> {
    return this.warehouse.stream(statement);
  }

  close(): Promise<void> {
    return this.warehouse.close();
  }
}
