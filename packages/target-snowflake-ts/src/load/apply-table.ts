import { IntegrityError, quoteTable, type Row, type Session, type TableName } from '@singer-io-ts/snowflake-session';
import type { RunOrder } from './run-order.js';
import { activateVersion, replaceRows, writeRows } from '../sql/load.js';
import { subjectOf } from '../plan/stream-plan.js';
import { removeDuplicates } from '../sql/repair.js';
import type { LoadedPart } from './stage-rows.js';

/** What a cut did to one stream. */
export interface StreamOutcome {
  stream: string;
  table: TableName;
  rowsRead: number;
  rowsInserted: number;
  rowsUpdated: number;
  rowsSkippedOlder: number;
  bytes: number;
  tableVersion: number | undefined;
}

/** What a transaction does to the table of one stream, in order. */
export interface TableWork {
  stream: string;
  table: TableName;
  /** When the table was created, in milliseconds of unix time. */
  created: number | undefined;
  /** Whether other runs can see the table: a temporary one has no other writers and no place in the ledger. */
  shared: boolean;
  /** None for a stream that brought nothing but has something to be noted. */
  parts: readonly LoadedPart[];
  /** A table that replaces this one's rows. */
  replaceBy: { from: TableName; columns: readonly string[] } | undefined;
  order: RunOrder;
  hardDelete: boolean;
}

/** A part that has been merged and is to be compared with the table. */
export interface MergedPart {
  loaded: LoadedPart;
  outcome: StreamOutcome;
  inserted: number;
  deletedBelow: number | undefined;
}

export interface ApplyOptions {
  session: Session;
  /** The answers to parts that are in their table already: one request wrote them and others'. */
  written: ReadonlyMap<LoadedPart, readonly Row[]>;
  /** Where duplicate rows are merged; undefined when no duplicates are known. */
  repairIn: TableName | undefined;
  onStep: (step: 'merge', seconds: number, stream: string) => void;
  onRepaired: (table: TableName, keys: number) => void;
  /** Compares a part with the table at once, because the next part will change it. */
  verifyNow: (part: MergedPart) => Promise<void>;
}

/** The outcome of a stream that nothing has been done for. */
export const emptyOutcome = ({ stream, table }: Pick<TableWork, 'stream' | 'table'>): StreamOutcome => ({
  stream,
  table,
  rowsRead: 0,
  rowsInserted: 0,
  rowsUpdated: 0,
  rowsSkippedOlder: 0,
  bytes: 0,
  tableVersion: undefined,
});

/** Applies what came for a table; resolves to the outcome and to the part that is still to be compared with the table, if there is one. */
export async function applyToTable(
  work: TableWork,
  { session, written, repairIn, onStep, onRepaired, verifyNow }: ApplyOptions,
): Promise<{ outcome: StreamOutcome; unverified: MergedPart | undefined }> {
  const outcome = emptyOutcome(work);
  const what = subjectOf(work);
  const counted = new Set<unknown>();
  let unverified: MergedPart | undefined;
  for (const loaded of work.parts) {
    const { sealed, part, plan } = loaded;
    outcome.rowsRead += loaded.rows;
    if (!counted.has(sealed)) outcome.bytes += sealed.bytes;
    counted.add(sealed);
    const begun = performance.now();
    if (loaded.rows > 0) {
      if (unverified) await verifyNow(unverified);
      unverified = undefined;
      const inserted = insertedBy(written.get(loaded) ?? (await session.run(writeRows(plan), { what })), loaded);
      if (plan.keys.length === 0) outcome.rowsInserted += inserted;
      else {
        if (repairIn) onRepaired(work.table, await repair(session, loaded, repairIn));
        unverified = { loaded, outcome, inserted, deletedBelow: undefined };
      }
    }
    if (part.activate !== undefined) {
      const { activate } = part;
      outcome.tableVersion = activate;
      const metadata = plan.metadata ?? new Map();
      await session.run(
        activateVersion({ table: work.table, metadata, version: activate, hardDelete: work.hardDelete }),
        { what },
      );
      if (unverified && work.hardDelete)
        unverified.deletedBelow = Math.max(activate, unverified.deletedBelow ?? activate);
    }
    if (!written.has(loaded)) onStep('merge', (performance.now() - begun) / 1000, sealed.plan.stream);
  }
  if (work.replaceBy) {
    const { empty, fill } = replaceRows(work.table, work.replaceBy.from, work.replaceBy.columns);
    await session.run(empty, { what });
    outcome.rowsInserted = count(await session.run(fill, { what }), 'inserted');
    outcome.rowsUpdated = 0;
  }
  return { outcome, unverified: work.shared && !work.replaceBy ? unverified : undefined };
}

/** The number of rows that Snowflake says are new. */
function insertedBy(answer: readonly Row[], { plan, rows }: Pick<LoadedPart, 'plan' | 'rows'>): number {
  const inserted = count(answer, 'inserted');
  if (plan.keys.length === 0 && inserted !== rows) throw wrongCount(plan.table, inserted, rows);
  return inserted;
}

/** Leaves one row of each key that stood in the table more than once; resolves to how many keys those were. */
async function repair(session: Session, { plan }: LoadedPart, aside: TableName): Promise<number> {
  const [keep, remove, put] = removeDuplicates(plan, aside);
  const keys = count(await session.run(keep), 'inserted');
  if (keys === 0) return 0;
  await session.run(remove);
  await session.run(put);
  return keys;
}

/** Nothing is committed: the transaction is rolled back and tried again. */
export const wrongCount = (table: TableName, got: number, expected: number): IntegrityError =>
  new IntegrityError({
    message: `table ${quoteTable(table)}: ${got} rows were written instead of ${expected}`,
  });

/** `number of rows inserted` and its like. */
function count(rows: readonly Row[], what: 'inserted'): number {
  const value = rows[0]?.[`number of rows ${what}`];
  return value === undefined || value === null ? 0 : Number(value);
}
