import { SchemaConflictError } from '@singer-io-ts/sdk';
import { lookUpTables, withDigits, type CatalogTable } from './catalog.js';
import type { EvolutionPlan } from './evolution.js';
import { MissingObjectError, quoteTable, type SchemaName, type Session } from '@singer-io-ts/snowflake-session';
import { createSchema } from '../sql/ddl.js';
import { createLedger, LEDGER_COLUMNS, LEDGER_TABLE } from '../sql/ledger.js';
import { createMemory, MEMORY_COLUMNS, MEMORY_TABLE } from '../sql/table-memory.js';
import type { StreamPlan } from '../plan/stream-plan.js';
import { isInSchema, tablesBySchema } from '../plan/tables-by-schema.js';
import { refuseClustered } from './refuse-clustered.js';
import { refuseCollated } from './refuse-collated.js';
import { refuseForeign, refuseNotLoadable, type OwnTable } from './refuse-foreign.js';
import type { TableKeeper } from './table-keeper.js';
import { TableMemory, type RememberedColumn, type RememberedTable } from './table-memory.js';
import type { LoadColumn } from '../plan/table.js';
import { changingTypesOf, type ChangingType } from '../values/changing-type.js';

export interface SchemaKeeperOptions {
  tables: TableKeeper;
  /** Whether the load ledger is kept. */
  ledger: boolean;
  /** How many tables are made or changed at a time. */
  parallelism: number;
}

/** Which types of column would change values of a stream that are about to be loaded, by wanted name. */
export type ChangingColumns = ReadonlyMap<StreamPlan, ReadonlyMap<string, ReadonlySet<ChangingType>>>;

/** A conversion frees the way for what it replaced; more rounds than this would mean that another process changes the table, too. */
const MAX_ROUNDS = 6;

/**
 * Knows the tables of the schemas that a run loads into, and makes everything ready that a cut's transaction needs there. Tables are looked
 * up together, a statement per schema, and again only when they were changed.
 */
export class SchemaKeeper {
  readonly memory = new TableMemory();
  readonly #options: SchemaKeeperOptions;
  /** What was looked up; undefined for tables that are not there. */
  readonly #tables = new Map<string, CatalogTable | undefined>();
  readonly #columns = new Map<StreamPlan, Map<string, LoadColumn>>();
  /** What columns tell that is not remembered yet. */
  readonly #learned = new Map<StreamPlan, ReadonlyMap<string, RememberedColumn>>();
  /** This target's own tables that are there. */
  readonly #own = new Set<string>();

  constructor(options: SchemaKeeperOptions) {
    this.#options = options;
  }

  /** The table of a stream as it was last seen; undefined when there is none. To be asked after {@link lookUp}. */
  table({ table }: Pick<StreamPlan, 'table'>): CatalogTable | undefined {
    return this.#tables.get(quoteTable(table));
  }

  remembered(plan: Pick<StreamPlan, 'table'>): RememberedTable {
    return this.memory.of(plan.table, this.table(plan)?.created);
  }

