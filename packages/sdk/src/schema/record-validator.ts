import { describeRule, describeSchemaFault } from './schema-errors.js';
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { RecordError } from '../errors/record-error.js';
import { ConfigError } from '../errors/config-error.js';
import { isInherited } from '../json/inherited.js';
import { isMultipleOf } from './decimal.js';
import { canonicalSchema } from './canonical-schema.js';
import { formats, type FormatCheck } from './formats.js';
import type { JsonSchema } from './json-schema.js';
import { readPattern } from './pattern.js';
import { withoutUnreadPatterns } from './unread-patterns.js';

/** Checks one record; throws {@link RecordError} naming line and property, never the value. */
export type RecordValidator = (record: object, line: number) => void;

export interface RecordValidatorOptions {
  /** Whether texts are checked against their `format`. @default true */
  checkFormats?: boolean;
  /** Formats beside those of JSON Schema, or in place of them. @default none */
  formats?: Readonly<Record<string, FormatCheck>>;
  /**
   * Told of a pattern that is no regular expression here, with a sentence for the user; it is not checked then.
   *
   * @default such a pattern makes the schema invalid
   */
  onUnreadPattern?: ((warning: string) => void) | undefined;
}

/** Beyond so many properties one function for all of them is too deep to compile and too large to be fast. */
const PROPERTIES_PER_FUNCTION = 250;

/**
 * Compiles a stream's schema, of any draft from 03 to 2020-12, into a function that checks a record.
 * `multipleOf` is checked on the decimal text of a number, because doubles refuse one valid cent in nine.
 *
 * @throws {ConfigError} when the schema itself is no JSON Schema
 */
export function compileRecordValidator(
  stream: string,
  schema: JsonSchema,
  options: RecordValidatorOptions = {},
): RecordValidator {
  const validators = compile(stream, schema, options);
  return (record, line) => {
    for (const validate of validators) {
      if (validate(record)) continue;
      const error = validate.errors?.[0];
      throw new RecordError({
        message: `line ${String(line)}: record of stream "${stream}" does not fit its schema: ${describe(error)}`,
        stream,
        line,
        property: propertyOf(error),
      });
    }
  };
}

function compile(stream: string, asSent: JsonSchema, options: RecordValidatorOptions): ValidateFunction[] {
  const { onUnreadPattern } = options;
  let schema = asSent;
  const fresh = (): AnyAjv => ajvFor(schema, options);
  const names = Object.keys(schema.properties ?? {});
  try {
    if (onUnreadPattern)
      schema = withoutUnreadPatterns(schema, ([map, name], reason) => {
        const where = map === 'properties' && name !== undefined ? `, property "${name}"` : '';
        onUnreadPattern(`stream "${stream}"${where}: a pattern of the schema is not checked: ${reason}`);
      });
    return names.length <= PROPERTIES_PER_FUNCTION
      ? [fresh().compile(canonicalSchema(schema))]
      : compileInGroups(fresh, schema, names);
  } catch (cause) {
    const property = propertyAtFault(fresh, schema, names);
    const where = property === undefined ? '' : `property "${property}": `;
    const message = `the schema of stream "${stream}" is not valid JSON Schema: ${where}${reasonOf(cause)}`;
    throw new ConfigError({ message, cause });
  }
}

/**
 * The same checks by several functions: what concerns the record as a whole, and its properties in groups. References lead into the whole
 * schema, which each function has beside its own part.
 */
function compileInGroups(fresh: () => AnyAjv, schema: JsonSchema, names: readonly string[]): ValidateFunction[] {
  const whole = canonicalSchema(schema, '#/whole');
  const { properties = {} } = whole;
  const taken = Object.fromEntries(names.map((name) => [name, true]));
  const validators: ValidateFunction[] = [fresh().compile({ ...whole, whole, properties: taken })];
  for (let from = 0; from < names.length; from += PROPERTIES_PER_FUNCTION) {
    const group = names.slice(from, from + PROPERTIES_PER_FUNCTION).map((name) => [name, properties[name] ?? true]);
    validators.push(fresh().compile({ whole, properties: Object.fromEntries(group) as Record<string, JsonSchema> }));
  }
  return validators;
}

