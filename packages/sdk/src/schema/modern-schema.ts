import { isJsonObject } from '../json/json-value.js';
import type { JsonSchema } from './json-schema.js';

const SCHEMAS = ['additionalItems', 'additionalProperties', 'contains', 'contentSchema', 'else', 'if', 'items', 'not', 'propertyNames', 'then', 'unevaluatedItems', 'unevaluatedProperties']; // prettier-ignore
const LISTS = ['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems'];
const MAPS = ['$defs', 'definitions', 'dependencies', 'dependentSchemas', 'patternProperties', 'properties'];

/**
 * Writes a schema of draft-04 as later drafts have it: `id` is `$id`, and a boolean `exclusiveMinimum` takes the number of `minimum`.
 * Later drafts come out as they are, since neither is valid in them. `$schema` is left out: which draft it is has been decided.
 */
export function modernSchema(schema: JsonSchema): JsonSchema {
  return modern(schema) as JsonSchema;
}

function modern(schema: unknown): unknown {
  if (!isJsonObject(schema)) return schema;
  const { $schema: _draft, id, ...rest } = schema as Record<string, unknown>;
  const made: Record<string, unknown> = { ...rest };
  if (id !== undefined && made['$id'] === undefined && typeof id === 'string') made['$id'] = id;
  for (const [exclusive, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    // prettier-ignore
    if (typeof made[exclusive] !== 'boolean') continue;
    if (made[exclusive] && made[limit] !== undefined) {
      made[exclusive] = made[limit];
      delete made[limit];
    } else delete made[exclusive];
  }
  for (const keyword of SCHEMAS) if (isJsonObject(made[keyword])) made[keyword] = modern(made[keyword]);
  for (const keyword of LISTS) {
    const list = made[keyword];
    if (Array.isArray(list)) made[keyword] = list.map(modern);
  }
  for (const keyword of MAPS) {
    const map = made[keyword];
    if (isJsonObject(map))
      made[keyword] = Object.fromEntries(Object.entries(map).map(([name, one]) => [name, modern(one)]));
  }
  return made;
}
