import type { Seconds } from '../company/berlin-time.js';
import { Random } from '../company/random.js';
import type { WireRecord } from '../company/wire.js';
import type { Database } from '../store/database.js';
import type { Table } from '../store/table.js';
import { AdminError } from './admin-error.js';
import type { Edit, Editor } from './editor.js';

/** How often each kind of edit is drawn, relatively. */
export interface EditMix {
  readonly update?: number;
  readonly insert?: number;
  readonly delete?: number;
}

export interface RandomEditOptions {
  readonly count: number;
  /** @default 1 */
  readonly seed?: number;
  /** @default as often each */
  readonly mix?: EditMix;
  /** @default Invoice */
  readonly model?: string;
  /** Only records created in this range of unix seconds. @default all */
  readonly within?: readonly [Seconds, Seconds];
}

/** An edit that was made. */
export interface DoneEdit {
  readonly op: Edit['op'];
  readonly id: string;
}

const EVEN: EditMix = { update: 1, insert: 1, delete: 1 };

function drawOp(random: Random, { update = 0, insert = 0, delete: deletions = 0 }: EditMix): Edit['op'] {
  const drawn = random.next() * (update + insert + deletions);
  return drawn < update ? 'update' : drawn < update + insert ? 'insert' : 'delete';
}

function drawRecord(random: Random, table: Table, within: RandomEditOptions['within']): number {
  const [from, to] = within ?? [-Infinity, Infinity];
  const column = within === undefined ? undefined : table.column('create');
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const index = random.integer(0, table.size - 1);
    const created = column?.[index] ?? from;
    if (table.has(index) && created >= from && created <= to) return index;
  }
  return -1;
}

/** What somebody at work might change: pay an open invoice, or note something on any record. */
export function drawFields(random: Random, record: WireRecord): WireRecord {
  if (record['objectName'] !== 'Invoice') return { additionalInformation: `geändert ${random.integer(1, 1_000_000)}` };
  const open = record['status'] === '200' || record['status'] === '750';
  if (open && record['invoiceType'] !== 'SR' && Number(record['sumGross']) > 0)
    return { status: '1000', paidAmount: Number(record['sumGross']) };
  return { customerInternalNote: `Notiz ${random.integer(1, 1_000_000)}` };
}

/** Makes so many random edits; the same seed on the same records makes the same. */
export function editAtRandom(database: Database, editor: Editor, options: RandomEditOptions): DoneEdit[] {
  const { count, seed = 1, mix = EVEN, model = 'Invoice', within } = options;
  const table = database.table(model);
  if (table === undefined) throw new AdminError(404, `there is no endpoint "${model}"`);
  const random = new Random(seed, 80);
  const done: DoneEdit[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const op = drawOp(random, mix);
    const index = op === 'insert' ? -1 : drawRecord(random, table, within);
    if (op !== 'insert' && index < 0) continue;
    const target = index < 0 ? {} : { id: table.idOf(index) };
    const fields = op === 'update' ? { fields: drawFields(random, table.record(index)) } : {};
    done.push({ op, id: editor.apply({ op, model, ...target, ...fields }) });
  }
  return done;
}

export interface PagingEditOptions extends RandomEditOptions {
  /** Edits come before every n-th list call. */
  readonly every: number;
  /** How far the clock moves before the edits. @default 0 */
  readonly advanceSeconds?: number;
}

/** Edits records while a client pages through them. */
export class PagingEdits {
  #options: PagingEditOptions | undefined;
  #calls = 0;
  readonly log: (DoneEdit & { readonly beforeCall: number })[] = [];

  constructor(
    private readonly database: Database,
    private readonly editor: Editor,
    private readonly advance: (seconds: number) => void,
  ) {}

  begin(options: PagingEditOptions): void {
    if (!(options.every >= 1)) throw new AdminError(400, '"every" must be 1 or more');
    this.#options = options;
    this.#calls = 0;
    this.log.length = 0;
  }

  end(): void {
    this.#options = undefined;
  }

  /** To be called before each list call is answered. */
  beforeCall(endpoint: string): void {
    const options = this.#options;
    if (options === undefined || endpoint !== (options.model ?? 'Invoice')) return;
    this.#calls += 1;
    if (this.#calls % options.every !== 0) return;
    this.advance(options.advanceSeconds ?? 0);
    const edits = editAtRandom(this.database, this.editor, {
      ...options,
      seed: (options.seed ?? 1) * 1_000_003 + this.#calls,
    });
    this.log.push(...edits.map((edit) => ({ ...edit, beforeCall: this.#calls })));
  }
}
