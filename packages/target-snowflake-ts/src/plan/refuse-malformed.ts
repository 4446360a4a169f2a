import { ConfigError } from '@singer-io-ts/sdk';
import type { PropertySchema } from './json-schema-type.js';

/** Keywords that hold schemas, by what they hold them in. */
const LISTS = ['anyOf', 'oneOf', 'allOf'] as const;
const MAPS = ['properties', 'definitions', '$defs', 'dependentSchemas'] as const;
const SINGLE = ['then', 'else'] as const;

/**
 * A schema need not be validated, but types can only be read from one that is as JSON Schema has it.
 *
 * @throws {ConfigError} naming the stream and, if the fault is in one, the property
 */
export function refuseMalformed(stream: string, schema: PropertySchema): void {
  const { properties = {}, ...rest } = schema;
  const inside = Object.entries(properties).map(([name, one]) => [`property "${name}": `, one] as const);
  for (const [where, one] of [...inside, ['', rest] as const]) {
    const fault = faultOf(one);
    if (fault !== undefined)
      throw new ConfigError({ message: `the schema of stream "${stream}" is not valid JSON Schema: ${where}${fault}` });
  }
}

function faultOf(schema: unknown): string | undefined {
  if (typeof schema === 'boolean') return undefined;
  if (!isObject(schema)) return 'a schema is an object, true or false';
  const { type } = schema as PropertySchema;
  const types: readonly unknown[] = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (!types.every((one) => typeof one === 'string')) return 'its type is neither a name nor a list of names';
  for (const keyword of LISTS) {
    const list = schema[keyword];
    if (list !== undefined && !Array.isArray(list)) return `${keyword} is no list`;
  }
  return first([
    ...LISTS.flatMap((keyword) => (schema[keyword] as unknown[] | undefined) ?? []),
    ...MAPS.flatMap((keyword) => (isObject(schema[keyword]) ? Object.values(schema[keyword]) : [])),
    ...SINGLE.flatMap((keyword) => (schema[keyword] === undefined ? [] : [schema[keyword]])),
  ]);
}

function first(schemas: readonly unknown[]): string | undefined {
  for (const schema of schemas) {
    const fault = faultOf(schema);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
