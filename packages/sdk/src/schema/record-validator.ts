import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { RecordError } from '../errors/record-error.js';
import { ConfigError } from '../errors/config-error.js';
import { isMultipleOf } from './decimal.js';
import { formats } from './formats.js';
import type { JsonSchema } from './json-schema.js';

/** Checks one record; throws {@link RecordError} naming line and property, never the value. */
export type RecordValidator = (record: object, line: number) => void;

/**
 * Compiles a stream's schema into a function that checks a record.
 * `multipleOf` is checked on the decimal text of a number, because doubles refuse one valid cent in nine.
 *
 * @throws {ConfigError} when the schema itself is no JSON Schema
 */
export function compileRecordValidator(stream: string, schema: JsonSchema): RecordValidator {
  const validate = compile(stream, schema);
  return (record, line) => {
    if (validate(record)) return;
    throw new RecordError({
      message: `line ${String(line)}: record of stream "${stream}" does not fit its schema: ${describe(validate.errors?.[0])}`,
      stream,
      line,
    });
  };
}

function compile(stream: string, schema: JsonSchema): ValidateFunction {
  // Schemas of streams come from anywhere: unknown keywords and formats are not this record's fault.
  const ajv = new Ajv({
    strict: false,
    allErrors: false,
    validateFormats: true,
    formats,
    logger: false,
    validateSchema: false,
    inlineRefs: true,
  });
  ajv.removeKeyword('multipleOf');
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    compile: (step: number) => (value: number) => isMultipleOf(value, step),
    error: { message: ({ schema: step }) => `must be a multiple of ${String(step)}` },
  });
  const { $schema: _draft, $id: _id, ...rest } = schema;
  try {
    return ajv.compile(rest);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason';
    throw new ConfigError({ message: `the schema of stream "${stream}" is not valid JSON Schema: ${reason}`, cause });
  }
}

/** Names the property and the rule. Never the value: `enum` and `const` rules hold the schema's own values only. */
function describe(error: ErrorObject | undefined): string {
  if (!error) return 'unknown reason';
  const where = error.instancePath === '' ? 'the record' : error.instancePath.slice(1).replaceAll('/', '.');
  if (error.keyword === 'additionalProperties') return `${where} has a property that the schema does not allow`;
  return `${where} ${error.message ?? error.keyword}`;
}
