import fc from 'fast-check';
import { describeStream, type Catalog } from '../catalog/catalog.js';
import type { JsonObject } from '../json/json-value.js';
import { compareReplicationValues } from '../state/compare-values.js';
import {
  failing,
  NOW,
  rows,
  run,
  types,
  withoutMarks,
  TestStream,
  type Source,
} from '../../test/support/test-stream.js';

describe('a full-table stream', () => {
  it('gives its records one version and activates it at the end', async () => {
    const result = await run([new TestStream(() => rows(1, 2))]);
    expect(result.messages).toEqual([
      expect.objectContaining({ type: 'SCHEMA', stream: 's', key_properties: ['id'] }),
      expect.objectContaining({ type: 'STATE' }),
      expect.objectContaining({ type: 'RECORD', version: NOW, time_extracted: '2026-06-01T00:00:00.000Z' }),
      expect.objectContaining({ type: 'RECORD', version: NOW }),
      { type: 'ACTIVATE_VERSION', stream: 's', version: NOW },
      expect.objectContaining({ type: 'STATE' }),
    ]);
    expect(result.bookmarks).toEqual({ s: { version: NOW } });
  });

  it('activates nothing when it breaks, and takes a greater version next time', async () => {
    const broken = await run([new TestStream(() => failing(rows(1)))], {
      from: { bookmarks: { s: { version: NOW + 5 } } },
    });
    expect(types(broken)).toEqual(['SCHEMA', 'STATE', 'RECORD', 'STATE']);
    expect(broken.bookmarks).toEqual({ s: { version: NOW + 5 } });
    expect(broken.error).toMatchObject({ message: 'source down' });
    const next = await run([new TestStream(() => rows(1))], { from: broken.states.at(-1)! });
    expect(next.bookmarks).toEqual({ s: { version: NOW + 6 } });
  });
});

