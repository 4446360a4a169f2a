import { SingerError, type SingerErrorOptions } from './singer-error.js';

/** A line of input is not the Singer message that may stand there. The message names the line. */
export class ProtocolError extends SingerError {
  static override readonly mark: string = 'ProtocolError';
  readonly code = 'PROTOCOL';
  /** The line of input, counted from 1. */
  readonly line: number | undefined;

  constructor({ line, ...options }: SingerErrorOptions & { line?: number }) {
    super(options);
    this.line = line;
  }
}
