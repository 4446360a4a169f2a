import { SingerError } from './singer-error.js';

/** The run was asked to stop (SIGTERM, SIGINT), or the program that reads its output has gone. */
export class InterruptedError extends SingerError {
  static override readonly mark: string = 'InterruptedError';
  readonly code = 'INTERRUPTED';
  override readonly endsRun = true;
}
