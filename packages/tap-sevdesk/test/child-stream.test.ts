import { NetworkError } from '@singer-io-ts/sdk';
import type { PageSource, Row } from '../src/api/page.js';
import { ServerClock } from '../src/api/server-clock.js';
import { loadSchema } from '../src/schema/load-schema.js';
import { ChildStream } from '../src/sync/child-stream.js';
import { runStream } from './support/run-stream.js';
import { seeded } from './support/simulated-service.js';
import { contextOf } from './support/stream-context.js';
import { Warehouse } from './support/warehouse.js';

/** Documents with three lines each, and the requests for either. */
class Documents {
  now = Date.UTC(2026, 5, 1) / 1000;
  readonly updates = new Map<string, number>();
  readonly lines = new Map<string, string>();
  calls: string[] = [];
  /** What happens before each answer; may throw. */
  beforeAnswer: () => void = () => undefined;

  constructor(documents: number) {
    for (let i = 1; i <= documents; i += 1) {
      this.updates.set(String(i), this.now - 100_000 + i);
      for (const n of ['a', 'b', 'c']) this.lines.set(`${i}${n}`, 'old');
    }
  }

  change(id: string): void {
    this.updates.set(id, this.now - 60);
    for (const n of ['a', 'b', 'c']) if (this.lines.has(`${id}${n}`)) this.lines.set(`${id}${n}`, 'new');
  }

  stream(): ChildStream {
    const clock = new ServerClock(() => this.now * 1000);
    const answer = (list: () => Row[], offset: number, limit: number) => {
      this.beforeAnswer();
      const rows = list();
      clock.note(this.now);
      return { total: rows.length, rows: rows.slice(offset, offset + limit), limit, serverTime: this.now };
    };
    const parents: PageSource = async (filter, { limit, offset }) => {
      this.calls.push('parents');
      const { updateAfter = 0, updateBefore = Infinity } = filter as { updateAfter?: number; updateBefore?: number };
      const rows = () => [...this.updates].filter(([, update]) => update > updateAfter && update < updateBefore);
      return answer(() => rows().map(([id, update]) => row(id, {}, { updated: update })), offset, limit);
    };
    const children: PageSource = async (filter, { limit, offset }) => {
      const parent = filter['invoice[id]'];
      this.calls.push(parent === undefined ? 'list' : `lines of ${String(parent)}`);
      const rows = () => [...this.lines].map(([id, text]) => row(id, { text }, { parentId: id.slice(0, -1) }));
      return answer(() => rows().filter(({ parentId }) => parent === undefined || parentId === parent), offset, limit);
    };
    return new ChildStream(
      {
        name: 'invoice_positions',
        endpoint: '/InvoicePos',
        kind: 'children',
        schema: loadSchema('invoice_positions'),
        parent: {
          name: 'invoices',
          endpoint: '/Invoice',
          field: 'invoice',
          objectName: 'Invoice',
          schema: loadSchema('invoices'),
        },
      },
      contextOf({
        source: (endpoint) => (endpoint === '/Invoice' ? parents : children),
        clock,
        pageSize: 50,
        concurrency: 2,
        lookbackSeconds: 300,
      }),
    );
  }
}

function row(id: string, more: object, { updated, parentId }: { updated?: number; parentId?: string }): Row {
  const buffer = Buffer.from(JSON.stringify({ id, ...more }));
  return {
    id,
    created: undefined,
    updated,
    dated: undefined,
    parentId,
    odd: undefined,
    buffer,
    start: 0,
    end: buffer.length,
  };
}

const copied = (warehouse: Warehouse): Record<string, unknown> =>
  Object.fromEntries([...warehouse.table('invoice_positions')].map(([id, { record }]) => [id, record['text']]));

/** Edits documents and their lines while they are read, and lets one answer in seven fail. */
function disturb(documents: Documents, random: () => number): void {
  let text = 0;
  documents.beforeAnswer = () => {
    documents.now += Math.floor(random() * 3);
    if (random() < 0.4) {
      const id = String(1 + Math.floor(random() * (documents.updates.size + 1)));
      documents.updates.set(id, documents.now);
      for (const n of ['a', 'b', 'c', 'd']) {
        if (random() < 0.3) documents.lines.delete(`${id}${n}`);
        else documents.lines.set(`${id}${n}`, `text ${(text += 1)}`);
      }
    }
    if (random() < 1 / 7) throw new NetworkError({ message: 'simulated failure' });
  };
}

describe('a child stream whose documents are edited while it reads, with failures', () => {
  it.each(Array.from({ length: 60 }, (_, i) => i + 1))(
    'misses nothing and keeps nothing stale, seed %i',
    async (seed) => {
      const documents = new Documents(60);
      const warehouse = new Warehouse();
      const random = seeded(seed);
      const untilDone = async (): Promise<void> => {
        for (let n = 0; n < 200; n += 1)
          if ((await runStream(documents.stream(), warehouse, () => documents.now * 1000)) === undefined) return;
        throw new Error('no run succeeded');
      };
      disturb(documents, random);
      await untilDone();
      await untilDone();
      documents.beforeAnswer = () => undefined;
      documents.now += 60;
      await untilDone();
      expect(copied(warehouse)).toMatchObject(Object.fromEntries(documents.lines));
      documents.now += 25 * 3600;
      await untilDone();
      expect(copied(warehouse)).toEqual(Object.fromEntries(documents.lines));
    },
  );
});

describe('a child stream', () => {
  let documents: Documents;
  let warehouse: Warehouse;
  const run = async (): Promise<string[]> => {
    documents.calls = [];
    documents.now += 3600;
    expect(await runStream(documents.stream(), warehouse, () => documents.now * 1000)).toBeUndefined();
    return documents.calls;
  };
  beforeEach(async () => {
    documents = new Documents(100);
    warehouse = new Warehouse();
    await run();
  });

  it('lists everything first', () => {
    expect(documents.calls.every((call) => call === 'list')).toBe(true);
    expect(copied(warehouse)).toEqual(Object.fromEntries(documents.lines));
  });

  it('asks once when no document changed', async () => {
    expect(await run()).toEqual(['parents']);
  });

  it('asks for the lines of the documents that changed', async () => {
    documents.now += 3600;
    documents.change('7');
    documents.change('9');
    expect((await run()).sort()).toEqual(['lines of 7', 'lines of 9', 'parents']);
    expect(copied(warehouse)).toEqual(Object.fromEntries(documents.lines));
    expect(warehouse.received.get('invoice_positions')).toBe(306);
  });

  it('lists everything where that takes fewer requests, and writes the lines of changed documents only', async () => {
    documents.now += 3600;
    for (let i = 1; i <= 20; i += 1) documents.change(String(i));
    const calls = await run();
    expect(calls.filter((call) => call.startsWith('lines of'))).toEqual([]);
    expect(calls.filter((call) => call === 'list').length).toBeLessThan(20);
    expect(copied(warehouse)).toEqual(Object.fromEntries(documents.lines));
    expect(warehouse.received.get('invoice_positions')).toBe(360);
  });

  it('drops lines that are gone after a full sync', async () => {
    documents.lines.delete('5b');
    expect(copied(warehouse)).toHaveProperty('5b');
    documents.now += 24 * 3600;
    await run();
    expect(copied(warehouse)).toEqual(Object.fromEntries(documents.lines));
  });
});
