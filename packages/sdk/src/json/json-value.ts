import type { ExactNumber } from './exact-number.js';

/** A JSON value; a number that a double cannot hold is an {@link ExactNumber}. */
export type JsonValue = string | number | boolean | null | ExactNumber | JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

/** Whether a value is an object in JSON's sense: no array, no null, no exact number. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExact(value);
}

function isExact(value: object): boolean {
  return 'isExactNumber' in value && value.isExactNumber === true;
}
