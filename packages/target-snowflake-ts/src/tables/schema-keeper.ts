import { quoteSchema, quoteTable, type Session, type TableName } from '@singer-io-ts/snowflake-session';
import { createLedger, createLocks, ensureLock } from '../sql/ledger.js';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { TableKeeper } from './table-keeper.js';
import type { LoadColumn } from '../plan/table.js';

/** Makes everything ready that a cut's transaction needs in the schemas it touches, once per stream's SCHEMA. */
export class SchemaKeeper {
  readonly #columns = new Map<StreamPlan, Map<string, LoadColumn>>();
  /** Tables whose lock exists, and schemas whose ledger does. */
  readonly #made = new Set<string>();

  constructor(
    private readonly tables: TableKeeper,
    private readonly ledger: boolean,
  ) {}

  /** Makes or changes the tables of streams; resolves to their columns by wanted name. */
  async prepare(session: Session, plans: readonly StreamPlan[]): Promise<Map<StreamPlan, Map<string, LoadColumn>>> {
    const fresh = plans.filter((plan) => !this.#columns.has(plan));
    for (const plan of fresh) {
      this.#columns.set(plan, await this.tables.prepare(session, plan));
      await this.#prepareSchema(session, plan.table);
    }
    // A later SCHEMA of the same stream may have changed the table under an earlier one.
    const changed = new Set(fresh.map(({ table }) => quoteTable(table)));
    for (const plan of plans) {
      if (changed.has(quoteTable(plan.table)) && plans.filter(({ stream }) => stream === plan.stream).length > 1) {
        this.#columns.set(plan, await this.tables.prepare(session, plan));
      }
    }
    return this.#columns;
  }

  /** After another process changed a table: look again. */
  forget(): void {
    this.#columns.clear();
  }

  async #prepareSchema(session: Session, table: TableName): Promise<void> {
    const schema = quoteSchema(table);
    if (!this.#made.has(schema)) {
      await session.run(createLocks(table));
      if (this.ledger) await session.run(createLedger(table));
      this.#made.add(schema);
    }
    const name = quoteTable(table);
    if (this.#made.has(name)) return;
    await session.run(ensureLock(table));
    this.#made.add(name);
  }
}
