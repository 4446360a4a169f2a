import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { state, type StreamMessages } from './messages.js';
import { log, orders, random, type Change } from './order-changes.js';
import { toLines } from './run-target.js';

/** A file that a tap has written for a BATCH message. */
interface ChangeFile {
  path: string;
  /** Whether it lies where the tap was told to write. */
  isInRoot: boolean;
  /** Its lines for the log; empty for a file of orders. */
  logged: number[];
  /** Its orders that fit. */
  orders: Change[];
}

/** A tap that sends changes of orders by files and by records, as its seed says, with records among them that do not fit. */
export class FileTap {
  readonly root: string;
  /** Every file that it has written, of all runs. */
  readonly files: ChangeFile[] = [];
  /** The records that do not fit, as JSON, by the number of the change that they came with. */
  readonly bad = new Map<number, string>();
  readonly #elsewhere: string;
  readonly #next: () => number;

  constructor(folder: string, seed: number) {
    this.root = path.join(folder, `root-${seed}`);
    this.#elsewhere = path.join(folder, `elsewhere-${seed}`);
    for (const one of [this.root, this.#elsewhere]) mkdirSync(one, { recursive: true });
    this.#next = random(seed);
  }

  /** Its output from a state on: the state is the number of the next change. */
  readonly messages = (changes: readonly Change[], from = 0): object[] => {
    const sent: object[] = [orders.schema(), log.schema()];
    for (let start = from; start < changes.length; start += 5) {
      const group = changes.slice(start, start + 5);
      sent.push(
        ...this.#send(
          orders,
          group.flatMap((one) => [one, ...this.#badOf(one)]),
        ),
      );
      sent.push(
        ...this.#send(
          log,
          group.map(({ seq }) => ({ seq })),
        ),
      );
      sent.push(state({ next: start + group.length }));
    }
    return [...sent, state({ next: changes.length })];
  };

  /** With every third change a record that its schema does not take, or only its column does not. */
  #badOf({ seq, changed }: Change): object[] {
    if (seq % 3 > 0) return [];
    const record = seq % 2 === 0 ? { id: `hunter${seq}` } : { id: 1000 + seq, changed, seq: 123_456_789 };
    this.bad.set(seq, JSON.stringify(record));
    return [record];
  }

  #send(stream: StreamMessages, records: readonly object[]): object[] {
    if (this.#next() < 0.4) return records.map((record) => stream.record(record));
    const zip = this.#next() < 0.7;
    const half = Math.floor(this.#next() * (records.length + 1));
    const files = [records.slice(0, half), records.slice(half)].map((rows) => this.#write(rows, stream === log, zip));
    return [stream.batch(files, zip ? 'gzip' : 'none')];
  }

  /** One of the two files of a message may be empty. */
  #write(records: readonly object[], isLog: boolean, zip: boolean): string {
    const isInRoot = this.#next() < 0.7;
    const file = path.join(isInRoot ? this.root : this.#elsewhere, `${this.files.length}.jsonl${zip ? '.gz' : ''}`);
    const text = toLines(records);
    writeFileSync(file, zip ? gzipSync(text) : text);
    const seqs = records as Change[];
    this.files.push({
      path: file,
      isInRoot,
      logged: isLog ? seqs.map(({ seq }) => seq) : [],
      orders: isLog ? [] : seqs.filter(({ id }) => id < 1000),
    });
    return `file://${file}`;
  }
}
