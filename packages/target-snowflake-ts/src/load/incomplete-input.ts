import { LoadError, type Cut } from '@singer-io-ts/sdk';
import { quoteTable } from '@singer-io-ts/snowflake-session';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { StreamRuns } from './stream-runs.js';

/** Input ended with records that no STATE covers, so what was collected to overwrite tables is not published. */
export class IncompleteInputError extends LoadError {
  readonly code = 'INCOMPLETE_INPUT';
}

export interface InputEnd extends Pick<Cut<unknown>, 'recordsAfterState'> {
  plans: Iterable<StreamPlan>;
  runs: StreamRuns;
  /** Whether the input had a STATE at all. */
  hasState: boolean;
}

/**
 * What was collected to overwrite tables is published only if it is complete.
 *
 * @throws {IncompleteInputError} at the end of an input that is not complete
 */
export function refuseIncomplete({ plans, runs, recordsAfterState, hasState }: InputEnd): void {
  const overwritten = [...plans].filter(({ loadMethod }) => loadMethod === 'overwrite');
  if (overwritten.length === 0) return;
  if (recordsAfterState && hasState) {
    throw new IncompleteInputError({
      message:
        'records follow the last STATE, so the tap did not finish: no table was overwritten and no STATE is written',
    });
  }
  const part = overwritten.find(({ stream }) => runs.mark(stream)?.last.complete === false);
  if (!part) return;
  const continued = runs.mark(part.stream)?.first.from !== null;
  throw new IncompleteInputError({
    message:
      `stream ${part.stream}: the tap has sent only a part of it (${continued ? 'it continued from a bookmark' : 'it did not finish'}), so it cannot replace table ${quoteTable(part.table)}: ` +
      'no table was overwritten and no STATE is written. Run the tap without its state (meltano run --full-refresh TAP target-snowflake-ts), or set load_method to upsert',
  });
}
