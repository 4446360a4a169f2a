import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '@singer-io-ts/sdk';
import type { RecordShape } from './record-shape.js';

/**
 * Flattens an object of an answer into a record of its stream, losing nothing: references become `<name>_id` and
 * `<name>_objectName`, what the schema does not name goes into `additional_fields` as it came, and a field of which the
 * schema says that it is text keeps its value as text should the service send a number, a boolean or a structure.
 */
export function flattenRecord(object: JsonObject, { rules, excluded }: RecordShape): JsonObject {
  const record: JsonObject = {};
  let additional: JsonObject | undefined;
  for (const name in object) {
    const value = object[name] as JsonValue;
    const rule = rules.get(name);
    if (rule === 'text') record[name] = typeof value === 'string' || value === null ? value : stringifyJson(value);
    else if (rule === 'value') record[name] = value;
    else if (rule === 'reference' && flattenReference(record, name, value)) continue;
    else if (!excluded.has(name)) (additional ??= {})[name] = value;
  }
  if (additional) record['additional_fields'] = additional;
  return record;
}

/** Answers whether all of the value is now in the record; an embedded object has more in it. */
function flattenReference(record: JsonObject, name: string, value: JsonValue): boolean {
  if (value !== null && !isJsonObject(value)) return false;
  const { id = null, objectName = null, ...more } = value ?? {};
  record[`${name}_id`] = typeof id === 'number' ? String(id) : id;
  record[`${name}_objectName`] = objectName;
  return Object.keys(more).length === 0;
}
