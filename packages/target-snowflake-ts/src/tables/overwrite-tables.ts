import { LoadError, SchemaConflictError } from '@singer-io-ts/sdk';
import { renderType, type ColumnType } from '../plan/column-type.js';
import { quoteIdentifier, quoteTable, type Session, type TableName } from '@singer-io-ts/snowflake-session';
import { convertedValue, lostCondition } from '../sql/conversion.js';
import { createTemporaryTable, dropTable } from '../sql/ddl.js';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { LoadColumn, TableColumn } from '../plan/table.js';

/** The session that held what was to replace a table is gone. Nothing was published. */
export class OverwriteLostError extends LoadError {
  readonly code = 'OVERWRITE_LOST';
}

interface Aside {
  session: number;
  /** The temporary table. */
  from: TableName;
  columns: readonly TableColumn[];
  /** Whether an earlier cut's rows are in it, whose files are gone. */
  filled: boolean;
}

/**
 * Temporary tables in which rows are collected that are to replace a table at the end of the run. Until then the table is as it was:
 * never empty, never mixed.
 */
export class OverwriteTables {
  readonly #aside = new Map<string, Aside>();
  #tables = 0;

  constructor(private readonly runId: string) {}

  /** The table aside and its columns; undefined for a stream that does not overwrite. */
  of({ stream }: StreamPlan): { from: TableName; columns: readonly string[] } | undefined {
    const aside = this.#aside.get(stream);
    return aside && { from: aside.from, columns: aside.columns.map(({ name }) => name) };
  }

  /**
   * Makes the table aside, or brings it up to the table's columns.
   *
   * @param loaded how rows are loaded into those columns
   * @throws {OverwriteLostError} when it went with its session; {SchemaConflictError} when a column cannot hold what is in it already
   */
  async prepare(
    session: Session,
    { stream, table }: StreamPlan,
    columns: readonly TableColumn[],
    loaded: ReadonlyMap<string, LoadColumn>,
  ): Promise<void> {
    const known = this.#aside.get(stream);
    if (known && known.session !== session.id && known.filled) {
      throw new OverwriteLostError({
        message: `stream ${stream}: the session that held the rows for table ${quoteTable(table)} has ended; the table is as it was, run again`,
      });
    }
    const current = known?.session === session.id ? known : undefined;
    if (current && sameColumns(current.columns, columns)) return;
    this.#tables += 1;
    const from: TableName = { ...table, table: `_SDC_OVERWRITE_${this.runId.toUpperCase()}_${this.#tables}` };
    await session.run(
      createTemporaryTable(
        from,
        columns.map(({ name, type }) => ({ name, type })),
      ),
      { inTurn: false },
    );
    if (current?.filled) {
      const utc = new Set([...loaded.values()].filter((column) => column.utc).map(({ name }) => name));
      const shared = columns.flatMap(({ name, type: to }) => {
        const type = current.columns.find((column) => column.name === name)?.type;
        return type === undefined ? [] : [{ name, to, from: type, utc: utc.has(name) }];
      });
      for (const change of shared) await refuseLoss(session, { stream, table, aside: current.from }, change);
      const names = shared.map(({ name }) => quoteIdentifier(name)).join(', ');
      const values = shared
        .map((change) =>
          renderType(change.from) === renderType(change.to)
            ? quoteIdentifier(change.name)
            : convertedValue(quoteIdentifier(change.name), change),
        )
        .join(', ');
      await session.run(`INSERT INTO ${quoteTable(from)} (${names}) SELECT ${values} FROM ${quoteTable(current.from)}`);
      await session.run(dropTable(current.from));
    }
    this.#aside.set(stream, { session: session.id, from, columns, filled: current?.filled ?? false });
  }

  /** Whether rows of earlier cuts are in the table aside. */
  isFilled({ stream }: StreamPlan): boolean {
    return this.#aside.get(stream)?.filled ?? false;
  }

  /** The rows of a cut are in the table aside now, and nowhere else. */
  filled({ stream }: StreamPlan): void {
    const aside = this.#aside.get(stream);
    if (aside) aside.filled = true;
  }
}

const sameColumns = (a: readonly TableColumn[], b: readonly TableColumn[]): boolean =>
  a.length === b.length &&
  a.every((column, index) => column.name === b[index]?.name && renderType(column.type) === renderType(b[index].type));

/** Rows of this run that came before the schema changed must mean the same in the columns as they are now. */
async function refuseLoss(
  session: Session,
  { stream, table, aside }: { stream: string; table: TableName; aside: TableName },
  { name, from, to }: { name: string; from: ColumnType; to: ColumnType },
): Promise<void> {
  const lost = lostCondition(quoteIdentifier(name), { from, to });
  if (lost === undefined) return;
  const rows = await session.run(`SELECT COUNT_IF(${lost}) AS "LOST" FROM ${quoteTable(aside)}`);
  const values = Number(rows[0]?.['LOST'] ?? 0);
  if (values === 0) return;
  throw new SchemaConflictError({
    message:
      `stream ${stream}: this run has sent ${values} values of ${renderType(from)} for column ${name} of table ${quoteTable(table)} that ${renderType(to)}, which the schema asks for now, cannot hold; ` +
      `the rows of the table are as they were. Set on_type_conflict to text${to.kind === 'float' ? ' or number_type to decfloat' : ''}`,
  });
}
