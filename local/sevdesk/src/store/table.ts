import type { Seconds } from '../company/berlin-time.js';
import { parseTimestamp } from '../company/berlin-time.js';
import type { WireRecord } from '../company/wire.js';
import type { RecordSource } from './record-source.js';

/** Bytes of serialised records kept over all tables, so that a second pass over a large company is cheap. */
export class JsonBudget {
  constructor(public bytesLeft: number) {}
}

/**
 * One endpoint's records: those of the source, with edits, deletions and insertions laid over. `version` grows with each
 * change, so that anything derived from the records can tell that it is out of date.
 */
export class Table {
  version = 0;
  readonly #edited = new Map<number, WireRecord>();
  readonly #deleted = new Set<number>();
  readonly #inserted: WireRecord[] = [];
  readonly #json: (Buffer | undefined)[] = [];
  readonly #columns = new Map<string, Float64Array>();
  #indexById: Map<string, number> | undefined;

  constructor(
    readonly endpoint: string,
    readonly source: RecordSource,
    private readonly budget: JsonBudget,
  ) {}

  /** All indexes ever used, those of deleted records included. */
  get size(): number {
    return this.source.count + this.#inserted.length;
  }

  get live(): number {
    return this.size - this.#deleted.size;
  }

  has(index: number): boolean {
    return index >= 0 && index < this.size && !this.#deleted.has(index);
  }

  record(index: number): WireRecord {
    return this.#edited.get(index) ?? this.#inserted[index - this.source.count] ?? this.source.record(index);
  }

  idOf(index: number): string {
    const { firstId, count } = this.source;
    return firstId !== undefined && index < count ? String(firstId + index) : String(this.record(index)['id']);
  }

  /** The index of a live record; -1 when there is none. */
  indexOf(id: string): number {
    const { firstId, count } = this.source;
    if (firstId !== undefined) {
      const index = Number(id) - firstId;
      if (Number.isInteger(index) && index >= 0 && index < count) return this.has(index) ? index : -1;
    }
    if (this.#indexById === undefined) {
      this.#indexById = new Map();
      for (let index = firstId === undefined ? 0 : count; index < this.size; index += 1)
        this.#indexById.set(this.idOf(index), index);
    }
    const index = this.#indexById.get(id) ?? -1;
    return this.has(index) ? index : -1;
  }

  /** The record's JSON text. */
  json(index: number): Buffer {
    const kept = this.#json[index];
    if (kept !== undefined) return kept;
    const made = Buffer.from(JSON.stringify(this.record(index)));
    if (this.budget.bytesLeft >= made.length) {
      this.budget.bytesLeft -= made.length;
      this.#json[index] = made;
    }
    return made;
  }

  /** Makes and keeps records until all are made or the budget is spent. */
  warm(): void {
    for (let index = 0; index < this.size; index += 1) {
      this.json(index);
      if (this.#json[index] === undefined) return;
    }
  }

  /** A timestamp field of every record as unix seconds; NaN where it is null. */
  column(field: string): Float64Array {
    let column = this.#columns.get(field);
    const filled = column?.length ?? 0;
    if (column === undefined || filled < this.size) {
      const grown = new Float64Array(this.size);
      if (column !== undefined) grown.set(column);
      for (let index = filled; index < grown.length; index += 1) grown[index] = this.#time(field, index);
      column = grown;
      this.#columns.set(field, column);
    }
    return column;
  }

  #time(field: string, index: number): Seconds {
    const { times, count } = this.source;
    const time = times?.[field];
    if (time !== undefined && index < count && !this.#edited.has(index)) return time(index);
    return parseTimestamp(this.record(index)[field]);
  }

  /** The `invoiceType` of a record. */
  typeOf(index: number): string {
    const { typeOf, count } = this.source;
    if (typeOf && index < count && !this.#edited.has(index)) return typeOf(index);
    return String(this.record(index)['invoiceType']);
  }

  /** The indexes of a parent's children, in order; an edit that moves a record to another parent is not followed. */
  childrenOf(parentId: string): readonly number[] {
    const { parent = '', childrenOf, count } = this.source;
    const inserted = this.#inserted.flatMap((record, position) =>
      idIn(record[parent]) === parentId ? [count + position] : [],
    );
    return [...(childrenOf?.(parentId) ?? []), ...inserted];
  }

  /** Replaces a record, or brings back one that was deleted. */
  put(index: number, record: WireRecord): void {
    if (index < this.source.count) this.#edited.set(index, record);
    else this.#inserted[index - this.source.count] = record;
    this.#deleted.delete(index);
    this.#changed(index);
  }

  insert(record: WireRecord): number {
    const index = this.size;
    this.#inserted.push(record);
    this.#indexById?.set(String(record['id']), index);
    this.#changed(index);
    return index;
  }

  delete(index: number): void {
    this.#deleted.add(index);
    this.#changed(index);
  }

  /** An id that no record has had; higher than all. */
  nextId(): string {
    if (this.size === 0) return String(this.source.firstId ?? 1);
    return String(Number(this.idOf(this.size - 1)) + 1);
  }

  #changed(index: number): void {
    this.version += 1;
    const kept = this.#json[index];
    if (kept !== undefined) this.budget.bytesLeft += kept.length;
    this.#json[index] = undefined;
    for (const [field, column] of this.#columns) {
      if (index < column.length) column[index] = this.has(index) ? this.#time(field, index) : Number.NaN;
    }
  }
}

/** The id of a reference; undefined when the value is none. */
export function idIn(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : undefined;
}
