import { ExitCode, SingerError } from './singer-error.js';

/** The command line or a file named on it (config, state, catalog) cannot be used. */
export class UsageError extends SingerError {
  static override readonly mark: string = 'UsageError';
  readonly code = 'USAGE';
  override readonly exitCode = ExitCode.badUsage;
}
