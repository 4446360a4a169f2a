import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';

/** What stands at a path of names joined by dots; the value itself for an empty path; undefined where nothing does. */
export function valueAt(value: JsonValue | undefined, path: string): JsonValue | undefined {
  if (path === '') return value;
  return path
    .split('.')
    .reduce<JsonValue | undefined>(
      (node, name) => (isJsonObject(node) && Object.hasOwn(node, name) ? node[name] : undefined),
      value,
    );
}

/** The object with a value set at a path of names joined by dots; what it was is left alone. */
export function withValueAt(object: JsonObject, path: string, value: JsonValue): JsonObject {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...object, [name]: value };
  const inner = object[name];
  return { ...object, [name]: withValueAt(isJsonObject(inner) ? inner : {}, rest.join('.'), value) };
}
