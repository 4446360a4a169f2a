import { createHash } from 'node:crypto';
import { Environment } from '@marcbachmann/cel-js';
import { ConfigError } from '../errors/config-error.js';
import type { JsonObject, JsonValue } from '../json/json-value.js';
import { stringifyJson } from '../json/lossless.js';
import { schemaTypes, type JsonSchema } from '../schema/json-schema.js';
import { fromCel, toCel } from './cel-values.js';

/** What an expression sees of one record; made once for a record, whatever the number of expressions. */
export interface ExpressionScope {
  readonly record: JsonObject;
  /** The record as expressions compute with it. */
  readonly computed: Readonly<Record<string, unknown>>;
}

/** A compiled expression. */
export interface Expression {
  /** The schema of its results; undefined where that cannot be told from the expression. */
  readonly schema: JsonSchema | undefined;
  /** Throws an Error whose message holds no value of the record. */
  evaluate(scope: ExpressionScope): JsonValue;
}

export interface ExpressionCompilerOptions {
  /** The stream's name, before it is mapped and after. */
  stream: string;
  alias: string;
  schema: JsonSchema;
  mapConfig: JsonObject;
}

/** The text of a reference to one property: `name`, `record.name`, `_["name"]`. */
const REFERENCE =
  /^\s*(?:([A-Za-z_]\w*)|(?:record|_)\.([A-Za-z_]\w*)|(?:record|_)\[\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\])\s*$/;
const IDENTIFIER = /^[A-Za-z_]\w*$/;
const OWN_NAMES = ['_', 'record', 'config', 'self', '__stream_name__', '__original_stream_name__'];
/** Words that Python has and CEL spells otherwise. */
const PYTHON = /(?<!["'\w.])(and|or|not|None|True|False|if|else|is)(?![\w"'(])/;

/**
 * Compiles the expressions of stream maps. They are CEL, the Common Expression Language: no loops without an end, no
 * side effects, no access to anything but the record and the settings in `stream_map_config`.
 */
export class ExpressionCompiler {
  readonly #options: ExpressionCompilerOptions;
  readonly #environment: Environment;
  readonly #typed: Environment;
  readonly #constants: Record<string, unknown>;

  constructor(options: ExpressionCompilerOptions) {
    const { schema, mapConfig, stream, alias } = options;
    this.#options = options;
    this.#environment = environmentOf(schema, () => 'dyn');
    this.#typed = environmentOf(schema, celType);
    this.#constants = {
      config: toCel(mapConfig, undefined),
      __stream_name__: alias,
      __original_stream_name__: stream,
    };
  }

  /** Prepares a record for all expressions of its stream. */
  scope(record: JsonObject): ExpressionScope {
    const computed = toCel(record, this.#options.schema) as Record<string, unknown>;
    const missing = Object.keys(this.#options.schema.properties ?? {}).filter((name) => !(name in computed));
    const whole =
      missing.length === 0 ? computed : { ...Object.fromEntries(missing.map((name) => [name, null])), ...computed };
    return { record, computed: { ...whole, ...this.#constants, record: whole, _: whole } };
  }

  /**
   * @param where the setting, for messages: `stream_maps.invoices.total`
   * @param self the property whose value `self` is
   * @throws {ConfigError} when the text is no expression, or names what is not there
   */
  compile(text: string, where: string, self?: string): Expression {
    const reference = this.#reference(text, self);
    if (reference !== undefined) {
      return {
        schema: this.#options.schema.properties?.[reference],
        evaluate: ({ record }) => (Object.hasOwn(record, reference) ? (record[reference] ?? null) : null),
      };
    }
    const program = this.#parse(text, where);
    return {
      schema: this.#resultSchema(text),
      evaluate: ({ computed }) =>
        fromCel(run(program, self === undefined ? computed : { ...computed, self: computed[self] ?? null })),
    };
  }

  /** A mere reference is not computed: its value passes with all its digits. */
  #reference(text: string, self: string | undefined): string | undefined {
    if (text.trim() === 'self') return self;
    const named = REFERENCE.exec(text)
      ?.slice(1)
      .find((group: string | undefined) => group !== undefined);
    if (named === undefined || OWN_NAMES.includes(named)) return undefined;
    return Object.hasOwn(this.#options.schema.properties ?? {}, named) ? named : undefined;
  }

  #parse(text: string, where: string): (scope: Record<string, unknown>) => unknown {
    try {
      const program = this.#environment.parse(text);
      const { valid, error } = program.check();
      if (!valid) throw error ?? new Error('unknown reason');
      return program as (scope: Record<string, unknown>) => unknown;
    } catch (cause) {
      const hint = PYTHON.test(text) ? '; expressions are CEL: && || ! null true false, and "c ? a : b"' : '';
      throw new ConfigError({
        message: `setting "${where}" is no valid expression: ${firstLine(cause)}${hint}`,
        setting: where,
        cause,
      });
    }
  }

  #resultSchema(text: string): JsonSchema | undefined {
    try {
      const { valid, type } = this.#typed.parse(text).check();
      return valid ? jsonType(type ?? 'dyn') : undefined;
    } catch {
      return undefined;
    }
  }
}

function run(program: (scope: Record<string, unknown>) => unknown, scope: Record<string, unknown>): unknown {
  try {
    return program(scope);
  } catch (cause) {
    // Some messages of the library quote values; these do not.
    const line = firstLine(cause);
    const known = /^(?:no such overload|found no matching overload|No such key|division by zero|Unknown variable)/.test(
      line,
    );
    throw new Error(known ? line : 'it cannot be computed', { cause });
  }
}

function environmentOf(schema: JsonSchema, typeOf: (property: JsonSchema) => string): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true });
  for (const operator of ['+', '-', '*', '/'] as const) {
    environment.registerOperator(`double ${operator} int: double`, ARITHMETIC[operator]);
    environment.registerOperator(`int ${operator} double: double`, ARITHMETIC[operator]);
  }
  environment.registerFunction('md5(dyn): string', (value: unknown) => hash('md5', value));
  environment.registerFunction('sha256(dyn): string', (value: unknown) => hash('sha256', value));
  environment.registerFunction('json(dyn): string', (value: unknown) => stringifyJson(fromCel(value)));
  environment.registerFunction('str(dyn): string', (value: unknown) => text(value));
  environment.registerFunction('float(dyn): double', (value: unknown) => Number(value));
  environment.registerVariable('record', 'map<string, dyn>').registerVariable('_', 'map<string, dyn>');
  environment.registerVariable('config', 'map<string, dyn>').registerVariable('self', 'dyn');
  environment.registerVariable('__stream_name__', 'string').registerVariable('__original_stream_name__', 'string');
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!IDENTIFIER.test(name) || OWN_NAMES.includes(name)) continue;
    try {
      environment.registerVariable(name, typeOf(property));
    } catch {
      // A name that CEL keeps for itself, such as `in`, can be reached as record["in"].
    }
  }
  return environment;
}

