import { LoadError } from '@singer-io-ts/sdk';
import {
  IntegrityError,
  quoteTable,
  type Row,
  type SchemaName,
  type Session,
  type TableName,
} from '@singer-io-ts/snowflake-session';
import { wrongCount, type MergedPart, type TableWork } from './apply-table.js';
import { refuseIfLate } from './run-order.js';
import { isInSchema, tablesBySchema } from '../plan/tables-by-schema.js';
import { verify } from '../sql/verify.js';

/** A table has some keys more than once: another run has inserted them beside this one, or did so earlier. */
export class DuplicateKeysError extends LoadError {
  readonly code = 'DUPLICATE_KEYS';
  override readonly retriable = true;

  constructor(readonly table: TableName) {
    super({
      message: `table ${quoteTable(table)}: it has some keys more than once; the transaction is rolled back, and the next try leaves one row of each`,
    });
  }
}

export interface VerifyCutOptions {
  session: Session;
  runId: string;
  cut: number;
}

/** What the comparison found beside errors. */
export interface Verified {
  /** Whether this cut had been committed already, by an earlier try. */
  alreadyCommitted: boolean;
  /** Tables without a row. */
  empty: ReadonlySet<string>;
}

/**
 * Compares the tables with what was loaded into them, before COMMIT, in the transaction that loaded it. MERGE has the table's lock by then,
 * so nothing that is found here can change before COMMIT.
 *
 * @throws DuplicateKeysError, IntegrityError or LaterRunError, after which the transaction has to be rolled back
 */
export async function verifyCut(
  work: readonly TableWork[],
  merged: readonly MergedPart[],
  { session, runId, cut }: VerifyCutOptions,
): Promise<Verified> {
  const shared = work.filter((one) => one.shared);
  const schemas = [...tablesBySchema(shared.map(({ table }) => table))];
  const statements = verify({
    parts: merged.map(({ loaded: { plan }, deletedBelow }, number) => ({ number, plan, deletedBelow })),
    tables: shared.flatMap(({ table, replaceBy, hardDelete, parts }, number) =>
      replaceBy || (hardDelete && parts.some(({ part }) => part.activate !== undefined))
        ? [{ number, table, from: replaceBy?.from }]
        : [],
    ),
    others: schemas.map(([schema, tables], number) => ({ schema, number, options: { tables, runId, cut } })),
  });
  const empty = new Set<string>();
  let alreadyCommitted = false;
  for (const sql of statements) {
    for (const row of await session.run(sql)) {
      const number = Number(row['NUMBER']);
      if (row['WHAT'] === 'part') checkPart(merged[number], row);
      if (row['WHAT'] === 'table' && isEmpty(shared[number], row)) empty.add(quoteTable(shared[number].table));
      if (row['WHAT'] === 'others') {
        const schema = schemas[number]?.[0];
        alreadyCommitted ||= Number(row['OWN_CUT'] ?? 0) > 0;
        for (const one of shared) if (schema && isOf(one, schema, row)) checkOrder(one, row);
      }
    }
  }
  return { alreadyCommitted, empty };
}

function checkPart(part: MergedPart | undefined, row: Row): void {
  if (!part) return;
  const { outcome, inserted, loaded } = part;
  const [keys, found, missing, older, behind] = ['KEYS', 'FOUND', 'MISSING', 'OLDER', 'BEHIND'].map((name) =>
    Number(row[name] ?? 0),
  ) as [number, number, number, number, number];
  const { table } = loaded.plan;
  if (found + missing > keys) throw new DuplicateKeysError(table);
  if (missing > 0) throw wrongCount(table, keys - missing, keys);
  if (behind > 0)
    throw new IntegrityError({ message: `table ${quoteTable(table)}: ${behind} rows did not take their version` });
  outcome.rowsInserted += inserted;
  outcome.rowsUpdated += Math.max(0, keys - older - inserted);
  outcome.rowsSkippedOlder += older;
}

function isEmpty(work: TableWork | undefined, row: Row): work is TableWork {
  if (!work) return false;
  const [rows, expected] = [Number(row['FOUND'] ?? 0), row['KEYS'] ?? null];
  if (expected !== null && rows !== Number(expected)) throw wrongCount(work.table, rows, Number(expected));
  return rows === 0;
}

const isOf = (work: TableWork, schema: SchemaName, row: Row): boolean =>
  isInSchema(work.table, schema) &&
  work.table.table === row['TABLE_NAME'] &&
  String(work.created ?? '') === (row['TABLE_CREATED'] ?? '');

function checkOrder({ stream, table, order, parts, replaceBy }: TableWork, row: Row): void {
  if (parts.length === 0 && !replaceBy) return;
  const number = (value: string | null | undefined): number | undefined =>
    value === undefined || value === null ? undefined : Number(value);
  refuseIfLate(stream, table, order, {
    tapRun: number(row['TAP_RUN']),
    version: number(row['TABLE_VERSION']),
    targetStarted: number(row['TARGET_STARTED']),
  });
}
