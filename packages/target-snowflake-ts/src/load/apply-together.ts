import { CopyRejectedError, LoadError, StatementRefusedError } from '@singer-io-ts/sdk';
import { quoteTable, type Row, type Session } from '@singer-io-ts/snowflake-session';
import type { TableWork } from './apply-table.js';
import type { LoadedPart } from './stage-rows.js';
import { inBatches } from '../sql/in-batches.js';
import { writeRows } from '../sql/load.js';

/** A statement was refused in a request that held several: only running them one by one tells which, and whose it was. */
export class TogetherRefusedError extends LoadError {
  readonly code = 'STATEMENTS_REFUSED';

  constructor(cause: LoadError) {
    super({ message: cause.message, cause });
  }
}

/** This many small tables take no longer than a request may. */
const MAX_TOGETHER = 50;

/** What is done to some tables, with the statements that share a request: none, where the table has more to be done than one. */
export interface Group {
  work: readonly TableWork[];
  statements: ReadonlyMap<LoadedPart, string>;
}

/**
 * Divides work among requests, in its order. Tables share one if they are small, so that a round trip costs more than the statement, and if
 * one statement is all that is done to them. The statements of a request are of one kind, so that whoever looks at requests sees what they do.
 *
 * @param repair tables of which rows have to be put together after the statement
 */
export function inRequests(work: readonly TableWork[], repair: ReadonlySet<string>): Group[] {
  const groups: Group[] = [];
  const together: { work: TableWork; part: LoadedPart; sql: string }[] = [];
  const close = (): void => {
    const batches = inBatches(
      together.map(({ sql }) => sql),
      MAX_TOGETHER,
    );
    for (const { length } of batches) {
      const members = together.splice(0, length);
      const statements = new Map(length > 1 ? members.map(({ part, sql }) => [part, sql]) : []);
      groups.push({ work: members.map((one) => one.work), statements });
    }
  };
  for (const one of work) {
    const [part, more] = one.parts;
    const isOne = part !== undefined && more === undefined && part.part.activate === undefined && !one.replaceBy;
    if (isOne && part.rows > 0 && part.plan.staged.share && !repair.has(quoteTable(one.table))) {
      const sql = writeRows(part.plan);
      if (together[0] && verbOf(together[0].sql) !== verbOf(sql)) close();
      together.push({ work: one, part, sql });
    } else {
      close();
      groups.push({ work: [one], statements: new Map() });
    }
  }
  close();
  return groups;
}

const verbOf = (sql: string): string => sql.slice(0, sql.indexOf(' '));

/**
 * Runs the statements of a group in one request; resolves to the answer to each.
 *
 * @throws {TogetherRefusedError} when Snowflake refuses one; another LoadError as `Session.run` does
 */
export async function writeTogether(session: Session, { statements }: Group): Promise<Map<LoadedPart, Row[]>> {
  try {
    const answers = await session.runTogether([...statements.values()]);
    return new Map([...statements.keys()].map((part, index) => [part, answers[index] ?? []]));
  } catch (error) {
    if (error instanceof StatementRefusedError || error instanceof CopyRejectedError)
      throw new TogetherRefusedError(error);
    throw error;
  }
}