const ARITHMETIC = {
  '+': (a: unknown, b: unknown) => Number(a) + Number(b),
  '-': (a: unknown, b: unknown) => Number(a) - Number(b),
  '*': (a: unknown, b: unknown) => Number(a) * Number(b),
  '/': (a: unknown, b: unknown) => Number(a) / Number(b),
};

function hash(algorithm: 'md5' | 'sha256', value: unknown): string | null {
  return value === null ? null : createHash(algorithm).update(text(value)).digest('hex');
}

function text(value: unknown): string {
  const json = fromCel(value);
  return typeof json === 'string' ? json : stringifyJson(json);
}

function celType(property: JsonSchema): string {
  const [type, ...others] = schemaTypes(property).filter((name) => name !== 'null');
  if (type === undefined || others.length > 0) return 'dyn';
  return {
    integer: 'int',
    number: 'double',
    string: 'string',
    boolean: 'bool',
    array: 'list',
    object: 'map<string, dyn>',
  }[type];
}

function jsonType(celResult: string): JsonSchema | undefined {
  if (celResult.startsWith('list')) return { type: ['array', 'null'] };
  if (celResult.startsWith('map')) return { type: ['object', 'null'] };
  if (celResult.endsWith('Timestamp')) return { type: ['string', 'null'], format: 'date-time' };
  const type = { int: 'integer', uint: 'integer', double: 'number', string: 'string', bool: 'boolean' } as const;
  const known = type[celResult as keyof typeof type] as (typeof type)[keyof typeof type] | undefined;
  return known === undefined ? undefined : { type: [known, 'null'] };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.trim() ?? '';
}
