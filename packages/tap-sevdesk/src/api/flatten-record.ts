import { ExactNumber, isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '@singer-io-ts/sdk';
import { instantOfGermanDate } from './german-date.js';
import { parseInstant } from './instant.js';
import { toCents } from './money.js';
import type { Oddity } from './page.js';
import type { FieldRule, RecordShape } from './record-shape.js';

/**
 * Flattens an object of an answer into a record that fits its stream's schema, losing nothing: references become
 * `<name>_id` and `<name>_objectName`, what the schema does not name goes into `additional_fields` as it came, and so does
 * every value that had to be changed to fit.
 */
export function flattenRecord(
  object: JsonObject,
  { rules, excluded }: RecordShape,
): { record: JsonObject; odd: Oddity[] } {
  const record: JsonObject = {};
  const odd: Oddity[] = [];
  let additional: JsonObject | undefined;
  for (const name in object) {
    const value = object[name] as JsonValue;
    const rule = rules.get(name);
    if (excluded.has(name)) continue;
    if (rule === 'reference') {
      if (flattenReference(record, name, value)) continue;
      (additional ??= {})[name] = value;
    } else if (rule === undefined) (additional ??= {})[name] = value;
    else {
      const fitted = fit(value, rule);
      record[name] = fitted.value;
      if (fitted.exact) continue;
      (additional ??= {})[name] = value;
      if (!isEmptyList(value)) odd.push({ field: name, kind: rule === 'instant' ? 'date' : 'value' });
    }
  }
  if (additional) record['additional_fields'] = additional;
  return { record, odd };
}

/** A value as its schema wants it, and whether it still says all that it said. */
function fit(value: JsonValue, rule: Exclude<FieldRule, 'reference'>): { value: JsonValue; exact: boolean } {
  if (value === null) return { value, exact: true };
  switch (rule) {
    case 'text':
      return { value: textOf(value), exact: true };
    case 'instant':
      if (parseInstant(value) !== undefined) return { value, exact: true };
      return { value: instantOfGermanDate(value) ?? null, exact: false };
    case 'number':
    case 'amount': {
      const text = numberText(value);
      if (text === undefined) return { value: null, exact: false };
      return rule === 'amount' ? toCents(text) : { value: new ExactNumber(text), exact: true };
    }
    case 'object':
      return isJsonObject(value) && !(value instanceof ExactNumber)
        ? { value, exact: true }
        : { value: null, exact: false };
    case 'boolean':
      return typeof value === 'boolean' ? { value, exact: true } : { value: null, exact: false };
    case 'list':
      return Array.isArray(value) ? { value, exact: true } : { value: null, exact: false };
    case 'value':
      return { value, exact: true };
  }
}

function textOf(value: JsonValue): string {
  if (typeof value === 'string') return value;
  return value instanceof ExactNumber ? value.text : stringifyJson(value);
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The digits of a number, whether it came as one or as text. */
function numberText(value: JsonValue): string | undefined {
  if (value instanceof ExactNumber) return value.text;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return NUMBER.test(text) ? text : undefined;
}

/** What the service's language writes for an object without members. */
function isEmptyList(value: JsonValue): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Answers whether all of the value is now in the record; an embedded object has more in it. */
function flattenReference(record: JsonObject, name: string, value: JsonValue): boolean {
  if (value !== null && (!isJsonObject(value) || value instanceof ExactNumber)) return false;
  const { id = null, objectName = null, ...more } = value ?? {};
  const text = typeof id === 'number' || id instanceof ExactNumber ? String(id) : id;
  if ((text !== null && typeof text !== 'string') || (objectName !== null && typeof objectName !== 'string'))
    return false;
  record[`${name}_id`] = text;
  record[`${name}_objectName`] = objectName;
  return Object.keys(more).length === 0;
}