  /**
   * Looks up the tables of streams and what is remembered of them, unless they are known.
   *
   * @throws {SchemaConflictError} when one of them is no table that takes rows
   */
  async lookUp(session: Session, plans: readonly Pick<StreamPlan, 'stream' | 'table'>[]): Promise<void> {
    const unknown = plans.filter(({ table }) => !this.#tables.has(quoteTable(table)));
    for (const [schema, tables] of tablesBySchema(unknown.map(({ table }) => table))) {
      await this.#look(session, schema, tables);
      const name = ownName(schema, MEMORY_TABLE);
      if (this.#own.has(name)) await this.memory.read(session, schema, tables);
    }
    for (const plan of unknown) refuseNotLoadable(plan, this.table(plan)?.notLoadable);
  }

  /** Makes or changes the tables of streams; resolves to their columns by wanted name. */
  async prepare(
    session: Session,
    plans: readonly StreamPlan[],
    changing: ChangingColumns = new Map(),
  ): Promise<Map<StreamPlan, Map<string, LoadColumn>>> {
    await this.lookUp(session, plans);
    await this.#lookAgain(session, changing);
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const changes = this.#compare(plans, changing);
      await this.#learn(session);
      if (changes.size === 0) {
        for (const [schema] of tablesBySchema(plans.map(({ table }) => table))) await this.prepareOwn(session, schema);
        return this.#columns;
      }
      await this.#change(session, changes);
    }
    const [stuck] = this.#compare(plans, changing).keys();
    throw new SchemaConflictError({
      message: `stream ${stuck?.stream ?? ''}: table ${stuck ? quoteTable(stuck.table) : ''} keeps changing while it is loaded; run again when nothing else changes it`,
    });
  }

  /** Makes this target's own tables in a schema, and the schema if need be. */
  async prepareOwn(session: Session, schema: SchemaName): Promise<void> {
    const wanted = [
      { name: ownName(schema, MEMORY_TABLE), sql: createMemory(schema) },
      ...(this.#options.ledger ? [{ name: ownName(schema, LEDGER_TABLE), sql: createLedger(schema) }] : []),
    ].filter(({ name }) => !this.#own.has(name));
    for (const { name, sql } of wanted) {
      try {
        await session.run(sql);
      } catch (error) {
        // Asking for the schema first would cost a statement each time, and a right that a loader need not have.
        if (!(error instanceof MissingObjectError)) throw error;
        await session.run(createSchema(schema));
        await session.run(sql);
      }
      this.#own.add(name);
    }
  }

  /** After another process changed a table: look again. */
  forget(): void {
    this.#tables.clear();
    this.#columns.clear();
    this.#own.clear();
  }

  /** Columns that were good for earlier values need not be for those that come now. */
  async #lookAgain(session: Session, changing: ChangingColumns): Promise<void> {
    for (const [plan, types] of changing) {
      const table = this.table(plan);
      const { columns: remembered } = this.remembered(plan);
      // This target's own columns keep all digits.
      const isUnknown = table?.columns.some(
        ({ name, digitsUnknown }) =>
          digitsUnknown && types.has(name.toUpperCase()) && remembered.get(name.toUpperCase())?.['utc'] !== true,
      );
      if (table && isUnknown) table.columns = await withDigits(session, plan.table, table.columns);
      const known = [...(this.#columns.get(plan) ?? [])];
      if (known.some(([name, { type }]) => changingTypesOf(type).some((one) => types.get(name)?.has(one))))
        this.#columns.delete(plan);
    }
  }

  /** What has to change: for each table the first of its streams' plans that asks for something. */
  #compare(plans: readonly StreamPlan[], changing: ChangingColumns): Map<StreamPlan, EvolutionPlan> {
    const changes = new Map<StreamPlan, EvolutionPlan>();
    const busy = new Set<string>();
    for (const plan of plans) {
      const name = quoteTable(plan.table);
      if (this.#columns.has(plan) || busy.has(name)) continue;
      const { tables } = this.#options;
      const remembered = this.remembered(plan).columns;
      refuseCollated(plan, this.table(plan)?.columns);
      const evolution = tables.compare(plan, this.table(plan)?.columns, remembered, changing.get(plan));
      if (evolution.learned.size > 0) this.#learned.set(plan, evolution.learned);
      if (evolution.steps.length === 0) {
        this.#columns.set(plan, evolution.columns);
        continue;
      }
      refuseClustered(plan, evolution.steps, this.table(plan)?.clusteringKey);
      changes.set(plan, evolution);
      busy.add(name);
    }
    return changes;
  }

  /** Puts down what tables have told of themselves, so that it is remembered when they do not tell it any more. */
  async #learn(session: Session): Promise<void> {
    const learned = [...this.#learned];
    this.#learned.clear();
    for (const [schema] of tablesBySchema(learned.map(([{ table }]) => table))) {
      await this.prepareOwn(session, schema);
      const here = learned.filter(([{ table }]) => isInSchema(table, schema));
      const entries = here.map(([plan, columns]) => ({ table: plan.table.table, stream: plan.stream, columns }));
      await this.memory.rememberColumns(session, schema, entries);
    }
  }

  async #change(session: Session, changes: ReadonlyMap<StreamPlan, EvolutionPlan>): Promise<void> {
    const { tables, parallelism } = this.#options;
    const changed = tablesBySchema([...changes.keys()].map(({ table }) => table));
    for (const [schema] of changed) {
      await this.prepareOwn(session, schema);
      const here = [...changes].filter(([{ table }]) => isInSchema(table, schema));
      const entries = here.map(([plan, { steps }]) => ({
        table: plan.table.table,
        stream: plan.stream,
        columns: tables.toRemember(steps),
      }));
      const telling = entries.filter(({ columns }) => columns.size > 0);
      await this.memory.rememberColumns(session, schema, telling);
    }
    await tables.changeAll(session, changes, parallelism);
    for (const [schema, names] of changed) await this.#look(session, schema, names);
    // Another SCHEMA of the same stream may have been planned for the table as it was.
    for (const plan of this.#columns.keys()) {
      const sameTable = [...changes.keys()].some(({ table }) => quoteTable(table) === quoteTable(plan.table));
      if (sameTable) this.#columns.delete(plan);
    }
  }

  async #look(session: Session, schema: SchemaName, tables: readonly string[]): Promise<void> {
    const own: OwnTable[] = [
      { name: MEMORY_TABLE, columns: MEMORY_COLUMNS },
      ...(this.#options.ledger
        ? [{ name: LEDGER_TABLE, columns: LEDGER_COLUMNS, without: 'set load_ledger to false' }]
        : []),
    ];
    const found = await lookUpTables(session, schema, [...tables, ...own.map(({ name }) => name)]);
    for (const table of tables) this.#tables.set(quoteTable({ ...schema, table }), found.get(table));
    for (const table of own) {
      refuseForeign(schema, table, found.get(table.name));
      if (found.has(table.name)) this.#own.add(ownName(schema, table.name));
    }
  }
}

const ownName = (schema: SchemaName, table: string): string => quoteTable({ ...schema, table });
