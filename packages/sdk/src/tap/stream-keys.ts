import { UsageError } from '../errors/usage-error.js';
import { schemaTypes, type JsonSchema } from '../schema/json-schema.js';
import type { StreamDescription } from '../catalog/catalog.js';

/** Keywords by which a schema may describe properties elsewhere than in `properties`. */
const INDIRECT = ['$ref', '$dynamicRef', 'allOf', 'anyOf', 'oneOf', 'if', 'patternProperties', 'dependentSchemas'];

/**
 * Checks that a stream's schema has the stream's keys.
 *
 * @throws {UsageError} naming stream and key
 */
export function requireKeysInSchema({ name, schema, primaryKeys, replicationKey }: StreamDescription): void {
  if (INDIRECT.some((keyword) => schema[keyword] !== undefined)) return;
  const { properties = {} } = schema;
  const check = (key: string, kind: string): void => {
    if (Object.hasOwn(properties, key)) return;
    const names = Object.keys(properties).join(', ');
    throw new UsageError({
      message: `stream "${name}" names "${key}" as its ${kind}, which its schema lacks; the schema has ${names === '' ? 'no properties' : names}`,
    });
  };
  for (const key of primaryKeys) check(key, 'primary key');
  if (replicationKey !== undefined) check(replicationKey, 'replication key');
}

/** What every record must have: the primary keys, and the replication key where the schema does not let it be missing. */
export function requiredKeys({ schema, primaryKeys, replicationKey }: StreamDescription): string[] {
  const keys = new Set(primaryKeys);
  if (replicationKey !== undefined && isDemanded(schema, replicationKey)) keys.add(replicationKey);
  return [...keys];
}

function isDemanded({ required = [], properties = {} }: JsonSchema, name: string): boolean {
  const property = properties[name];
  return required.includes(name) && property !== undefined && !schemaTypes(property).includes('null');
}
