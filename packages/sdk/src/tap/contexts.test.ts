import { describeStream, type Catalog } from '../catalog/catalog.js';
import type { JsonObject } from '../json/json-value.js';
import type { ParentLink } from './record-source.js';
import {
  failing,
  rows,
  run,
  TestStream,
  type Source,
  type TestStreamSettings,
} from '../../test/support/test-stream.js';

describe('partitions', () => {
  const partitions = [{ group: 'a' }, { group: 'b' }];

  it('have a bookmark each, filled into their records', async () => {
    const asked: [unknown, unknown][] = [];
    const source: Source = ({ context, since }) => {
      asked.push([context['group'], since]);
      return rows(context['group'] === 'a' ? 5 : 9);
    };
    const first = await run([new TestStream(source, { key: 'at', partitions })]);
    expect(first.records).toEqual([
      { id: 0, at: 5, group: 'a' },
      { id: 0, at: 9, group: 'b' },
    ]);
    expect(first.bookmarks).toEqual({
      s: {
        partitions: [
          { context: { group: 'a' }, replication_key: 'at', replication_key_value: 5 },
          { context: { group: 'b' }, replication_key: 'at', replication_key_value: 9 },
        ],
      },
    });
    await run([new TestStream(source, { key: 'at', partitions })], { from: first.states.at(-1)! });
    expect(asked).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['a', 5],
      ['b', 9],
    ]);
  });

  it('may share one bookmark, which moves only when all are complete', async () => {
    const source: Source = ({ context }) => (context['group'] === 'a' ? rows(9) : failing(rows(5)));
    const settings = { key: 'at', partitions, statePartitioningKeys: [], sorted: true };
    const broken = await run([new TestStream(source, settings)]);
    expect(broken.bookmarks['s']).not.toHaveProperty('replication_key_value');
    const whole = await run([new TestStream(() => rows(9, 5).slice(0, 1), settings)]);
    expect(whole.bookmarks).toEqual({ s: { replication_key: 'at', replication_key_value: 9 } });
  });
});

