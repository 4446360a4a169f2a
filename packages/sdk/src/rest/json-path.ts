import { isJsonObject, type JsonValue } from '../json/json-value.js';

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
