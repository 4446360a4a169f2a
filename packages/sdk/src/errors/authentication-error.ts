import { ExitCode, SingerError } from './singer-error.js';
import type { SourceErrorOptions } from './source-errors.js';

/** The other side refused the credentials. Never retried: tokens that keep failing may be locked. */
export class AuthenticationError extends SingerError {
  static override readonly mark: string = 'AuthenticationError';
  readonly code = 'AUTHENTICATION';
  override readonly endsRun = true;
  override readonly exitCode = ExitCode.signInRefused;
  /** The status of the answer; undefined where none came. */
  readonly status: number | undefined;
  /** What the answer said, without secrets; for programs and log level debug. */
  readonly answer: string | undefined;

  constructor({ status, answer, ...options }: SourceErrorOptions) {
    super(options);
    this.status = status;
    this.answer = answer;
  }
}
