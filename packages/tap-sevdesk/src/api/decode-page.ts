import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  stringifyJson,
  UnexpectedResponseError,
} from '@singer-io-ts/sdk';
import { flattenRecord } from './flatten-record.js';
import { parseInstant } from './instant.js';
import type { Row } from './page.js';
import type { RecordShape } from './record-shape.js';

/**
 * Checks an answer to a list request and flattens its objects. Anything but `{"total":"…","objects":[…]}` with an id in
 * every object is refused as a whole; it must never pass for "no rows".
 *
 * @throws UnexpectedResponseError which is retried: such answers heal
 */
export function decodePage(body: JsonValue, path: string, shape: RecordShape): { total: number; rows: Row[] } {
  if (!isJsonObject(body)) throw unexpected(path, 'is no JSON object');
  const { objects } = body;
  if (!Array.isArray(objects)) throw unexpected(path, `has no list "objects"${errorOf(body)}`);
  return {
    total: totalOf(body['total'], path),
    rows: objects.map((object) => decodeRow(object, path, shape)),
  };
}

function decodeRow(object: JsonValue, path: string, shape: RecordShape): Row {
  if (!isJsonObject(object)) throw unexpected(path, 'has something in "objects" that is no object');
  const { id } = object;
  if ((typeof id !== 'string' || id === '') && typeof id !== 'number')
    throw unexpected(path, 'has an object without an id');
  const created = parseInstant(object['create']);
  const updated = parseInstant(object['update']);
  if (shape.requires.create && created === undefined)
    throw unexpected(path, 'has an object without a readable "create"');
  if (shape.requires.update && updated === undefined)
    throw unexpected(path, 'has an object without a readable "update"');
  const parentId = shape.parentField === undefined ? undefined : idOf(object[shape.parentField]);
  const record = Buffer.from(stringifyJson(flattenRecord(object, shape)));
  return { id: String(id), created, updated, parentId, buffer: record, start: 0, end: record.length };
}

function idOf(reference: JsonValue | undefined): string | undefined {
  const id = isJsonObject(reference) ? reference['id'] : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

function totalOf(total: JsonValue | undefined, path: string): number {
  // The service writes it as text; both are the same number.
  const number = typeof total === 'string' && /^\d+$/.test(total) ? Number(total) : total;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw unexpected(path, 'has no "total", though countAll asked for it');
}

/** The service also answers errors with status 200. Its code names the kind; its message may hold customers' data. */
function errorOf(body: JsonObject): string {
  const code = serviceErrorCode(body);
  return code === undefined ? '' : ` but an error (${code})`;
}

/** The code of an error as the service writes it, with its name for support. */
export function serviceErrorCode(body: JsonValue): string | undefined {
  if (!isJsonObject(body) || !isJsonObject(body['error'])) return undefined;
  const { code, exceptionUUID } = body['error'];
  const uuid =
    typeof exceptionUUID === 'string' && /^[0-9a-f-]{36}$/i.test(exceptionUUID) ? `, exception ${exceptionUUID}` : '';
  return `code ${typeof code === 'number' || typeof code === 'string' ? String(code).slice(0, 20) : 'unknown'}${uuid}`;
}

function unexpected(path: string, what: string): UnexpectedResponseError {
  return new UnexpectedResponseError({ message: `the answer to GET ${path} ${what}` });
}
