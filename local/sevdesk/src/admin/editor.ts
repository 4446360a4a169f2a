import type { Seconds } from '../company/berlin-time.js';
import { berlinTimestamp } from '../company/berlin-time.js';
import type { WireRecord } from '../company/wire.js';
import type { Database } from '../store/database.js';
import type { Table } from '../store/table.js';
import { idIn } from '../store/table.js';
import { AdminError } from './admin-error.js';
import type { Clock } from './clock.js';

/** One change of one record. */
export interface Edit {
  readonly op: 'insert' | 'update' | 'delete';
  /** The endpoint's name, `Invoice`. */
  readonly model: string;
  /** Which record; not for `insert`. */
  readonly id?: string;
  /** What it is to hold; merged over what is there. */
  readonly fields?: WireRecord;
  /** Whether `update` becomes the time of the edit. @default true */
  readonly touch?: boolean;
}

/** A change as it is kept: the whole record, or the id of one that is gone. */
export type Change =
  | { readonly op: 'put'; readonly model: string; readonly record: WireRecord }
  | { readonly op: 'delete'; readonly model: string; readonly id: string };

/** Writes new invoices when an insertion leaves fields out. */
export type InvoiceWriter = (
  id: string,
  firstPositionId: string,
  at: Seconds,
) => { invoice: WireRecord; positions: WireRecord[] };

/** Changes records as people at work in sevDesk would, and tells `onChange` each change. */
export class Editor {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly writeInvoice: InvoiceWriter,
    private readonly onChange: (change: Change) => void = () => undefined,
  ) {}

  /** Makes the edit and returns the record's id. @throws {AdminError} when there is no such endpoint or record */
  apply(edit: Edit, at: Seconds = this.clock.now()): string {
    const table = this.#table(edit.model);
    if (edit.op === 'insert') return this.#insert(table, edit, at);
    const id = edit.id ?? '';
    const index = table.indexOf(id);
    if (index < 0) throw new AdminError(404, `there is no ${edit.model} with the id "${id}"`);
    if (edit.op === 'delete') this.#delete(table, index, id);
    else this.#put(table, { ...table.record(index), ...edit.fields }, edit.touch ?? true, at);
    return id;
  }

  /** Makes a change that was made before, as it was. */
  replay(change: Change): void {
    const table = this.#table(change.model);
    const index = table.indexOf(change.op === 'put' ? String(change.record['id']) : change.id);
    if (change.op === 'delete') {
      if (index >= 0) table.delete(index);
    } else if (index < 0) table.insert(change.record);
    else table.put(index, change.record);
  }

  #table(model: string): Table {
    const table = this.database.table(model);
    if (table === undefined) throw new AdminError(404, `there is no endpoint "${model}"`);
    return table;
  }

  #insert(table: Table, edit: Edit, at: Seconds): string {
    const id = typeof edit.fields?.['id'] === 'string' ? edit.fields['id'] : table.nextId();
    if (table.indexOf(id) >= 0) throw new AdminError(409, `there is a ${table.endpoint} with the id "${id}" already`);
    const stamp = berlinTimestamp(at);
    if (table.endpoint !== 'Invoice') {
      const times = edit.touch === false ? {} : { create: stamp, update: stamp };
      this.#put(
        table,
        { id, objectName: table.endpoint, additionalInformation: null, ...edit.fields, ...times },
        false,
        at,
      );
      return id;
    }
    const positionTable = this.#table('InvoicePos');
    const { invoice, positions } = this.writeInvoice(id, positionTable.nextId(), at);
    this.#put(table, { ...invoice, ...edit.fields, id }, false, at);
    for (const position of positions) this.#put(positionTable, position, false, at);
    return id;
  }

  #put(table: Table, record: WireRecord, touch: boolean, at: Seconds): void {
    const stamped = touch && 'update' in record ? { ...record, update: berlinTimestamp(at) } : record;
    const index = table.indexOf(String(record['id']));
    if (index < 0) table.insert(stamped);
    else table.put(index, stamped);
    this.onChange({ op: 'put', model: table.endpoint, record: stamped });
    if (touch) this.#touchParent(table, stamped, at);
  }

  /** Whoever edits a position saves its document. */
  #touchParent(table: Table, record: WireRecord, at: Seconds): void {
    const { parent } = table.source;
    if (parent === undefined) return;
    const parentTable = this.database.table(parent.charAt(0).toUpperCase() + parent.slice(1));
    const index = parentTable?.indexOf(idIn(record[parent]) ?? '') ?? -1;
    if (parentTable !== undefined && index >= 0) this.#put(parentTable, parentTable.record(index), true, at);
  }

  #delete(table: Table, index: number, id: string): void {
    table.delete(index);
    this.onChange({ op: 'delete', model: table.endpoint, id });
    const positions = this.database.table(`${table.endpoint}Pos`);
    for (const child of positions?.childrenOf(id) ?? []) {
      if (positions?.has(child)) this.#delete(positions, child, positions.idOf(child));
    }
  }
}
