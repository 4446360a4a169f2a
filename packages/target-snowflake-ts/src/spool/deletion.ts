import { RecordError, type RecordLine } from '@singer-io-ts/sdk';
import { checkDateTime } from '../values/date-time.js';

/** What a record says by the property that marks deletions. */
export interface Deletion {
  /** When the row was deleted, as the target's own text for it. */
  at: string;
  /** A character for each property of the stream, `1` where the record does not carry it; undefined when it carries all. */
  missing: string | undefined;
}

export interface DeletionReader {
  stream: string;
  /** The property that marks deletions. */
  deletedAt: string;
  properties: readonly string[];
}

/**
 * Reads whether a record says that its row is deleted: by a date-time, also as a plain text (in UTC without an offset), or by true, which
 * means now.
 *
 * @throws RecordError when the property says neither
 */
export function readDeletion(
  { stream, deletedAt, properties }: DeletionReader,
  { record, line }: RecordLine,
  now: () => number,
): Deletion | undefined {
  const value = Object.hasOwn(record, deletedAt) ? record[deletedAt] : undefined;
  if (value === undefined || value === null || value === false) return undefined;
  const at = value === true ? new Date(now()).toISOString() : typeof value === 'string' ? instantOf(value) : undefined;
  if (at === undefined) {
    throw new RecordError({
      message: `line ${line}: stream "${stream}", property "${deletedAt}": the value is neither a date-time nor true, by which a record says that its row is deleted`,
      stream,
      line,
      property: deletedAt,
    });
  }
  const missing = properties.map((property) => (Object.hasOwn(record, property) ? '0' : '1')).join('');
  return { at, missing: missing.includes('1') ? missing : undefined };
}

/** Taps that put an offset behind a time which has one write it twice. */
const TWICE = /([+-]\d\d:\d\d)\1$/;

function instantOf(written: string): string | undefined {
  const text = written.replace(TWICE, '$1');
  const verdict = checkDateTime(text);
  if (verdict === undefined) return text;
  return 'write' in verdict && typeof verdict.write === 'string' ? verdict.write : undefined;
}
