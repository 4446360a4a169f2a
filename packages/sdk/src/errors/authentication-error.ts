import { ExitCode, SingerError } from './singer-error.js';

/** The other side refused the credentials. Never retried: tokens that keep failing may be locked. */
export class AuthenticationError extends SingerError {
  static override readonly mark: string = 'AuthenticationError';
  readonly code = 'AUTHENTICATION';
  override readonly endsRun = true;
  override readonly exitCode = ExitCode.signInRefused;
}
