import type { CompanySources } from '../company/company.js';
import { listSource } from './record-source.js';
import { ENDPOINTS } from './endpoints.js';
import { JsonBudget, Table } from './table.js';

/** Serialised records kept in memory: all of a company with 250,000 invoices. */
const JSON_BYTES = 600 * 1024 * 1024;

/** All tables of the company; an endpoint without records has an empty one. */
export class Database {
  readonly #tables: ReadonlyMap<string, Table>;

  constructor(sources: CompanySources) {
    const budget = new JsonBudget(JSON_BYTES);
    this.#tables = new Map(
      Object.keys(ENDPOINTS).map((endpoint) => [
        endpoint,
        new Table(endpoint, sources[endpoint] ?? listSource([]), budget),
      ]),
    );
  }

  /** The table of an endpoint; undefined when the service has no such endpoint. */
  table(endpoint: string): Table | undefined {
    return this.#tables.get(endpoint);
  }

  get tables(): Iterable<Table> {
    return this.#tables.values();
  }
}
