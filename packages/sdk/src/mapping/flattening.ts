import { ConfigError } from '../errors/config-error.js';
import { RecordError } from '../errors/record-error.js';
import { setOwn } from '../json/clone-json.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { stringifyJson } from '../json/lossless.js';
import { schemaTypes, type JsonSchema } from '../schema/json-schema.js';
import type { Flattening } from './mapping-settings.js';

/**
 * Lifts the properties of nested objects to the top of a schema, as the Python SDK does: names are joined, objects and
 * lists below the depth become JSON text.
 *
 * @throws {ConfigError} when two properties would get the same name
 */
export function flattenSchema(stream: string, schema: JsonSchema, flattening: Flattening): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const lift = (node: JsonSchema, path: readonly string[], inNullable: boolean): void => {
    for (const [name, property] of Object.entries(node.properties ?? {})) {
      const key = flatKey([...path, name], flattening);
      const types = schemaTypes(property);
      if (types.includes('object') && property.properties && path.length < flattening.maxDepth) {
        lift(property, [...path, name], inNullable || types.includes('null'));
        continue;
      }
      if (Object.hasOwn(properties, key)) {
        throw new ConfigError({
          message: `flattening gives stream "${stream}" two properties named "${key}"; choose another flattening_separator`,
          setting: 'flattening_separator',
        });
      }
      setOwn(properties, key, leafSchema(property, inNullable));
    }
  };
  lift(schema, [], false);
  const required = schema.required?.filter((name) => Object.hasOwn(properties, name));
  return { ...schema, properties, ...(required ? { required } : {}) };
}

function leafSchema(property: JsonSchema, inNullable: boolean): JsonSchema {
  const types = schemaTypes(property);
  const isStructure = types.includes('object') || types.includes('array');
  // Something of a composite that may hold a structure is written as text when it does.
  if (!isStructure && types.length > 0) return property;
  const nullable = inNullable || types.length === 0 || types.includes('null');
  const scalars = types.filter((type) => type !== 'object' && type !== 'array' && type !== 'null' && type !== 'string');
  if (types.length === 0)
    return (property.anyOf ?? property.oneOf ?? property.allOf) ? property : { type: ['string', 'null'] };
  return { type: [...scalars, 'string' as const, ...(nullable ? ['null' as const] : [])] };
}

/**
 * Lifts the properties of nested objects to the top of a record, to fit a schema that was flattened in the same way.
 *
 * @throws {RecordError} when two values would get the same name, of which only one could stay
 */
export function flattenRecord(
  stream: string,
  record: JsonObject,
  flat: JsonSchema,
  flattening: Flattening,
): JsonObject {
  const result: JsonObject = {};
  const known = flat.properties ?? {};
  const lift = (node: JsonObject, path: readonly string[]): void => {
    for (const [name, value] of Object.entries(node)) {
      const key = flatKey([...path, name], flattening);
      if (isJsonObject(value) && !Object.hasOwn(known, key) && path.length < flattening.maxDepth)
        lift(value, [...path, name]);
      else if (Object.hasOwn(result, key)) throw twice(stream, key);
      else setOwn(result, key, isJsonObject(value) || Array.isArray(value) ? stringifyJson(value) : value);
    }
  };
  lift(record, []);
  return result;
}

const twice = (stream: string, property: string): RecordError =>
  new RecordError({
    message: `flattening gives the record of stream "${stream}" two values for property "${property}"; drop one with stream_maps, or choose another flattening_separator`,
    stream,
    property,
  });

/** Joins names; a joined name as long as the limit has its levels shortened from the left until it fits or all are. */
function flatKey(path: readonly string[], { separator, maxKeyLength }: Flattening): string {
  const parts = [...path];
  for (let i = 0; parts.join(separator).length >= maxKeyLength && i < parts.length; i += 1) {
    parts[i] = shorten(parts[i] ?? '');
  }
  return parts.join(separator);
}

/** `customerAddress_line` → `cal`: the initials of its words, or its first three letters when there is one word only. */
function shorten(name: string): string {
  const camel = name.replace(/(?:^|_)(.)/g, (_match, letter: string) => letter.toUpperCase());
  const initials = camel.replace(/[a-z]/g, '');
  return (initials.length > 1 ? initials : name.slice(0, 3)).toLowerCase();
}
