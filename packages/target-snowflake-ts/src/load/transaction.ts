import { LoadError, WarehouseUnavailableError, type Logger } from '@singer-io-ts/sdk';
import { quoteTable, SessionLostError, type Row, type Session, type TableName } from '@singer-io-ts/snowflake-session';
import { applyToTable, emptyOutcome, type MergedPart, type StreamOutcome, type TableWork } from './apply-table.js';
import { inRequests, writeTogether } from './apply-together.js';
import { settleTransaction, type OpenTry } from './settle-transaction.js';
import type { LoadedPart } from './stage-rows.js';
import { isInSchema, tablesBySchema } from '../plan/tables-by-schema.js';
import { insertLedgerEntries, type LedgerEntry } from '../sql/ledger.js';
import { createAside } from '../sql/repair.js';
import { insertMemory, type MemoryEntry } from '../sql/table-memory.js';
import { CURRENT_TRANSACTION } from '../sql/transaction-control.js';
import { verifyCut } from './verify-cut.js';

export interface TransactionOptions {
  session: Session;
  runId: string;
  cut: number;
  /** The try before this one, when its transaction may still be open or committed. */
  earlier: OpenTry | undefined;
  /** Tables that have some keys more than once. */
  repair: ReadonlySet<string>;
  ledger: ((outcome: StreamOutcome) => LedgerEntry) | undefined;
  logger: Logger;
  onStep: (step: 'merge' | 'commit', seconds: number, stream?: string) => void;
  /** The last chance to throw, and so to leave everything as it was. */
  beforeCommit: () => void;
}

/** The connection was lost in the middle of a transaction, or at its end: it may have committed, or still be open. */
export class TransactionLostError extends LoadError {
  readonly code = 'TRANSACTION_LOST';
  override readonly retriable = true;

  constructor(
    readonly lost: OpenTry,
    cause: LoadError,
  ) {
    super({ message: lost.commitSent ? `no answer to COMMIT (${cause.message})` : cause.message, cause });
  }
}

/**
 * Applies a cut to its tables in one transaction, all or nothing. Between BEGIN and COMMIT there are only INSERT, MERGE, UPDATE, DELETE
 * and SELECT: DDL would commit. Tables are taken in the order of their names, so that two runs cannot wait for each other. Before COMMIT
 * the tables are compared with what they must hold.
 *
 * @returns the outcomes; undefined when it turns out that an earlier try had committed
 * @throws {TransactionLostError} when it is not known what became of the transaction; another LoadError when nothing was changed
 */
