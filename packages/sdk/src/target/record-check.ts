import type { SchemaMessage } from '../messages/messages.js';
import type { JsonSchema } from '../schema/json-schema.js';
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
 * required or not, as those of log-based taps do. The schema need not describe the property that says so.
 */
export function compileRecordCheck(
  { stream, schema, key_properties: keys }: Pick<SchemaMessage, 'stream' | 'schema' | 'key_properties'>,
  { validate: validated = true, ...options }: RecordCheckOptions = {},
): RecordCheck {
  const hasKeys = compileKeyCheck(stream, keys);
  if (!validated) return hasKeys;
  const whole = allowingDeletions(schema);
  const validate = compileRecordValidator(stream, whole, options);
  // Few streams have deletions, so only those pay for it.
  let sparse: typeof validate | undefined;
  const validateDeletion: typeof validate = (record, line) => {
    const { required: _required, ...relaxed } = whole;
    sparse ??= compileRecordValidator(stream, relaxed, {
      ...options,
      onUnreadPattern: options.onUnreadPattern && (() => undefined),
    });
    sparse(record, line);
  };
  return (record, line) => {
    (schema.required && isDeletion(record) ? validateDeletion : validate)(record, line);
    hasKeys(record, line);
  };
}

function isDeletion(record: Readonly<Record<string, unknown>>): boolean {
  const at = record[DELETED_AT];
  return at !== undefined && at !== null && at !== false;
}

/** A schema that allows no other properties than its own allows the one of deletions. */
function allowingDeletions(schema: JsonSchema): JsonSchema {
  const { properties = {}, additionalProperties, unevaluatedProperties } = schema;
  if (additionalProperties !== false && unevaluatedProperties !== false) return schema;
  if (Object.hasOwn(properties, DELETED_AT)) return schema;
  return { ...schema, properties: { ...properties, [DELETED_AT]: {} } };
}
