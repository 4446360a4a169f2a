import { LoadError, WarehouseUnavailableError, type Logger } from '@singer-io-ts/sdk';
import { IntegrityError, quoteTable, type Row, type Session, type TableName } from '@singer-io-ts/snowflake-session';
import { activateVersion, countRows, expectedMerged, insertRows, mergeRows, replaceRows } from '../sql/load.js';
import { findInLedger, insertLedgerEntry, readLock, signLock, takeLock, type LedgerEntry } from '../sql/ledger.js';
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

/** What a transaction does to one table, in order. */
export interface TableWork {
  table: TableName;
  /** Whether other runs can see the table, so that it has to be locked and what happens to it goes into the ledger. */
  shared: boolean;
  parts: readonly LoadedPart[];
  /** A table that replaces this one's rows. */
  replaceBy: { from: TableName; columns: readonly string[] } | undefined;
  /** Streams that get a ledger entry though they brought nothing. */
  idleStreams: readonly string[];
}

export interface TransactionOptions {
  session: Session;
  runId: string;
  cut: number;
  /** Whether an earlier try may have committed without our knowing. */
  uncertain: boolean;
  ledger: ((outcome: StreamOutcome) => LedgerEntry) | undefined;
  logger: Logger;
  onStep: (step: 'merge' | 'commit', seconds: number, stream?: string) => void;
}

/** It is not known whether a COMMIT took effect. */
export class CommitUncertainError extends LoadError {
  readonly code = 'COMMIT_UNCERTAIN';
  override readonly retriable = true;
}

/**
 * Applies a cut to its tables in one transaction, all or nothing. Between BEGIN and COMMIT there are only INSERT, MERGE, UPDATE, DELETE
 * and SELECT: DDL would commit. Tables are taken in the order of their names, each after its lock, so that two runs cannot wait for each
 * other.
 *
 * @returns the outcomes; undefined when it turns out that an earlier try had committed
 * @throws {CommitUncertainError} when the answer to COMMIT is missing; another LoadError when nothing was changed
 */
