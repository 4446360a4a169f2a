import { SourceError } from './source-errors.js';

/** A stream that calls itself sorted gave a record older than the one before: its bookmark would skip records. */
export class UnsortedStreamError extends SourceError {
  static override readonly mark: string = 'UnsortedStreamError';
  readonly code = 'UNSORTED_STREAM';
}
