import { ConfigError } from '../errors/config-error.js';
import { RecordError } from '../errors/record-error.js';
import { setOwn } from '../json/clone-json.js';
import type { JsonObject } from '../json/json-value.js';
import type { SchemaMessage } from '../messages/messages.js';
import type { JsonSchema } from '../schema/json-schema.js';
import { ExpressionCompiler, type Expression, type ExpressionScope } from './expression.js';
import { flattenRecord, flattenSchema } from './flattening.js';
import type { MappedStream } from './mapped-stream.js';
import type { Flattening } from './mapping-settings.js';

/** Says "take this away", where a setting cannot hold null. */
export const NULL_TEXT = '__NULL__';

/** A property whose type cannot be told from its expression. */
const ANYTHING: JsonSchema = { type: ['string', 'number', 'boolean', 'object', 'array', 'null'] };

export interface StreamMapOptions {
  /** The stream as it comes. */
  source: Omit<SchemaMessage, 'type'>;
  /** What it is called afterwards. */
  alias: string;
  /** The setting, for messages. */
  where: string;
  /** The map: properties by name, and `__filter__`, `__else__`, `__key_properties__`. */
  map: Readonly<JsonObject>;
  mapConfig: JsonObject;
  flattening: Flattening | undefined;
}

/**
 * Compiles one stream map.
 *
 * @throws {ConfigError} when it holds what is no map, or takes a key property away without naming other keys
 */
export function compileStreamMap(options: StreamMapOptions): MappedStream {
  const { source, alias, where, map, mapConfig, flattening } = options;
  const { __filter__: filterText, __else__: rest, __key_properties__: keySetting, ...properties } = map;
  if (rest !== undefined && !isNothing(rest)) refuse(`${where}.__else__`, 'can only be null');
  const keys = keyProperties(source.key_properties, keySetting, where);
  const compiler = new ExpressionCompiler({ stream: source.stream, alias, schema: source.schema, mapConfig });
  const filter =
    filterText === undefined || filterText === null ? undefined : compileFilter(compiler, filterText, where);
  const keepsRest = rest === undefined;
  const changes = Object.entries(properties).map(([name, text]): Change => {
    const at = `${where}.${name}`;
    if (name.startsWith('__')) refuse(at, 'is no option of a stream map');
    if (isNothing(text)) return { name, expression: undefined };
    if (typeof text !== 'string') refuse(at, 'must be an expression, or null to take the property away');
    return {
      name,
      expression: compiler.compile(text, at, Object.hasOwn(source.schema.properties ?? {}, name) ? name : undefined),
    };
  });
  const schema = mappedSchema(source.schema, changes, keepsRest ? undefined : keys);
  for (const key of keys) {
    if (!Object.hasOwn(schema.properties ?? {}, key)) {
      refuse(
        where,
        `leaves no property "${key}", which is a key; name other keys in __key_properties__, or null for none`,
      );
    }
  }
  const flat = flattening && flattenSchema(alias, schema, flattening);
  const outSchema = flat ?? schema;
  const bookmarks = source.bookmark_properties?.filter((name) => Object.hasOwn(outSchema.properties ?? {}, name));
  return {
    message: {
      stream: alias,
      schema: outSchema,
      key_properties: [...keys],
      ...(bookmarks && bookmarks.length > 0 ? { bookmark_properties: bookmarks } : {}),
    },
    map: (record) => {
      const scope = compiler.scope(record);
      if (filter && !isTrue(evaluate(filter, scope, `${where}.__filter__`, source.stream))) return undefined;
      const mapped: JsonObject = keepsRest ? { ...record } : pick(record, keys);
      for (const { name, expression } of changes) {
        if (expression) setOwn(mapped, name, evaluate(expression, scope, `${where}.${name}`, source.stream));
        else delete mapped[name];
      }
      return flattening && flat ? flattenRecord(source.stream, mapped, flat, flattening) : mapped;
    },
  };
}

interface Change {
  readonly name: string;
  /** Undefined takes the property away. */
  readonly expression: Expression | undefined;
}

/** Whether a setting asks for nothing to be there. */
export function isNothing(value: unknown): boolean {
  return value === null || value === NULL_TEXT;
}

function keyProperties(own: readonly string[], setting: JsonObject[string], where: string): readonly string[] {
  if (setting === undefined) return own;
  if (isNothing(setting)) return [];
  if (Array.isArray(setting) && setting.every((name) => typeof name === 'string')) return setting;
  return refuse(`${where}.__key_properties__`, 'must be a list of property names, or null for none');
}

function compileFilter(compiler: ExpressionCompiler, text: JsonObject[string], where: string): Expression {
  if (typeof text !== 'string') return refuse(`${where}.__filter__`, 'must be an expression');
  return compiler.compile(text, `${where}.__filter__`);
}

function mappedSchema(
  schema: JsonSchema,
  changes: readonly Change[],
  keepOnly: readonly string[] | undefined,
): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!keepOnly || keepOnly.includes(name)) setOwn(properties, name, property);
  }
  for (const { name, expression } of changes) {
    if (expression) setOwn(properties, name, expression.schema ?? ANYTHING);
    else delete properties[name];
  }
  const computed = new Set(changes.map(({ name }) => name));
  const required = schema.required?.filter((name) => Object.hasOwn(properties, name) && !computed.has(name));
  return { ...schema, properties, ...(required ? { required } : {}) };
}

function evaluate(expression: Expression, scope: ExpressionScope, where: string, stream: string): JsonObject[string] {
  try {
    return expression.evaluate(scope);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason';
    throw new RecordError({
      message: `setting "${where}" cannot be applied to a record of stream "${stream}": ${reason}`,
      stream,
      cause,
    });
  }
}

function isTrue(value: unknown): boolean {
  return value !== null && value !== false && value !== 0 && value !== '';
}

function pick(record: JsonObject, names: readonly string[]): JsonObject {
  const picked: JsonObject = {};
  for (const name of names) if (Object.hasOwn(record, name)) setOwn(picked, name, record[name]);
  return picked;
}

function refuse(setting: string, what: string): never {
  throw new ConfigError({ message: `setting "${setting}" ${what}`, setting });
}
