import type { Seconds } from '../company/berlin-time.js';
import { Random } from '../company/random.js';
import type { Table } from '../store/table.js';
import type { Editor } from './editor.js';
import type { DoneEdit } from './random-edits.js';

export interface ActivityOptions {
  readonly seed: number;
  /** Which bout of activity this is, from 1; each does something else, and the same every time. */
  readonly turn: number;
  /** How many invoices are written or touched. */
  readonly invoices: number;
  /** The edits are spread over this time. */
  readonly from: Seconds;
  readonly to: Seconds;
}

const RECENT = 400;

function recentIndexes(table: Table, want: (status: string, type: string) => boolean): number[] {
  const found: number[] = [];
  for (let index = table.size - 1; index >= 0 && found.length < RECENT; index -= 1) {
    if (!table.has(index)) continue;
    const record = table.record(index);
    if (want(String(record['status']), String(record['invoiceType']))) found.push(index);
  }
  return found;
}

/** An hour at the office: a third of the invoices are new, the others get paid, one gets its note corrected. */
export function workAWhile(
  table: Table,
  editor: Editor,
  { seed, turn, invoices, from, to }: ActivityOptions,
): DoneEdit[] {
  const random = new Random(seed, 70, turn);
  const at = (position: number): Seconds => Math.floor(from + ((to - from) * (position + 1)) / (invoices + 1));
  const open = recentIndexes(table, (status, type) => status === '200' && ['RE', 'TR', 'AR', 'ER'].includes(type));
  const done: DoneEdit[] = [];
  for (let position = 0; position < invoices; position += 1) {
    const isNew = position % 3 === 0 || open.length === 0;
    if (isNew) {
      done.push({ op: 'insert', id: editor.apply({ op: 'insert', model: 'Invoice' }, at(position)) });
      continue;
    }
    const [index = 0] = open.splice(random.integer(0, open.length - 1), 1);
    const record = table.record(index);
    const paid = { status: '1000', paidAmount: Number(record['sumGross'] ?? 0) };
    const fields = position === 1 ? { customerInternalNote: `Rückfrage ${turn}` } : paid;
    done.push({
      op: 'update',
      id: editor.apply({ op: 'update', model: 'Invoice', id: table.idOf(index), fields }, at(position)),
    });
  }
  return done;
}
