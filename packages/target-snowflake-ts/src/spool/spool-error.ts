import { LoadError } from '@singer-io-ts/sdk';

/** Files that wait to be loaded could not be written: the disk is full, or gone. */
export class SpoolError extends LoadError {
  readonly code = 'SPOOL';
}