/** The first property that cannot be compiled on its own. */
function propertyAtFault(fresh: () => AnyAjv, schema: JsonSchema, names: readonly string[]): string | undefined {
  return names.find((name) => {
    try {
      const whole = canonicalSchema(schema, '#/whole');
      fresh().compile({ whole, properties: { [name]: whole.properties?.[name] ?? true } });
      return false;
    } catch {
      return true;
    }
  });
}

function reasonOf(cause: unknown): string {
  if (cause instanceof RangeError) return 'it is nested too deeply, or refers to itself and nothing else';
  return cause instanceof Error ? describeSchemaFault(cause.message) : 'unknown reason';
}

function ajvFor(schema: JsonSchema, { checkFormats = true, formats: own }: RecordValidatorOptions): AnyAjv {
  // Schemas of streams come from anywhere: unknown keywords and formats are not this record's fault.
  const options: Options = {
    strict: false,
    allErrors: false,
    validateFormats: checkFormats,
    formats: { ...formats, ...own },
    logger: false,
    validateSchema: false,
    meta: false,
    inlineRefs: true,
    code: { regExp: Object.assign(readPattern, { code: 'readPattern' }) },
    ownProperties: namesInherited(schema),
  };
  const ajv = makeAjv(schema, options);
  ajv.removeKeyword('multipleOf');
  // Draft-04 calls addresses so, and those are gone; others are properties that their author forgot to put into `properties`.
  ajv.removeKeyword('id');
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    compile: (step: number) => (value: number) => isMultipleOf(value, step),
    error: { message: ({ schema: step }) => `must be a multiple of ${String(step)}` },
  });
  return ajv;
}

/** Ajv has a class for each group of drafts. */
type AnyAjv = Ajv | Ajv2019 | Ajv2020;

function makeAjv({ $schema: draft }: JsonSchema, options: Options): AnyAjv {
  if (typeof draft === 'string' && draft.includes('2020-12')) return new Ajv2020(options);
  if (typeof draft === 'string' && draft.includes('2019-09')) return new Ajv2019(options);
  return new Ajv(options);
}

/** Asking for own properties costs time, so it is done for schemas that name one which every object has. */
function namesInherited(schema: JsonSchema): boolean {
  let found = false;
  JSON.stringify(schema, (name, value: unknown) => {
    found ||= (name !== '' && isInherited(name)) || (typeof value === 'string' && isInherited(value));
    return value;
  });
  return found;
}

/** Names the property and the rule. Never the value: `enum` and `const` rules hold the schema's own values only. */
function describe(error: ErrorObject | undefined): string {
  if (!error) return 'unknown reason';
  const where = error.instancePath === '' ? 'the record' : stepsOf(error).join('.');
  const unwanted = unwantedProperty(error);
  if (unwanted !== undefined) {
    // Names of properties further inside may be data.
    const named = error.instancePath === '' ? ` "${unwanted}"` : '';
    return `${where} has a property${named} that the schema does not allow`;
  }
  return `${where} ${describeRule(error)}`;
}

function propertyOf(error: ErrorObject | undefined): string | undefined {
  if (!error) return undefined;
  const [first] = stepsOf(error);
  if (first !== undefined) return first;
  const { missingProperty } = error.params as { missingProperty?: unknown };
  return typeof missingProperty === 'string' ? missingProperty : unwantedProperty(error);
}

function unwantedProperty({ params }: ErrorObject): string | undefined {
  const { additionalProperty, unevaluatedProperty } = params as Record<string, unknown>;
  const name = additionalProperty ?? unevaluatedProperty;
  return typeof name === 'string' ? name : undefined;
}

const stepsOf = ({ instancePath }: ErrorObject): string[] =>
  instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
