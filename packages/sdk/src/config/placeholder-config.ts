import type { JsonObject, JsonValue } from '../json/json-value.js';
import { schemaTypes, type JsonSchema } from '../schema/json-schema.js';

/** An address at which there is never anything (RFC 2606). */
const NOWHERE = 'https://placeholder.invalid';

const TEXTS: Readonly<Record<string, string>> = {
  date: '2000-01-01',
  'date-time': '2000-01-01T00:00:00Z',
  time: '00:00:00Z',
  email: 'nobody@placeholder.invalid',
  hostname: 'placeholder.invalid',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/**
 * Settings in which nothing required is missing: what is not given is a placeholder of the right type. For describing a
 * plugin before it is configured; nothing can be reached with them.
 */
export function placeholderConfig(configSchema: JsonSchema, given: JsonObject): JsonObject {
  return { ...(placeholder(configSchema) as JsonObject), ...given };
}

function placeholder(schema: JsonSchema): JsonValue {
  const { const: constant, default: fallback, examples: [example] = [], enum: [allowed] = [] } = schema;
  const known = constant ?? fallback ?? example ?? allowed;
  if (known !== undefined) return known as JsonValue;
  const [alternative] = schema.anyOf ?? schema.oneOf ?? [];
  const [type] = schemaTypes(schema).filter((one) => one !== 'null');
  if (type === undefined && alternative) return placeholder(alternative);
  switch (type) {
    case 'integer':
    case 'number':
      return schema.minimum ?? (schema.exclusiveMinimum === undefined ? 1 : schema.exclusiveMinimum + 1);
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return objectOf(schema);
    default:
      return TEXTS[schema.format ?? ''] ?? NOWHERE;
  }
}

/** Required properties, and those that have a default. */
function objectOf({ properties = {}, required = [] }: JsonSchema): JsonObject {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name, schema]) => required.includes(name) || schema.default !== undefined)
      .map(([name, schema]) => [name, placeholder(schema)]),
  );
}
