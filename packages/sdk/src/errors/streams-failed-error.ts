import { describeError, exitCodeOf } from './describe-error.js';
import { ExitCode, SingerError } from './singer-error.js';

/** A stream that failed, and why. */
export interface StreamFailure {
  readonly stream: string;
  readonly error: unknown;
}

/** Some streams of a run failed; the others were read to their end. */
export class StreamsFailedError extends SingerError {
  static override readonly mark: string = 'StreamsFailedError';
  readonly code = 'STREAMS_FAILED';
  override readonly exitCode: ExitCode;
  readonly failures: readonly StreamFailure[];

  /** @param total how many streams were to be read */
  constructor({ failures, total }: { failures: readonly StreamFailure[]; total: number }) {
    super({ message: describeFailures(failures, total), cause: failures[0]?.error });
    this.failures = failures;
    this.exitCode = sharedExitCode(failures, total);
  }
}

/** What every stream ended with is what the run ends with: if all were refused, running it again cannot help. */
function sharedExitCode(failures: readonly StreamFailure[], total: number): ExitCode {
  const [code = ExitCode.runFailed, ...others] = new Set(failures.map(({ error }) => exitCodeOf(error)));
  return failures.length === total && others.length === 0 ? code : ExitCode.runFailed;
}

function describeFailures(failures: readonly StreamFailure[], total: number): string {
  const names = failures.map(({ stream }) => stream).join(', ');
  const others = failures.length === total ? '' : '; the others were read to their end';
  const [only] = failures;
  const reason = only && failures.length === 1 ? `: ${describeError(only.error)}` : '';
  return `${String(failures.length)} of ${String(total)} streams failed (${names})${reason}${others}`;
}
