import { SingerError, StatementRefusedError, type Logger } from '@singer-io-ts/sdk';
import type { SchemaName, Session } from '@singer-io-ts/snowflake-session';
import { setTimeout as wait } from 'node:timers/promises';
import { findCut } from '../sql/table-memory.js';
import { abortTransaction, describeTransaction } from '../sql/transaction-control.js';

/** An earlier try of a cut, of which it is not known whether its transaction is over, or how it ended. */
export interface OpenTry {
  /** The transaction's id; undefined when it was lost before it could be asked for. */
  transaction: string | undefined;
  /** Whether COMMIT was sent. */
  commitSent: boolean;
}

export interface SettleOptions {
  session: Session;
  /** The schemas that the cut writes to, each of which would tell of its COMMIT. */
  schemas: readonly SchemaName[];
  runId: string;
  cut: number;
  logger: Logger;
}

/** How often a transaction that is being ended is looked at, and how long to wait in between. */
const LOOKS = 60;
const BETWEEN_LOOKS_MS = 500;

/**
 * Ends an earlier transaction that may still be open, so that it can neither hold locks nor commit later, and finds out how it ended.
 *
 * @returns whether it committed
 */
export async function settleTransaction(
  { transaction, commitSent }: OpenTry,
  options: SettleOptions,
): Promise<boolean> {
  const state = transaction === undefined ? undefined : await endOf(transaction, options);
  if (state === 'committed') return true;
  if (state === 'rolled back' || !commitSent) return false;
  // Where Snowflake does not tell, the entry that would have been committed with the rows does.
  const [schema] = options.schemas;
  return schema !== undefined && (await isCommitted(schema, options));
}

async function endOf(
  transaction: string,
  { session, logger }: SettleOptions,
): Promise<'committed' | 'rolled back' | undefined> {
  let aborted = false;
  for (let look = 0; look < LOOKS; look += 1) {
    const state = await stateOf(session, transaction);
    if (state !== 'running') return state;
    if (!aborted) {
      logger.info(`ending transaction ${transaction}, which an earlier try left open`);
      await session.run(abortTransaction(transaction)).catch(ifRefused);
      aborted = true;
    } else await wait(BETWEEN_LOOKS_MS);
  }
  return undefined;
}

async function stateOf(
  session: Session,
  transaction: string,
): Promise<'running' | 'committed' | 'rolled back' | undefined> {
  const rows = await session.run(describeTransaction(transaction)).catch(ifRefused);
  const state = String(
    Object.entries(rows?.[0] ?? {}).find(([name]) => name.toLowerCase() === 'state')?.[1],
  ).toLowerCase();
  if (state === 'running') return 'running';
  if (state === 'committed') return 'committed';
  return /rolled|abort/.test(state) ? 'rolled back' : undefined;
}

/** A refusal leaves the question open; a lost connection is for the caller to try again. */
function ifRefused(error: unknown): undefined {
  if (error instanceof StatementRefusedError) return undefined;
  if (error instanceof SingerError && !error.retriable) return undefined;
  throw error;
}

const isCommitted = async (schema: SchemaName, { session, runId, cut }: SettleOptions): Promise<boolean> =>
  Number((await session.run(findCut(schema, runId, cut)))[0]?.['ROWS'] ?? 0) > 0;