export async function applyCut(
  work: readonly TableWork[],
  options: TransactionOptions,
): Promise<StreamOutcome[] | undefined> {
  const { session, onStep } = options;
  const ordered = [...work].sort((a, b) => compare(quoteTable(a.table), quoteTable(b.table)));
  const shared = ordered.filter((one) => one.shared);
  await session.begin();
  const outcomes: StreamOutcome[] = [];
  try {
    for (const { table } of shared) await lock(session, table);
    if (options.uncertain && (await wasCommitted(shared, options))) {
      await rollback(options);
      return undefined;
    }
    for (const one of ordered) {
      const ofTable = await applyToTable(one, options);
      if (one.shared && options.ledger)
        for (const outcome of ofTable) await session.run(insertLedgerEntry(options.ledger(outcome)));
      outcomes.push(...ofTable);
    }
    for (const { table } of shared) await session.run(signLock(table, options.runId, options.cut));
  } catch (error) {
    await rollback(options);
    throw error;
  }
  const begun = performance.now();
  await commit(session);
  onStep('commit', (performance.now() - begun) / 1000);
  return outcomes;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

async function lock(session: Session, table: TableName): Promise<void> {
  const locked = count(await session.run(takeLock(table)), 'updated');
  if (locked === 0)
    throw new IntegrityError({
      message: `the lock of table ${quoteTable(table)} is gone; another process emptied the table of locks`,
    });
}

/** With the locks in hand, no earlier transaction of ours is still open: what it committed can be seen, or never will be. */
async function wasCommitted(
  work: readonly TableWork[],
  { session, runId, cut, ledger }: TransactionOptions,
): Promise<boolean> {
  const table = work[0]?.table;
  if (!table) return false;
  if (ledger) return Number((await session.run(findInLedger(table, runId, cut)))[0]?.['ROWS'] ?? 0) > 0;
  return (await session.run(readLock(table))).some((row) => row['RUN_ID'] === runId && Number(row['CUT']) === cut);
}

async function commit(session: Session): Promise<void> {
  try {
    await session.commit();
  } catch (error) {
    // A COMMIT that failed for good left nothing; without an answer either may be the case.
    if (error instanceof WarehouseUnavailableError) {
      throw new CommitUncertainError({ message: `no answer to COMMIT (${error.message})`, cause: error });
    }
    throw error;
  }
}

/** Never hides the error that led here. */
async function rollback({ session, logger }: TransactionOptions): Promise<void> {
  try {
    if (!session.lost) await session.rollback();
  } catch (error) {
    logger.debug(`ROLLBACK failed: ${error instanceof Error ? error.message : 'unknown reason'}`);
  }
}

async function applyToTable(work: TableWork, options: TransactionOptions): Promise<StreamOutcome[]> {
  const { session } = options;
  const outcomes = new Map<string, StreamOutcome>();
  const outcomeOf = (stream: string): StreamOutcome => {
    const known = outcomes.get(stream);
    if (known) return known;
    const fresh = {
      stream,
      table: work.table,
      rowsRead: 0,
      rowsInserted: 0,
      rowsUpdated: 0,
      rowsSkippedOlder: 0,
      bytes: 0,
      tableVersion: undefined,
    };
    outcomes.set(stream, fresh);
    return fresh;
  };
  for (const stream of work.idleStreams) outcomeOf(stream);
  const counted = new Set<unknown>();
  for (const loaded of work.parts) {
    const { sealed, part } = loaded;
    const outcome = outcomeOf(sealed.plan.stream);
    outcome.rowsRead += loaded.rows;
    if (!counted.has(sealed)) outcome.bytes += sealed.bytes;
    counted.add(sealed);
    const begun = performance.now();
    if (loaded.rows > 0) addCounts(outcome, await applyPart(session, loaded));
    if (part.activate !== undefined) {
      outcome.tableVersion = part.activate;
      await session.run(
        activateVersion({
          table: work.table,
          metadata: loaded.plan.metadata ?? new Map(),
          version: part.activate,
          hardDelete: sealed.plan.hardDelete,
        }),
      );
    }
    options.onStep('merge', (performance.now() - begun) / 1000, sealed.plan.stream);
  }
  if (work.replaceBy) {
    const { empty, fill } = replaceRows(work.table, work.replaceBy.from, work.replaceBy.columns);
    await session.run(empty);
    const inserted = count(await session.run(fill), 'inserted');
    const expected = Number(
      (await session.run(`SELECT COUNT(*) AS "ROWS" FROM ${quoteTable(work.replaceBy.from)}`))[0]?.['ROWS'] ?? NaN,
    );
    if (inserted !== expected) throw wrongCount(work.table, inserted, expected);
    for (const outcome of outcomes.values()) Object.assign(outcome, { rowsInserted: inserted, rowsUpdated: 0 });
  }
  return [...outcomes.values()];
}

interface Counts {
  inserted: number;
  updated: number;
  skipped: number;
}

/** Loads one part and checks the numbers of rows that Snowflake tells against those that must come out. */
export async function applyPart(session: Session, { plan, rows }: Pick<LoadedPart, 'plan' | 'rows'>): Promise<Counts> {
  if (plan.keys.length === 0) {
    const inserted = count(await session.run(insertRows(plan)), 'inserted');
    if (inserted !== rows) throw wrongCount(plan.table, inserted, rows);
    return { inserted, updated: 0, skipped: 0 };
  }
  const counted = (await session.run(countRows(plan)))[0];
  const [keys, older, matched] = [counted?.['KEYS'], counted?.['OLDER'], counted?.['MATCHED']].map(Number) as [
    number,
    number,
    number,
  ];
  const merged = await session.run(mergeRows(plan));
  const inserted = count(merged, 'inserted');
  const touched = count(merged, 'updated');
  const expected = expectedMerged(plan, { keys, older, matched });
  if (inserted + touched !== expected) throw wrongCount(plan.table, inserted + touched, expected);
  return { inserted, updated: Math.max(0, keys - older - inserted), skipped: older };
}

/** Nothing is committed: the transaction is rolled back and tried again. */
const wrongCount = (table: TableName, got: number, expected: number): IntegrityError =>
  new IntegrityError({
    message: `table ${quoteTable(table)}: ${got} rows were written instead of ${expected}`,
  });

function addCounts(outcome: StreamOutcome, { inserted, updated, skipped }: Counts): void {
  outcome.rowsInserted += inserted;
  outcome.rowsUpdated += updated;
  outcome.rowsSkippedOlder += skipped;
}

/** `number of rows inserted` and its like. */
function count(rows: readonly Row[], what: 'inserted' | 'updated'): number {
  const value = rows[0]?.[`number of rows ${what}`];
  return value === undefined || value === null ? 0 : Number(value);
}
