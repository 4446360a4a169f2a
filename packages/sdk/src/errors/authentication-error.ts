import { ExitCode, SingerError } from './singer-error.js';

/** The other side refused the credentials. Never retried: tokens that keep failing may be locked. */
export class AuthenticationError extends SingerError {
  readonly code = 'AUTHENTICATION';
  override readonly exitCode = ExitCode.signInRefused;
}
