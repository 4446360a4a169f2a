import type { WireRecord } from '../company/wire.js';
import type { Table } from '../store/table.js';
import type { Bounds } from './filters.js';
import { compileFilter } from './filters.js';
import type { ListQuery } from './list-query.js';

/** One page: the indexes on it, and how many records match over all pages. */
export interface Page {
  readonly indexes: readonly number[];
  readonly total: number;
}

interface Match {
  readonly version: number;
  readonly indexes: Uint32Array;
}

const KEPT_MATCHES = 64;

/** Finds the records of a list request; remembers what a filter matched until the table changes. */
export class Finder {
  bounds: Bounds = 'exclusive';
  /** Whether records that the order does not tell apart change places from call to call. */
  shuffleTies = false;
  readonly #matches = new Map<string, Match>();
  #calls = 0;

  page(table: Table, query: ListQuery): Page {
    const indexes = this.#match(table, query);
    return { indexes: Array.from(indexes.subarray(query.offset, query.offset + query.limit)), total: indexes.length };
  }

  #match(table: Table, query: ListQuery): Uint32Array {
    const order = query.orderBy ? `${query.orderBy.field} ${query.orderBy.descending}` : '';
    const key = `${table.endpoint}?${query.filters.toString()}|${order}|${this.bounds}`;
    const kept = this.#matches.get(key);
    if (kept?.version === table.version && !this.shuffleTies) return kept.indexes;
    const indexes = this.#search(table, query);
    this.#matches.delete(key);
    this.#matches.set(key, { version: table.version, indexes });
    if (this.#matches.size > KEPT_MATCHES) this.#matches.delete(this.#matches.keys().next().value ?? key);
    return indexes;
  }

  #search(table: Table, query: ListQuery): Uint32Array {
    const { candidates, predicates, byUpdate } = compileFilter(table, query.filters, this.bounds);
    const found: number[] = [];
    const test = (index: number): void => {
      if (table.has(index) && predicates.every((predicate) => predicate(index))) found.push(index);
    };
    if (candidates) candidates.forEach(test);
    else for (let index = 0; index < table.size; index += 1) test(index);
    const sortField = query.orderBy?.field ?? (byUpdate ? 'update' : undefined);
    if (sortField !== undefined) {
      const column = table.column(sortField);
      const sign = query.orderBy?.descending ? -1 : 1;
      const tie = this.#tieBreaker();
      found.sort((left, right) => sign * ((column[left] ?? 0) - (column[right] ?? 0)) || tie(left, right));
    }
    return Uint32Array.from(found);
  }

  #tieBreaker(): (left: number, right: number) => number {
    if (!this.shuffleTies) return (left, right) => left - right;
    this.#calls += 1;
    const salt = Math.imul(this.#calls, 0x9e3779b1);
    const scatter = (index: number): number => Math.imul(index ^ salt, 0x85ebca6b) >>> 0;
    return (left, right) => scatter(left) - scatter(right);
  }
}

/** Puts the whole record in the place of each reference that `embed` names. */
export function embedInto(
  record: WireRecord,
  names: readonly string[],
  find: (objectName: string, id: string) => WireRecord | undefined,
): WireRecord {
  const copy = { ...record };
  for (const name of names) {
    const value = copy[name];
    if (typeof value !== 'object' || value === null || !('id' in value) || !('objectName' in value)) continue;
    copy[name] = find(String(value.objectName), String(value.id)) ?? value;
  }
  return copy;
}

/** The answer's body; `total` is a string, and there only when it was asked for. */
export function listBody(records: readonly Buffer[], total: number | undefined): Buffer {
  const parts: Buffer[] = [Buffer.from(total === undefined ? '{"objects":[' : `{"total":"${total}","objects":[`)];
  records.forEach((record, position) => {
    if (position > 0) parts.push(COMMA);
    parts.push(record);
  });
  parts.push(END);
  return Buffer.concat(parts);
}

const COMMA = Buffer.from(',');
const END = Buffer.from(']}');
