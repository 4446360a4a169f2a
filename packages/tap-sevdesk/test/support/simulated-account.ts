import { NetworkError } from '@singer-io-ts/sdk';
import type { ListFilter, Page, Row } from '../../src/api/page.js';
import type { RecordShape } from '../../src/api/record-shape.js';
import { ServerClock } from '../../src/api/server-clock.js';
import { createStreams } from '../../src/streams/create-streams.js';
import { SEVDESK_STREAMS } from '../../src/streams/sevdesk-streams.js';
import type { SevdeskStream } from '../../src/sync/sevdesk-stream.js';
import type { StreamContext } from '../../src/sync/stream-context.js';
import { contextOf } from './stream-context.js';

interface Entry {
  id: string;
  create: number;
  update: number;
  /** Grows with every edit: what a copy must agree on. */
  revision: number;
  parent: string | undefined;
}

const DAY = 86_400;

/** An account with all endpoints of the tap, in memory, which is edited while it is paged and fails now and then. */
export class SimulatedAccount {
  now = Date.UTC(2026, 5, 1) / 1000;
  requests = 0;
  failures = 0;
  editsPerCall = 0;
  readonly tables = new Map<string, Entry[]>();
  readonly windows = { pageSize: 10, lagSeconds: 5, lookbackSeconds: 60 };
  #nextId = 1000;

  /** @param sizes how many objects each stream has */
  constructor(
    private readonly random: () => number,
    sizes: (stream: string) => number,
  ) {
    for (const { name, parent } of SEVDESK_STREAMS) {
      this.tables.set(name, []);
      for (let n = sizes(name); n > 0; n -= 1) {
        const at = this.now - DAY * (1 + Math.floor(this.random() * 400));
        this.insert(name, at, parent?.[0]);
      }
      this.rows(name).sort((a, b) => a.create - b.create);
    }
  }

  rows(stream: string): Entry[] {
    return this.tables.get(stream) ?? [];
  }

  /** Ids with their revisions. */
  contentOf(stream: string): string[] {
    return this.rows(stream)
      .map(({ id, revision }) => `${id}@${revision}`)
      .sort();
  }

  insert(stream: string, at = this.now, parentStream?: string): void {
    const parents = parentStream === undefined ? [] : this.rows(parentStream);
    const parent = parents[Math.floor(this.random() * parents.length)];
    if (parentStream !== undefined && !parent) return;
    this.rows(stream).push({
      id: String((this.#nextId += 1)),
      create: at,
      update: at,
      revision: 1,
      parent: parent?.id,
    });
    if (parent && at === this.now) parent.update = at;
  }

  /** A new object, an edit or a deletion somewhere; what belongs to a document is a change of the document too. */
  edit(): void {
    const stream = SEVDESK_STREAMS[Math.floor(this.random() * SEVDESK_STREAMS.length)];
    if (!stream) return;
    const rows = this.rows(stream.name);
    const place = Math.floor(this.random() * rows.length);
    const row = rows[place];
    const parentStream = stream.parent?.[0];
    const kind = this.random();
    if (!row || kind < 0.35) return this.insert(stream.name, this.now, parentStream);
    const parent = this.rows(parentStream ?? '').find(({ id }) => id === row.parent);
    if (parent) [parent.update, parent.revision] = [this.now, parent.revision + 1];
    if (kind < 0.7) [row.update, row.revision] = [this.now, row.revision + 1];
    else rows.splice(place, 1);
  }

  /** All streams of a tap that reads this account, for one run. */
  streams(changes: Partial<StreamContext> = {}): SevdeskStream[] {
    const clock = new ServerClock(() => this.now * 1000);
    return createStreams(
      contextOf({
        source:
          (endpoint, shape) =>
          async (filter, { limit, offset }) => {
            // Two tries for a call, as the HTTP module would make more: some runs still break off.
            const answer = (): Page => this.#answer(endpoint, shape, filter, { limit, offset });
            await Promise.resolve();
            let page: Page;
            try {
              page = answer();
            } catch {
              page = answer();
            }
            clock.note(page.serverTime);
            return page;
          },
        clock,
        ...this.windows,
        ...changes,
      }),
    );
  }

  #answer(endpoint: string, shape: RecordShape, filter: ListFilter, page: { limit: number; offset: number }): Page {
    this.requests += 1;
    if (this.random() < 0.3) this.now += 1;
    for (let edits = this.editsPerCall; this.random() < edits; edits -= 1) this.edit();
    if (this.random() < this.failures) {
      this.requests -= 1;
      throw new NetworkError({ message: 'simulated failure' });
    }
    const { name = '', kind, parent } = SEVDESK_STREAMS.find((stream) => stream.endpoint === endpoint) ?? {};
    const bound = (key: string): number | undefined => (kind === 'changes' ? (filter[key] as number) : undefined);
    const startDate = filter['startDate'];
    const from = typeof startDate === 'string' ? Date.parse(startDate) / 1000 : startDate;
    const rows = this.rows(name).filter(
      (row) =>
        (['create', 'update'] as const).every(
          (field) =>
            row[field] > (bound(`${field}After`) ?? -Infinity) && row[field] < (bound(`${field}Before`) ?? Infinity),
        ) &&
        (parent === undefined ||
          filter[`${parent[1]}[id]`] === undefined ||
          row.parent === filter[`${parent[1]}[id]`]) &&
        (shape.dateField === undefined || from === undefined || row.create >= Number(from)),
    );
    const { limit, offset } = page;
    const answered = rows.slice(offset, offset + limit).map((row) => toRow(row, shape));
    return { total: rows.length, rows: answered, limit, serverTime: this.now };
  }
}

function toRow({ id, create, update, revision, parent }: Entry, { dates, dateField }: RecordShape): Row {
  const buffer = Buffer.from(JSON.stringify({ id, revision }));
  return {
    id,
    created: dates.create ? create : undefined,
    updated: dates.update ? update : undefined,
    dated: dateField === undefined ? undefined : create,
    parentId: parent,
    odd: undefined,
    buffer,
    start: 0,
    end: buffer.length,
  };
}
