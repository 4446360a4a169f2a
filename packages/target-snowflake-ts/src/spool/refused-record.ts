import { textOf, type RecordBytes, type RecordError } from '@singer-io-ts/sdk';

/** A record that was not loaded, and why. */
export interface RefusedRecord {
  stream: string;
  /** Where it stood: the line of input, or that of the BATCH message. */
  line: number | undefined;
  property: string | undefined;
  /** What is wrong with it, without the value. */
  reason: string;
  /** The record's JSON as it came. */
  record: string;
}

export function refusedRecord(stream: string, error: RecordError, bytes: RecordBytes): RefusedRecord {
  const { line, property, message: reason } = error;
  return { stream, line, property, reason, record: textOf(bytes) };
}
