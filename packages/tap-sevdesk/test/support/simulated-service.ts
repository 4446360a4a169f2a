import { NetworkError } from '@singer-io-ts/sdk';
import type { ListFilter, Page, PageSource, Row } from '../../src/api/page.js';
import { ServerClock } from '../../src/api/server-clock.js';
import type { StreamContext } from '../../src/sync/stream-context.js';
import { contextOf } from './stream-context.js';

export interface SimulatedRow {
  id: string;
  create: number;
  update: number;
  /** Grows with every edit: what a copy must agree on. */
  revision: number;
  parent?: string;
}

export interface SimulatedServiceOptions {
  random: () => number;
  /** Edits before each answer, on average. @default 0 */
  editsPerCall?: number;
  /** Part of the calls that fail. @default 0 */
  failures?: number;
  /** Whether the bounds of the filters belong to the range. @default false */
  inclusiveBounds?: boolean;
  /** Whether rows with the same `create` come in another order each time. @default false */
  shuffledTies?: boolean;
  /** Which filters are ignored, as an unknown one would be. @default none */
  ignoredFilters?: readonly string[];
  pageSize?: number;
  concurrency?: number;
  lookbackSeconds?: number;
  fullSyncEveryHours?: number;
}

/** A list endpoint in memory that is edited while it is paged, for many seeds in little time. */
export class SimulatedService {
  now = Date.UTC(2026, 5, 1) / 1000;
  readonly rows = new Map<string, SimulatedRow>();
  readonly calls: { filter: ListFilter; limit: number; offset: number }[] = [];
  /** What happens before each answer besides random edits. */
  beforeAnswer: (() => void) | undefined;
  editsPerCall: number;
  failures: number;
  #nextId = 1000;
  readonly #late: { answers: number; id: string | undefined; edit: () => unknown }[] = [];

  constructor(readonly options: SimulatedServiceOptions) {
    this.editsPerCall = options.editsPerCall ?? 0;
    this.failures = options.failures ?? 0;
  }

  insert(create = this.now, update = create): SimulatedRow {
    const row = { id: String((this.#nextId += 1)), create, update, revision: 1 };
    this.rows.set(row.id, row);
    return row;
  }

  update(id: string, stamp = this.now): void {
    const row = this.rows.get(id);
    if (row) this.rows.set(id, { ...row, update: stamp, revision: row.revision + 1 });
  }

  readonly source: PageSource = async (filter, { limit, offset }) => {
    const { random } = this.options;
    this.calls.push({ filter, limit, offset });
    await Promise.resolve();
    this.now += random() < 0.5 ? 0 : Math.floor(random() * 4);
    this.#commitLate();
    for (let edits = this.editsPerCall; random() < edits; edits -= 1) this.#edit();
    this.beforeAnswer?.();
    if (random() < this.failures) throw new NetworkError({ message: 'simulated failure' });
    return this.#answer(filter, limit, offset);
  };

  /** What a run needs to read from this service. */
  context(changes: Partial<StreamContext> = {}): StreamContext {
    const { pageSize = 10, concurrency = 3, lookbackSeconds = 60, fullSyncEveryHours = 24 } = this.options;
    const clock = new ServerClock(() => this.now * 1000);
    return contextOf({
      source: () => async (filter, page) => {
        // Two tries for a call, as the HTTP module would make more: some runs still break off.
        const answer = await this.source(filter, page).catch(() => this.source(filter, page));
        clock.note(answer.serverTime);
        return answer;
      },
      clock,
      pageSize,
      concurrency,
      lookbackSeconds,
      fullSyncEveryHours,
      ...changes,
    });
  }

  /** Lets every edit that is under way be seen. */
  settle(): void {
    for (const { edit } of this.#late.splice(0)) edit();
  }

  /** Some edits are stamped now and seen a few answers later, as a transaction that commits late. */
  #edit(): void {
    const { random } = this.options;
    const stamp = this.now;
    const row = this.#unlockedRow();
    const kind = random();
    let edit: () => unknown;
    if (kind < 0.3 || !row) edit = () => this.insert(stamp);
    else if (kind < 0.75) edit = () => this.update(row.id, stamp);
    else edit = () => this.rows.delete(row.id);
    // Two edits of a row in one second cannot be told apart, so the lag must have covered the second.
    if (random() < 0.2 && row?.update !== stamp)
      this.#late.push({ answers: 1 + Math.floor(random() * 15), id: row?.id, edit });
    else edit();
  }

  /** A row that no transaction holds; half of the time one of a few, so that some are edited twice within a second. */
  #unlockedRow(): SimulatedRow | undefined {
    const { random } = this.options;
    const rows = [...this.rows.values()].filter(({ id }) => !this.#late.some((late) => late.id === id));
    return rows[Math.floor(random() * (random() < 0.5 ? Math.min(3, rows.length) : rows.length))];
  }

  #commitLate(): void {
    for (const late of this.#late.splice(0)) {
      if ((late.answers -= 1) > 0) this.#late.push(late);
      else late.edit();
    }
  }

  #answer(filter: ListFilter, limit: number, offset: number): Page {
    const { random, inclusiveBounds = false, shuffledTies = false, ignoredFilters = [] } = this.options;
    const bound = (name: string): number | undefined =>
      ignoredFilters.includes(name) ? undefined : (filter[name] as number | undefined);
    const matches = (row: SimulatedRow): boolean =>
      (['create', 'update'] as const).every((field) => {
        const after = bound(`${field}After`) ?? -Infinity;
        const before = bound(`${field}Before`) ?? Infinity;
        return inclusiveBounds
          ? row[field] >= after && row[field] <= before
          : row[field] > after && row[field] < before;
      });
    const tie = new Map([...this.rows.keys()].map((id) => [id, shuffledTies ? random() : Number(id)]));
    const list = [...this.rows.values()]
      .filter(matches)
      .sort((a, b) => a.create - b.create || (tie.get(a.id) ?? 0) - (tie.get(b.id) ?? 0));
    const rows = list.slice(offset, offset + limit).map(toRow);
    return { total: list.length, rows, limit, serverTime: this.now };
  }
}

function toRow({ id, create, update, revision, parent }: SimulatedRow): Row {
  const buffer = Buffer.from(JSON.stringify({ id, update, revision }));
  return {
    id,
    created: create,
    updated: update,
    dated: undefined,
    parentId: parent,
    odd: undefined,
    buffer,
    start: 0,
    end: buffer.length,
  };
}

/** A generator of numbers in [0, 1) that repeats for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
