import type { SchemaMessage } from '../messages/messages.js';
import { compileRecordValidator, type RecordValidatorOptions } from '../schema/record-validator.js';
import { compileKeyCheck } from './key-check.js';

/** Throws {@link RecordError} for a record that does not fit its stream's SCHEMA, or that has no value in a key. */
export type RecordCheck = (record: Readonly<Record<string, unknown>>, line: number) => void;

export interface RecordCheckOptions extends RecordValidatorOptions {
  /** Whether records are checked against the schema at all. @default true */
  validate?: boolean;
}

/** By this a record says that its row is deleted. */
const DELETED_AT = '_sdc_deleted_at';

/**
 * Compiles what every record of a stream must fulfil. A record that says that its row is deleted carries its key and may lack anything else,
 * required or not, as those of log-based taps do.
 */
export function compileRecordCheck(
  { stream, schema, key_properties: keys }: Pick<SchemaMessage, 'stream' | 'schema' | 'key_properties'>,
  { validate: validated = true, ...options }: RecordCheckOptions = {},
): RecordCheck {
  const hasKeys = compileKeyCheck(stream, keys);
  if (!validated) return hasKeys;
  const validate = compileRecordValidator(stream, schema, options);
  const { required, ...relaxed } = schema;
  const sparse =
    required && Object.hasOwn(schema.properties ?? {}, DELETED_AT)
      ? compileRecordValidator(stream, relaxed, options)
      : undefined;
  return (record, line) => {
    const isDeletion = sparse && record[DELETED_AT] !== undefined && record[DELETED_AT] !== null;
    (isDeletion ? sparse : validate)(record, line);
    hasKeys(record, line);
  };
}