describe('a stream below another', () => {
  const link: ParentLink = { stream: 'parents', context: ({ id, skip }) => (skip ? undefined : { group: id! }) };
  const parents = (
    records: JsonObject[] = [{ id: 1 }, { id: 2, skip: true }, { id: 3 }],
    settings: TestStreamSettings = {},
  ): TestStream => new TestStream(() => records, { name: 'parents', ...settings });
  const children = (
    settings: TestStreamSettings = {},
    source: Source = ({ context }) => [{ id: Number(context['group']) * 10, at: 1 }],
  ): TestStream => new TestStream(source, { name: 'children', parent: link, ...settings });

  it('is read for each record of its parent', async () => {
    const { messages } = await run([parents(), children()]);
    expect(
      messages.map((m) =>
        m.type === 'RECORD' ? `${m.stream} ${JSON.stringify(m.record)}` : `${m.type} ${'stream' in m ? m.stream : ''}`,
      ),
    ).toEqual([
      'SCHEMA parents',
      'SCHEMA children',
      'STATE ',
      'parents {"id":1}',
      'children {"id":10,"at":1,"group":1}',
      'parents {"id":2,"skip":true}',
      'parents {"id":3}',
      'children {"id":30,"at":1,"group":3}',
      'ACTIVATE_VERSION children',
      'ACTIVATE_VERSION parents',
      'STATE ',
    ]);
  });

  it('is read without its parent’s records when the parent is not selected, and leaves the parent’s bookmark alone', async () => {
    const streams = [parents(undefined, { key: 'at' }), children({ key: 'at' })];
    const catalog: Catalog = { streams: streams.map((stream) => describeStream(stream)) };
    catalog.streams[0]!.metadata![0]!.metadata.selected = false;
    const from = { bookmarks: { parents: { replication_key: 'at', replication_key_value: 1 } } };
    const { records, bookmarks } = await run(streams, { catalog, from });
    expect(records.map(({ id }) => id)).toEqual([10, 30]);
    expect(bookmarks).toEqual({
      ...from.bookmarks,
      children: {
        partitions: [1, 3].map((group) => ({ context: { group }, replication_key: 'at', replication_key_value: 1 })),
      },
    });
  });

  it('removes nothing below a parent that gives only what changed', async () => {
    const { messages } = await run([parents(undefined, { key: 'at' }), children()]);
    expect(messages.some(({ type }) => type === 'ACTIVATE_VERSION')).toBe(false);
    expect(messages.find((m) => m.type === 'RECORD' && m.stream === 'children')).not.toHaveProperty('version');
  });

  it('that breaks makes the next run read its parent’s record again', async () => {
    const broken = await run([
      parents(
        [
          { id: 1, at: 5 },
          { id: 2, at: 6 },
        ],
        { key: 'at', sorted: true },
      ),
      children({}, ({ context }) => (context['group'] === 2 ? failing([]) : [])),
    ]);
    expect(broken.bookmarks['parents']).toMatchObject({ replication_key_value: 5 });
  });

  it('that fails leaves the others, and its parent’s bookmark where it must be read again from', async () => {
    const parent = parents(
      [4, 5, 6].map((at, i) => ({ id: i + 1, at })),
      { key: 'at' },
    );
    const read: unknown[] = [];
    const bad = children({ key: 'at' }, ({ context }) => (context['group'] === 2 ? failing([]) : [{ id: 1, at: 1 }]));
    const good = new TestStream(({ context }) => [{ id: (read.push(context['group']), read.length) }], {
      name: 'good',
      parent: link,
    });
    const from = { bookmarks: { parents: { replication_key: 'at', replication_key_value: 3 } } };
    const { error, bookmarks } = await run([parent, bad, good], { from });
    expect(error).toMatchObject({ code: 'STREAMS_FAILED', failures: [{ stream: 'children' }] });
    expect(read).toEqual([1, 2, 3]);
    expect(bookmarks['parents']).toMatchObject({ replication_key_value: 3 });
    expect(bookmarks['children']).toMatchObject({ partitions: [{ context: { group: 1 } }, { context: { group: 2 } }] });
  });

  it('forgets the contexts that are gone, below a parent that is read whole', async () => {
    const withBookmarks = await run([parents(), children({ key: 'at' })]);
    const all = [1, 3].map((group) => ({ context: { group }, replication_key: 'at', replication_key_value: 1 }));
    expect(withBookmarks.bookmarks['children']).toEqual({ partitions: all });
    const state = withBookmarks.states.at(-1)!;
    const fewer = await run([parents([{ id: 3 }, { id: 4 }]), children({ key: 'at' }, () => [])], { from: state });
    expect(fewer.bookmarks['children']!['partitions']).toEqual([all[1], { context: { group: 4 } }]);
    const broken = await run([parents([{ id: 3 }], { name: 'parents' }), children({ key: 'at' }, () => failing([]))], {
      from: state,
    });
    expect(broken.bookmarks['children']!['partitions']).toHaveLength(2);
    const changed = await run([parents([{ id: 3, at: 9 }], { key: 'at' }), children({ key: 'at' }, () => [])], {
      from: state,
    });
    expect(changed.bookmarks['children']!['partitions']).toEqual(all);
  });

  it('keeps a bookmark for each value of the properties that are chosen', async () => {
    const asked: unknown[] = [];
    const context = ({ id, region }: JsonObject): JsonObject => ({ group: id!, region: region! });
    const streams = (): TestStream[] => [
      parents(['x', 'y', 'x'].map((region, i) => ({ id: i + 1, region }))),
      children(
        { key: 'at', parent: { stream: 'parents', context }, statePartitioningKeys: ['region'], sorted: true },
        ({ context: { group }, since }) => (asked.push(since), rows(Number(group))),
      ),
    ];
    const first = await run(streams());
    expect(first.bookmarks['children']).toEqual({
      partitions: [
        { context: { region: 'x' }, replication_key: 'at', replication_key_value: 3 },
        { context: { region: 'y' }, replication_key: 'at', replication_key_value: 2 },
      ],
    });
    await run(streams(), { from: first.states.at(-1)! });
    expect(asked).toEqual([undefined, undefined, undefined, 3, 2, 3]);
  });

  it('writes STATE less often the more contexts there are', async () => {
    const many = Array.from({ length: 400 }, (_, i) => ({ id: i }));
    const { states } = await run([parents(many), children({ key: 'at', checkpointRecords: 1 })]);
    expect(states.length).toBeLessThan(20);
  });

  it('whose parent does not exist is refused', async () => {
    expect((await run([children()])).error).toMatchObject({ code: 'USAGE' });
  });
});
