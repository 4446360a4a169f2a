import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
import { setOwn } from '../json/clone-json.js';
import { ExactNumber } from '../json/exact-number.js';
import { schemaTypes, type JsonSchema } from '../schema/json-schema.js';

const INT64 = 2n ** 63n;

/**
 * Turns a JSON value into what expressions compute with: an `int` where the schema says integer, else a `double`.
 * A number is not judged by its looks: 10 and 10.5 in one property must divide alike.
 */
export function toCel(value: JsonValue | undefined, schema: JsonSchema | undefined): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || value instanceof ExactNumber) return toCelNumber(value, schema);
  if (Array.isArray(value)) {
    const items = Array.isArray(schema?.items) ? undefined : schema?.items;
    return value.map((item) => toCel(item, items));
  }
  if (!isJsonObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) setOwn(result, name, toCel(inner, schema?.properties?.[name]));
  return result;
}

function toCelNumber(value: number | ExactNumber, schema: JsonSchema | undefined): number | bigint {
  const types = schema ? schemaTypes(schema) : [];
  const text = String(value);
  if (!types.includes('integer') || types.includes('number') || !/^-?\d+$/.test(text)) return Number(value);
  const integer = BigInt(text);
  return integer >= -INT64 && integer < INT64 ? integer : Number(value);
}

/** Turns the result of an expression into a JSON value. */
export function fromCel(value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : new ExactNumber(String(value));
  }
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  // JSON has no other way to say that there is no number.
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(fromCel);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Map) return objectFrom([...value.entries()].map(([key, inner]) => [String(key), inner]));
  if (Object.getPrototypeOf(value) === Object.prototype) return objectFrom(Object.entries(value));
  // What is left are the language's own kinds, such as durations, which say what they are.
  return (value as { toString(): string }).toString();
}

function objectFrom(entries: [string, unknown][]): JsonObject {
  const result: JsonObject = {};
  for (const [name, inner] of entries) setOwn(result, name, fromCel(inner));
  return result;
}
