import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Seconds } from '../company/berlin-time.js';
import { berlinTimestamp } from '../company/berlin-time.js';
import { EARLIEST_END } from '../company/company.js';
import type { Change } from '../admin/editor.js';

/** What the company was made from; edits fit only the company that they were made in. */
export interface Founding {
  readonly seed: number;
  readonly invoices: number;
  /** The history's last moment; a journal keeps that of the first start. */
  readonly end: Seconds;
  readonly followsCalendar: boolean;
}

/** What a start asks for; without `end` any company of the seed and size will do. */
export type Wanted = Omit<Founding, 'followsCalendar'> & { readonly isEndGiven: boolean };

type Line =
  | ({ readonly op: 'founded' } & Omit<Founding, 'end' | 'followsCalendar'> & Partial<Founding>)
  | Change
  | { readonly op: 'activity' }
  | { readonly op: 'stopped'; readonly at: Seconds };

/** The folder cannot keep these edits: they belong to another company, cannot be read, or nothing can be written. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/**
 * Keeps edits in a folder, a line each in `edits.jsonl`, so that a server started again there has them. A line that a
 * killed server left half written is dropped.
 */
export class Journal {
  readonly changes: readonly Change[];
  /** Whether a server has run with this folder before. */
  readonly isContinued: boolean;
  /** How many bouts of activity there have been. */
  activities = 0;
  /** Until when the last server is known to have run; 0 for a new folder. */
  readonly lastSeen: Seconds;
  readonly founding: Founding;
  readonly #file: string;

  constructor(folder: string, wanted: Wanted) {
    this.#file = path.join(folder, 'edits.jsonl');
    this.isContinued = existsSync(this.#file);
    prepare(folder, this.#file);
    if (!this.isContinued) {
      const { isEndGiven, ...company } = wanted;
      this.founding = { ...company, followsCalendar: !isEndGiven };
      this.#write({ op: 'founded', ...this.founding });
      this.changes = [];
      this.lastSeen = 0;
      return;
    }
    const lines = this.#read();
    const [first] = lines;
    const end = first?.op === 'founded' ? (first.end ?? EARLIEST_END) : 0;
    if (
      first?.op !== 'founded' ||
      first.seed !== wanted.seed ||
      first.invoices !== wanted.invoices ||
      (wanted.isEndGiven && end !== wanted.end)
    ) {
      const today = wanted.isEndGiven ? ` --today ${berlinTimestamp(end).slice(0, 10)}` : '';
      const kept =
        first?.op === 'founded' ? `--seed ${first.seed} --invoices ${first.invoices}${today}` : 'something else';
      throw new JournalError(
        `${this.#file} holds the edits of a company made with ${kept}; start with that, or with another --data folder`,
      );
    }
    this.founding = {
      seed: first.seed,
      invoices: first.invoices,
      end,
      followsCalendar: first.followsCalendar ?? false,
    };
    this.changes = lines.filter((line): line is Change => line.op === 'put' || line.op === 'delete');
    this.activities = lines.filter((line) => line.op === 'activity').length;
    const stopped = lines.findLast((line) => line.op === 'stopped');
    this.lastSeen =
      stopped?.op === 'stopped' && stopped === lines.at(-1)
        ? stopped.at
        : Math.ceil(statSync(this.#file).mtimeMs / 1000);
  }

  #read(): Line[] {
    const text = readFileSync(this.#file, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) writeFileSync(this.#file, whole);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line, index) => this.#parse(line, index + 1));
  }

  #parse(line: string, number: number): Line {
    try {
      return JSON.parse(line) as Line;
    } catch (cause) {
      throw new JournalError(
        `${this.#file} is damaged at line ${number}; delete it, which forgets all edits, or start with another --data folder`,
        { cause },
      );
    }
  }

  add = (change: Change): void => this.#write(change);

  addActivity(): void {
    this.activities += 1;
    this.#write({ op: 'activity' });
  }

  close(at: Seconds): void {
    this.#write({ op: 'stopped', at });
  }

  #write(line: Line): void {
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

/** Makes folder and file where they are missing. @throws {JournalError} when the one cannot be made or the other not be written */
function prepare(folder: string, file: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
    appendFileSync(file, '');
  } catch (cause) {
    const code = String((cause as NodeJS.ErrnoException).code);
    throw new JournalError(`--data must be a folder that can be written to; it is "${folder}" (${code})`, { cause });
  }
}

/** One folder after the other: where none can be made, such as in /proc, Node's recursive mkdir tries for ever. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(path.resolve(folder)));
  mkdirSync(folder);
}
