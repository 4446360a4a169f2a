import { SingerError, type SingerErrorOptions } from './singer-error.js';

/** A record does not fit its stream's schema. Names stream, line and property, never the value. */
export class RecordError extends SingerError {
  static override readonly mark: string = 'RecordError';
  readonly code = 'RECORD';
  readonly stream: string;
  /** The line of input, counted from 1. */
  readonly line: number | undefined;
  /** The property at fault, where it is one. */
  readonly property: string | undefined;

  constructor({
    stream,
    line,
    property,
    ...options
  }: SingerErrorOptions & { stream: string; line?: number | undefined; property?: string | undefined }) {
    super(options);
    this.stream = stream;
    this.line = line;
    this.property = property;
  }
}
