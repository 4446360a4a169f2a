import { isJsonObject, parseJson, type JsonObject } from '@singer-io-ts/sdk';
import { quoteSchema, quoteTable, type SchemaName, type TableName } from '@singer-io-ts/snowflake-session';
import { compactMemory, insertMemory, readMemory } from '../sql/table-memory.js';
import type { Session } from '@singer-io-ts/snowflake-session';

/** What the target has to know of a column and cannot see from it, by names of its own: `{"utc": true}`. */
export type RememberedColumn = JsonObject;

/** What is remembered of a table. */
export interface RememberedTable {
  /** The greatest table version that was written to the table that stands there now. */
  version: number | undefined;
  /** The last run of the tap that was loaded into it, as the mark in its STATE gives it. */
  tapRun: number | undefined;
  /** When the last run of the target that loaded into it started, in milliseconds of unix time. */
  targetStarted: number | undefined;
  /** Whether it has no rows because the last load left none. */
  leftEmpty: boolean;
  /**
   * The last run of the tap that was loaded into an earlier table of this name, when none was loaded into the one that stands there now: it
   * is another table then, which a person made or restored.
   */
  runOfEarlierTable: number | undefined;
  /** By column name in upper case. Outlives the table: a copy that takes its place has the same columns. */
  columns: ReadonlyMap<string, RememberedColumn>;
}

/** What one table of a name is remembered by. */
type Known = Omit<RememberedTable, 'columns' | 'runOfEarlierTable'>;

const NOTHING: Known = {
  version: undefined,
  tapRun: undefined,
  targetStarted: undefined,
  leftEmpty: false,
};

/** Some weeks of hourly runs of twenty streams; reading that many takes no time yet. */
const MANY_ENTRIES = 10_000;

/**
 * What this target remembers of tables, in a table of its own beside them (`_SDC_TABLES`): which runs wrote them, and what cannot be seen
 * from their columns. Read once for each table and run.
 */
export class TableMemory {
  readonly #entries = new Map<string, { created: number | undefined; known: Known }[]>();
  readonly #columns = new Map<string, Map<string, RememberedColumn>>();
  /** How many entries each schema's memory holds for the tables that were asked for. */
  readonly #size = new Map<string, number>();

  /** Reads what is remembered of some tables. */
  async read(session: Session, schema: SchemaName, tables: readonly string[]): Promise<void> {
    const rows = await session.run(readMemory(schema, tables));
    for (const table of tables) this.#entries.delete(quoteTable({ ...schema, table }));
    for (const row of rows) {
      const table = row['TABLE_NAME'] ?? '';
      const columns = row['COLUMNS'] ?? null;
      if (columns !== null) this.#learnColumns({ ...schema, table }, columns);
      if (row['ENTRIES'] === null || row['ENTRIES'] === undefined) continue;
      this.#size.set(quoteSchema(schema), this.size(schema) + Number(row['ENTRIES']));
      const key = quoteTable({ ...schema, table });
      const known = {
        version: numberOf(row['TABLE_VERSION']),
        tapRun: numberOf(row['TAP_RUN']),
        targetStarted: numberOf(row['TARGET_STARTED']),
        leftEmpty: String(row['LEFT_EMPTY']).toLowerCase() === 'true',
      };
      this.#entries.set(key, [...(this.#entries.get(key) ?? []), { created: numberOf(row['TABLE_CREATED']), known }]);
    }
  }

  size(schema: SchemaName): number {
    return this.#size.get(quoteSchema(schema)) ?? 0;
  }

  /** @param created when the table that stands there now was created; undefined when there is none */
  of(table: TableName, created: number | undefined): RememberedTable {
    const entries = this.#entries.get(quoteTable(table)) ?? [];
    const known = entries.find((entry) => entry.created === created)?.known ?? NOTHING;
    const earlier = entries
      .filter((entry) => entry.created !== undefined && entry.created !== created)
      .flatMap((entry) => entry.known.tapRun ?? []);
    return {
      ...known,
      runOfEarlierTable:
        known.tapRun === undefined && created !== undefined && earlier.length > 0 ? Math.max(...earlier) : undefined,
      columns: this.#columns.get(quoteTable(table)) ?? new Map(),
    };
  }

  /**
   * Remembers columns of tables of one schema. To be called before the columns are made: what is remembered of a column that is not there
   * does no harm, a column that nothing is remembered of does.
   */
  async rememberColumns(
    session: Session,
    schema: SchemaName,
    tables: readonly { table: string; stream: string; columns: ReadonlyMap<string, RememberedColumn> }[],
  ): Promise<void> {
    const entries = tables.map(({ table, stream, columns }) => ({
      table,
      stream,
      columns: JSON.stringify(Object.fromEntries(columns)),
    }));
    for (const sql of insertMemory(schema, entries)) await session.run(sql);
    for (const { table, columns } of entries) this.#learnColumns({ ...schema, table }, columns);
  }

  /** Puts old entries together when there are many. Loads do not wait for it. */
  async compact(session: Session, schema: SchemaName, runId: string): Promise<void> {
    if (this.size(schema) < MANY_ENTRIES) return;
    await session.begin();
    try {
      for (const sql of compactMemory(schema, runId)) await session.run(sql);
      await session.commit();
    } catch (error) {
      await session.rollback();
      throw error;
    }
    this.#size.delete(quoteSchema(schema));
  }

  #learnColumns(table: TableName, text: string): void {
    const columns = parseJson(text);
    if (!isJsonObject(columns)) return;
    const known = this.#columns.get(quoteTable(table)) ?? new Map<string, RememberedColumn>();
    for (const [name, column] of Object.entries(columns)) {
      if (isJsonObject(column)) known.set(name.toUpperCase(), { ...known.get(name.toUpperCase()), ...column });
    }
    this.#columns.set(quoteTable(table), known);
  }
}

const numberOf = (value: string | null | undefined): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);
