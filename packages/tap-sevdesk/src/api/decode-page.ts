import { createHash } from 'node:crypto';
import {
  ExactNumber,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  stringifyJson,
  UnexpectedResponseError,
} from '@singer-io-ts/sdk';
import { serviceErrorOf } from './service-error.js';
import { flattenRecord } from './flatten-record.js';
import { parseInstant } from './instant.js';
import { hasId, type Oddity, type Row } from './page.js';
import type { RecordShape } from './record-shape.js';

/**
 * Checks an answer to a list request and flattens its objects. Anything but `{"total":"…","objects":[…]}`, the total
 * aside, is refused as a whole, and so is a page on which nothing has an id; it must never pass for "no rows".
 *
 * @throws UnexpectedResponseError which is retried: such answers heal
 */
export function decodePage(
  body: JsonValue,
  path: string,
  shape: RecordShape,
): { total: number | undefined; rows: Row[] } {
  if (!isJsonObject(body)) throw unexpected(path, 'is not a JSON object');
  const { objects } = body;
  if (!Array.isArray(objects)) throw unexpected(path, `has no list "objects"${errorOf(body)}`);
  const rows = objects.map((object) => decodeRow(object, shape));
  if (rows.length > 0 && !rows.some(hasId)) throw unexpected(path, `has no object with "${shape.key}" in "objects"`);
  return { total: totalOf(body['total']), rows };
}

function decodeRow(object: JsonValue, shape: RecordShape): Row {
  const id = isJsonObject(object) ? idOf(object[shape.key]) : undefined;
  if (!isJsonObject(object) || id === undefined || id === '') return nameless(object, shape);
  const { record, odd } = flattenRecord(object, shape);
  const created = parseInstant(object['create']);
  const updated = parseInstant(object['update']);
  const written = stringifyJson(record);
  const whole = withoutHalves(written);
  if (whole !== written) odd.push({ field: shape.key, kind: 'text' });
  const oddities = withMissingDates(odd, shape, { created, updated });
  const text = Buffer.from(whole);
  return {
    id,
    created,
    updated,
    dated: shape.dateField === undefined ? undefined : parseInstant(object[shape.dateField]),
    parentId: shape.parentField === undefined ? undefined : referenceId(object[shape.parentField]),
    odd: oddities.length === 0 ? undefined : oddities,
    buffer: text,
    start: 0,
    end: text.length,
  };
}

/** JSON as `stringifyJson` writes it, in which an escape of a surrogate is half a character: U+FFFD takes its place. */
function withoutHalves(json: string): string {
  return json.includes('\\ud')
    ? json.replace(/\\(?:ud[89a-f][\da-f]{2}|[^])/g, (escape) => (escape.length > 2 ? '\ufffd' : escape))
    : json;
}

function nameless(value: JsonValue, { key }: RecordShape): Row {
  const text = Buffer.from(stringifyJson(value));
  const dates = isJsonObject(value) ? value : {};
  return {
    id: `without ${key} ${createHash('sha256').update(text).digest('hex')}`,
    created: parseInstant(dates['create']),
    updated: parseInstant(dates['update']),
    dated: undefined,
    parentId: undefined,
    odd: [{ field: key, kind: 'id' }],
    buffer: text,
    start: 0,
    end: text.length,
  };
}

function withMissingDates(
  odd: Oddity[],
  { dates }: RecordShape,
  { created, updated }: { created: number | undefined; updated: number | undefined },
): Oddity[] {
  const missing = [
    ...(dates.create && created === undefined ? ['create'] : []),
    ...(dates.update && updated === undefined ? ['update'] : []),
  ].filter((field) => !odd.some((other) => other.field === field));
  return [...odd, ...missing.map((field) => ({ field, kind: 'date' as const }))];
}

function referenceId(reference: JsonValue | undefined): string | undefined {
  return isJsonObject(reference) ? idOf(reference['id']) : undefined;
}

function idOf(id: JsonValue | undefined): string | undefined {
  return typeof id === 'string' || typeof id === 'number' || id instanceof ExactNumber ? String(id) : undefined;
}

function totalOf(total: JsonValue | undefined): number | undefined {
  // The service writes it as text; both are the same number.
  const text =
    typeof total === 'string' || typeof total === 'number' || total instanceof ExactNumber ? String(total) : '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The service also answers errors with status 200. */
function errorOf(body: JsonObject): string {
  const error = serviceErrorOf(body);
  return error === undefined ? '' : ` but an error (${error})`;
}

/** An answer that is not as it should be. It is asked for again: such answers heal. */
export function unexpected(path: string, what: string): UnexpectedResponseError {
  return new UnexpectedResponseError({ message: `the response to GET ${path} ${what}` });
}
