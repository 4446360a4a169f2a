import { LoadError } from '@singer-io-ts/sdk';
import { quoteTable, type TableName } from '@singer-io-ts/snowflake-session';

/** Where a run stands among the runs that load a stream. */
export interface RunOrder {
  /** The tap's run, as the mark in its STATE gives it: it alone decides where it is known. */
  tapRun: number | undefined;
  /** The greatest table version of this run so far. */
  version: number | undefined;
  /** When this run of the target started, in milliseconds of unix time. */
  targetStarted: number;
  /** Whether rows replace others for no other reason than that they came later, so that the start of the run decides. */
  byStart: boolean;
}

/** What other runs have written to a table. */
export interface OtherRuns {
  tapRun: number | undefined;
  version: number | undefined;
  targetStarted: number | undefined;
}

/** A run that began later has written to the table: what this run has read may be out of date. */
export class LaterRunError extends LoadError {
  readonly code = 'LATER_RUN';
}

/** @throws {LaterRunError} when another run comes after this one in the order of the stream's runs */
export function refuseIfLate(stream: string, table: TableName, own: RunOrder, others: OtherRuns): void {
  const later = laterThan(own, others);
  if (later === undefined) return;
  throw new LaterRunError({
    message: `stream ${stream}: a later run has written table ${quoteTable(table)} (${later}), so this run would overwrite new rows with old ones; nothing of this cut is loaded. Start the tap again from the last state`,
  });
}

function laterThan(own: RunOrder, others: OtherRuns): string | undefined {
  if (own.tapRun !== undefined)
    return isGreater(others.tapRun, own.tapRun)
      ? `the tap's run ${runName(others.tapRun)}, this is run ${runName(own.tapRun)}`
      : undefined;
  if (own.version !== undefined)
    return isGreater(others.version, own.version)
      ? `table version ${others.version}, this run's is ${own.version}`
      : undefined;
  return own.byStart && isGreater(others.targetStarted, own.targetStarted)
    ? `it started at ${runName(others.targetStarted)}, this one at ${runName(own.targetStarted)}`
    : undefined;
}

const isGreater = (other: number | undefined, own: number): other is number => other !== undefined && other > own;

/** A run's number is a time in milliseconds. */
function runName(run: number): string {
  const time = new Date(run);
  return Number.isNaN(time.getTime()) ? String(run) : time.toISOString();
}