describe('an incremental stream', () => {
  it('starts at its start value, then where the last run ended', async () => {
    const asked: unknown[] = [];
    const stream = (): TestStream =>
      new TestStream(({ since }) => (asked.push(since), rows(5, 9, 7)), { key: 'at', startValue: 3 });
    const first = await run([stream()]);
    expect(first.bookmarks).toEqual({ s: { replication_key: 'at', replication_key_value: 9 } });
    await run([stream()], { from: first.states.at(-1)! });
    expect(asked).toEqual([3, 9]);
  });

  it('that is unsorted keeps its old bookmark until it is complete, its progress aside', async () => {
    const from = { bookmarks: { s: { replication_key: 'at', replication_key_value: 4 } } };
    const broken = await run([new TestStream(() => failing(rows(9, 5, 7)), { key: 'at', checkpointRecords: 2 })], {
      from,
    });
    const bookmarks = broken.states.slice(1).map((state) => (state['bookmarks'] as Record<string, JsonObject>)['s']);
    expect(bookmarks).toMatchObject([
      {
        replication_key: 'at',
        replication_key_value: 4,
        progress_markers: { Note: expect.any(String), replication_key: 'at', replication_key_value: 9 },
      },
      {
        replication_key: 'at',
        replication_key_value: 4,
        progress_markers: { Note: expect.any(String), replication_key: 'at', replication_key_value: 9 },
      },
    ]);
    let asked: unknown;
    const next = await run([new TestStream(({ since }) => ((asked = since), rows(9)), { key: 'at' })], {
      from: broken.states.at(-1)!,
    });
    expect(asked).toBe(4);
    expect(next.bookmarks).toEqual({ s: { replication_key: 'at', replication_key_value: 9 } });
  });

  it('that is sorted goes on where it broke', async () => {
    const broken = await run([new TestStream(() => failing(rows(5, 6, 7)), { key: 'at', sorted: true })]);
    expect(broken.bookmarks).toEqual({ s: { replication_key: 'at', replication_key_value: 7 } });
    expect(broken.error).toMatchObject({ message: 'source down' });
  });

  it('that calls itself sorted and is not ends the run', async () => {
    const { error, bookmarks } = await run([new TestStream(() => rows(5, 7, 6), { key: 'at', sorted: true })]);
    expect(error).toMatchObject({ code: 'UNSORTED_STREAM' });
    expect(bookmarks).toEqual({ s: { replication_key: 'at', replication_key_value: 7 } });
  });

  it('does not move its bookmark past the start of the run', async () => {
    const times = ['2026-05-01T00:00:00Z', '2026-07-01T00:00:00Z'];
    const { bookmarks } = await run([new TestStream(() => rows(...times), { key: 'at', format: 'date-time' })]);
    expect(bookmarks['s']).toMatchObject({ replication_key_value: '2026-06-01T00:00:00.000Z' });
  });

  it('neither moves back nor forgets when nothing or only nulls come', async () => {
    const from = { bookmarks: { s: { replication_key: 'at', replication_key_value: 8 }, other: { x: 1 } } };
    for (const records of [[], rows(null), rows(3)]) {
      const { bookmarks } = await run([new TestStream(() => records, { key: 'at' })], { from });
      expect(bookmarks).toEqual(from.bookmarks);
    }
  });

  it('starts anew when its replication key is another one', async () => {
    let asked: unknown = 'not asked';
    const from = { bookmarks: { s: { replication_key: 'changed', replication_key_value: 8 } } };
    await run([new TestStream(({ since }) => ((asked = since), []), { key: 'at' })], { from });
    expect(asked).toBeUndefined();
  });

  it('never loses a record, wherever it breaks, sorted or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(20), { maxLength: 30 }),
        fc.boolean(),
        fc.array(fc.nat(30), { maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        async (values, sorted, breaks, checkpointRecords) => {
          const all = (sorted ? [...values].sort((a, b) => a - b) : values).map((at, id) => ({ id, at }));
          const seen = new Set<number>();
          let state: JsonObject = {};
          // Each run reads what the bookmark asks for and breaks somewhere; the last one does not.
          for (const breakAt of [...breaks, undefined]) {
            const source: Source = function* ({ since }) {
              const wanted = all.filter(({ at }) => since === undefined || compareReplicationValues(at, since) >= 0);
              yield* breakAt === undefined ? wanted : failing(wanted.slice(0, breakAt));
            };
            const result = await run([new TestStream(source, { key: 'at', sorted, checkpointRecords })], {
              from: state,
            });
            result.records.forEach(({ id }) => seen.add(id as number));
            state = result.states.at(-1) ?? state;
          }
          expect(seen.size).toBe(all.length);
          if (all.length > 0) {
            const greatest = Math.max(...values);
            expect(withoutMarks(state['bookmarks'] as Record<string, JsonObject>)).toEqual({
              s: { replication_key: 'at', replication_key_value: greatest },
            });
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('an incremental stream that the catalog wants whole', () => {
  it('is read whole, ends with ACTIVATE_VERSION and keeps its bookmark for later', async () => {
    let asked: unknown = 'not asked';
    const stream = new TestStream(({ since }) => ((asked = since), rows(1, 2)), { key: 'at' });
    const catalog: Catalog = { streams: [describeStream(stream)] };
    catalog.streams[0]!.metadata![0]!.metadata['replication-method'] = 'FULL_TABLE';
    const from = { bookmarks: { s: { replication_key: 'at', replication_key_value: 9 } } };
    const result = await run([stream], { catalog, from });
    expect(asked).toBeUndefined();
    expect(types(result)).toEqual(['SCHEMA', 'STATE', 'RECORD', 'RECORD', 'ACTIVATE_VERSION', 'STATE']);
    expect(result.bookmarks).toEqual({ s: { ...from.bookmarks.s, version: NOW } });
  });
});

describe('keys', () => {
  it('that the schema lacks end the run before anything is read', async () => {
    const wrong = new TestStream(() => rows(1), { key: 'changed_at' });
    const { error, messages } = await run([wrong, new TestStream(() => rows(1), { name: 'other' })]);
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringMatching(/"s".*"changed_at"/) });
    expect(messages).toEqual([]);
  });

  it.each([[{ at: 1 }], [{ id: null, at: 1 }]])('that the record %j has not end its stream', async (record) => {
    const { error, records } = await run([new TestStream(() => [{ id: 1, at: 1 }, record])]);
    expect(error).toMatchObject({ code: 'RECORD', message: expect.stringMatching(/"s".*"id"/) });
    expect(records).toHaveLength(1);
  });

  it('are filled in from the context first', async () => {
    const stream = new TestStream(() => [{ at: 1 }], { partitions: [{ id: 7 }] });
    expect((await run([stream])).records).toEqual([{ at: 1, id: 7 }]);
  });
});
