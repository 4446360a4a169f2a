/** A row as the warehouse sent it: every value as text, keyed by the column's upper-case name. Money never becomes a float. */
export type Row = Readonly<Record<string, string | null>>;

/** SQL with `?` for each bound value, in order. */
export interface Statement {
  readonly sql: string;
  readonly binds: readonly string[];
}

/** A statement and what its rows mean. */
export interface Query<Result> {
  readonly statement: Statement;
  read(rows: readonly Row[]): Result;
}

/** What the dashboard needs of a warehouse, and all that it knows of it. */
export interface Warehouse {
  /** Runs a statement to its end. @throws {WarehouseError} */
  rows(statement: Statement): Promise<readonly Row[]>;
  /** Runs a statement and hands its rows on as they come, so that a million of them need no memory. @throws {WarehouseError} */
  stream(statement: Statement): AsyncIterable<Row>;
  close(): Promise<void>;
}

export type WarehouseFault =
  /** A table, view, schema, database or column is not there or not granted. */
  | 'missing'
  /** The sign-in was refused; trying again cannot help. */
  | 'refused'
  /** Nobody answers, or not in time. */
  | 'unreachable'
  /** Anything else that the warehouse answers with an error. */
  | 'failed';

/** A statement that did not succeed. `message` carries no secret and no bound value. */
export class WarehouseError extends Error {
  override readonly name = 'WarehouseError';
  readonly fault: WarehouseFault;

  constructor({ fault, message, cause }: { fault: WarehouseFault; message: string; cause?: unknown }) {
    super(message, { cause });
    this.fault = fault;
  }
}

/** Runs a query and reads its rows. */
export async function ask<Result>(warehouse: Warehouse, query: Query<Result>): Promise<Result> {
  return query.read(await warehouse.rows(query.statement));
}

/** The text in a column that is never null. @throws when it is null or absent: the table breaks its contract */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (value === null || value === undefined) throw new Error(`the warehouse sent no ${column}`);
  return value;
}

/** The text in a column, or null. */
export function nullableText(row: Row, column: string): string | null {
  return row[column] ?? null;
}

/** A count; counts stay far below 2^53. */
export function count(row: Row, column: string): number {
  return Number(text(row, column));
}