export async function applyCut(
  work: readonly TableWork[],
  options: TransactionOptions,
): Promise<StreamOutcome[] | undefined> {
  const { session, onStep, earlier, runId, cut, logger } = options;
  const ordered = [...work].sort((a, b) => compare(quoteTable(a.table), quoteTable(b.table)));
  const schemas = [...tablesBySchema(ordered.flatMap(({ table, shared }) => (shared ? [table] : []))).keys()];
  if (earlier && (await settleTransaction(earlier, { session, schemas, runId, cut, logger }))) return undefined;
  for (const { table } of ordered)
    if (options.repair.has(quoteTable(table))) await session.run(createAside(asideOf(table, runId), table));
  const attempt: OpenTry = { transaction: undefined, commitSent: false };
  try {
    await session.begin();
    attempt.transaction = (await session.run(CURRENT_TRANSACTION))[0]?.['ID'] ?? undefined;
    const outcomes = await applyAll(ordered, options);
    if (!outcomes) {
      await rollback(options);
      return undefined;
    }
    options.beforeCommit();
    attempt.commitSent = true;
    const begun = performance.now();
    await session.commit();
    onStep('commit', (performance.now() - begun) / 1000);
    return outcomes;
  } catch (error) {
    // A COMMIT that was refused left nothing; without an answer either may be the case.
    if (error instanceof SessionLostError || (attempt.commitSent && error instanceof WarehouseUnavailableError))
      throw new TransactionLostError(attempt, error);
    await rollback(options);
    throw error;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const asideOf = ({ database, schema, table }: TableName, runId: string): TableName => ({
  database,
  schema,
  table: `_SDC_REPAIR_${runId.toUpperCase()}_${Buffer.from(table).toString('hex').slice(0, 60).toUpperCase()}`,
});

/** Everything between BEGIN and COMMIT; undefined when the cut had been committed by an earlier try. */
async function applyAll(work: readonly TableWork[], options: TransactionOptions): Promise<StreamOutcome[] | undefined> {
  const { session, runId, cut, repair, logger, onStep } = options;
  const verifying = { session, runId, cut };
  const outcomes: { work: TableWork; outcome: StreamOutcome }[] = [];
  const unverified: MergedPart[] = [];
  const apply = async (one: TableWork, written: ReadonlyMap<LoadedPart, readonly Row[]>): Promise<void> => {
    const applied = await applyToTable(one, {
      session,
      written,
      repairIn: repair.has(quoteTable(one.table)) ? asideOf(one.table, runId) : undefined,
      onStep,
      onRepaired: (table, keys) => {
        if (keys > 0)
          logger.warning(
            `table ${quoteTable(table)}: ${keys === 1 ? 'one key' : `${keys} keys`} had more than one row, as two runs can leave them; one row of each is left`,
          );
      },
      verifyNow: async (part) => {
        await verifyCut([], [part], verifying);
      },
    });
    outcomes.push({ work: one, outcome: applied.outcome });
    if (applied.unverified) unverified.push(applied.unverified);
  };
  for (const group of inRequests(work, repair)) {
    const begun = performance.now();
    const written = await writeTogether(session, group);
    if (written.size > 0) onStep('merge', (performance.now() - begun) / 1000);
    for (const one of group.work) await apply(one, written);
  }
  const { alreadyCommitted, empty } = await verifyCut(work, unverified, verifying);
  if (alreadyCommitted) return undefined;
  await note(outcomes, empty, options);
  return outcomes.map(({ outcome }) => outcome);
}

type Outcomes = readonly { work: TableWork; outcome: StreamOutcome }[];
type NoteOptions = Pick<TransactionOptions, 'session' | 'runId' | 'cut' | 'ledger'>;

/** Puts down what a cut brought for streams that it brought no rows of: no row changes, so no transaction is needed. */
export async function noteOnly(work: readonly TableWork[], options: NoteOptions): Promise<StreamOutcome[]> {
  const outcomes = work.map((one) => ({ work: one, outcome: emptyOutcome(one) }));
  await note(outcomes, new Set(), options);
  return [];
}

async function note(outcomes: Outcomes, empty: ReadonlySet<string>, options: NoteOptions): Promise<void> {
  const { session, ledger } = options;
  const shared = outcomes.filter(({ work: { shared: isShared } }) => isShared);
  for (const schema of tablesBySchema(shared.map(({ work: { table } }) => table)).keys()) {
    const here = shared.filter(({ work: { table } }) => isInSchema(table, schema));
    const entries = here
      .map(({ work: one }) => memoryEntry(one, empty, options))
      .filter((entry) => entry !== undefined);
    for (const sql of insertMemory(schema, entries)) await session.run(sql);
    if (ledger) {
      const rows = here.map(({ outcome }) => ledger(outcome));
      for (const sql of insertLedgerEntries(schema, rows)) await session.run(sql);
    }
  }
}

function memoryEntry(
  { stream, table, created, order, parts, replaceBy }: TableWork,
  empty: ReadonlySet<string>,
  { runId, cut }: NoteOptions,
): MemoryEntry | undefined {
  const wrote = parts.length > 0 || replaceBy !== undefined;
  const filled = parts.some(({ rows }) => rows > 0) ? false : undefined;
  if (!wrote && order.tapRun === undefined) return undefined;
  return {
    table: table.table,
    stream,
    created,
    tapRun: order.tapRun,
    runId,
    cut,
    ...(wrote
      ? {
          version: order.version,
          targetStarted: order.targetStarted,
          leftEmpty: empty.has(quoteTable(table)) || filled,
        }
      : {}),
  };
}

/** Never hides the error that led here. */
async function rollback({ session, logger }: TransactionOptions): Promise<void> {
  try {
    if (!session.lost) await session.rollback();
  } catch (error) {
    logger.debug(`ROLLBACK failed: ${error instanceof Error ? error.message : 'unknown reason'}`);
  }
}
