import { CopyRejectedError, type SingerErrorOptions } from '@singer-io-ts/sdk';
import type { Part } from '../spool/part-writer.js';
import type { SealedStream } from '../spool/sink.js';

/** A row that Snowflake refused in COPY, of which it is known where it stands. */
export interface RefusedRow {
  sealed: SealedStream;
  part: Part;
  /** The number that the row bears. */
  number: number;
  property: string | undefined;
  /** What is wrong with it, without the value. */
  reason: string;
}

/** Snowflake refused a value that only it can judge, such as one for a GEOGRAPHY. */
export class RefusedRowError extends CopyRejectedError {
  static override readonly mark: string = 'RefusedRowError';

  constructor(
    readonly row: RefusedRow,
    options: SingerErrorOptions,
  ) {
    super(options);
  }
}
