import { Writable } from 'node:stream';
import fc from 'fast-check';
import { AuthenticationError } from '../errors/authentication-error.js';
import { AccessDeniedError } from '../errors/source-errors.js';
import { describeStream, type Catalog } from '../catalog/catalog.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { silentLogger } from '../logging/logger.js';
import { MessageWriter } from '../messages/message-writer.js';
import type { Message } from '../messages/messages.js';
import { Metrics } from '../metrics/metrics.js';
import type { JsonSchema } from '../schema/json-schema.js';
import { compareReplicationValues } from '../state/compare-values.js';
import { syncMarkOf, type SyncMark } from '../state/sync-mark.js';
import { TapState } from '../state/tap-state.js';
import { RecordStream } from './record-stream.js';
import type { ParentLink, RecordsRequest } from './record-source.js';
import { runSync, type RunSyncOptions } from './run-sync.js';
import { Stream } from './stream.js';
import type { StreamSync } from './stream-sync.js';

type Source = (request: RecordsRequest) => AsyncIterable<JsonObject> | Iterable<JsonObject>;
interface Settings {
  name?: string;
  key?: string;
  format?: string;
  sorted?: boolean;
  parent?: ParentLink;
  startValue?: string | number;
  checkpointRecords?: number;
  partitions?: JsonObject[];
  statePartitioningKeys?: string[];
}

class TestStream extends RecordStream {
  override readonly name: string;
  override readonly primaryKeys = ['id'];
  override readonly schema: JsonSchema;
  override readonly replicationKey: string | undefined;
  override readonly sorted: boolean;
  override readonly parent: ParentLink | undefined;
  override readonly startValue: string | number | undefined;
  override readonly checkpointRecords: number;
  override readonly statePartitioningKeys: string[] | undefined;
  override readonly partitions?: () => JsonObject[];

  constructor(
    private readonly source: Source,
    settings: Settings = {},
  ) {
    super();
    const {
      name = 's',
      key,
      format,
      sorted = false,
      parent,
      startValue,
      checkpointRecords = 1000,
      partitions,
    } = settings;
    this.name = name;
    this.schema = {
      type: 'object',
      properties: {
        id: { type: 'integer' },
        at: { type: ['integer', 'string'], ...(format ? { format } : {}) },
        group: {},
      },
    };
    this.replicationKey = key;
    this.sorted = sorted;
    this.parent = parent;
    this.startValue = startValue;
    this.checkpointRecords = checkpointRecords;
    this.statePartitioningKeys = settings.statePartitioningKeys;
    if (partitions) this.partitions = () => partitions;
  }

  override records(request: RecordsRequest): AsyncIterable<JsonObject> | Iterable<JsonObject> {
    return this.source(request);
  }
}

interface Run {
  messages: Message[];
  records: JsonObject[];
  states: JsonObject[];
  /** The bookmarks of the last STATE, without the marks of the run. */
  bookmarks: Record<string, JsonObject>;
  /** The marks of a stream in each STATE. */
  marks: (stream: string) => (SyncMark | undefined)[];
  error: unknown;
}

const NOW = Date.parse('2026-06-01T00:00:00Z');

async function run(streams: Stream[], options: Partial<RunSyncOptions> & { from?: JsonObject } = {}): Promise<Run> {
  let text = '';
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  const logger = silentLogger();
  let error: unknown;
  try {
    await runSync({
      streams,
      state: new TapState(options.from ?? {}),
      writer: new MessageWriter(output),
      logger,
      metrics: new Metrics(logger),
      signal: new AbortController().signal,
      now: () => NOW,
      ...options,
    });
  } catch (caught) {
    error = caught;
  }
  const messages = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Message);
  const states = messages.flatMap((message) => (message.type === 'STATE' ? [message.value as JsonObject] : []));
  const bookmarksOf = (state: JsonObject | undefined): Record<string, JsonObject> =>
    (state?.['bookmarks'] ?? {}) as Record<string, JsonObject>;
  return {
    messages,
    records: messages.flatMap((message) => (message.type === 'RECORD' ? [message.record] : [])),
    states,
    bookmarks: withoutMarks(bookmarksOf(states.at(-1))),
    marks: (stream) => states.map((state) => syncMarkOf(bookmarksOf(state)[stream])),
    error,
  };
}

const withoutMarks = (bookmarks: Record<string, JsonObject>): Record<string, JsonObject> =>
  Object.fromEntries(Object.entries(bookmarks).map(([stream, { sync: _mark, ...rest }]) => [stream, rest]));
const types = ({ messages }: Run): string[] => messages.map(({ type }) => type);
const rows = (...at: (number | string | null)[]): JsonObject[] => at.map((value, id) => ({ id, at: value }));
const failing = function* (records: JsonObject[]): Generator<JsonObject> {
  yield* records;
  throw new Error('source down');
};

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

describe('the mark of the run', () => {
  const mark = { from: null, complete: false, sent: false };

  it('stands in a STATE before the first record, and says at the end that all was sent', async () => {
    const { messages, marks } = await run([new TestStream(() => rows(1))]);
    expect(messages.map(({ type }) => type)).toEqual(['SCHEMA', 'STATE', 'RECORD', 'ACTIVATE_VERSION', 'STATE']);
    expect(marks('s')).toEqual([
      { ...mark, run: NOW },
      { ...mark, run: NOW, complete: true, sent: true },
    ]);
  });

  it('names the run that an incremental one goes on from, and rises even if the clock does not', async () => {
    const stream = (...at: number[]): TestStream => new TestStream(() => rows(...at), { key: 'at' });
    const first = await run([stream(5)]);
    expect(first.marks('s').at(-1)).toEqual({ run: NOW, from: null, complete: true, sent: true });
    const second = await run([stream()], { from: first.states.at(-1)!, now: () => NOW - 1000 });
    expect(second.marks('s')).toEqual([
      { run: NOW + 1, from: NOW, complete: false, sent: true },
      { run: NOW + 1, from: NOW, complete: false, sent: true },
    ]);
  });

  it('does not call complete what goes on from a bookmark without a mark', async () => {
    const from = { bookmarks: { s: { replication_key: 'at', replication_key_value: 4 } } };
    const { marks } = await run([new TestStream(() => rows(5), { key: 'at' })], { from });
    expect(marks('s').at(-1)).toEqual({ run: NOW, from: null, complete: false, sent: true });
  });

  it('does not call complete what broke', async () => {
    const { marks } = await run([new TestStream(() => failing(rows(1)))]);
    expect(marks('s').at(-1)).toEqual({ ...mark, run: NOW, sent: true });
  });

  it('stands in the bookmarks of the streams below as well', async () => {
    const parents = new TestStream(() => rows(1, 2), { name: 'parents', key: 'at' });
    const children = (): TestStream =>
      new TestStream(() => [], {
        name: 'children',
        parent: { stream: 'parents', context: ({ id }) => ({ group: id! }) },
      });
    const first = await run([parents, children()]);
    expect(first.marks('children').at(-1)).toEqual({ run: NOW, from: null, complete: true, sent: false });
    const second = await run([parents, children()], { from: first.states.at(-1)! });
    expect(second.marks('children').at(-1)).toEqual({ run: NOW + 1, from: NOW, complete: false, sent: false });
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

describe('a stream below another', () => {
  const link: ParentLink = { stream: 'parents', context: ({ id, skip }) => (skip ? undefined : { group: id! }) };
  const parents = (
    records: JsonObject[] = [{ id: 1 }, { id: 2, skip: true }, { id: 3 }],
    settings: Settings = {},
  ): TestStream => new TestStream(() => records, { name: 'parents', ...settings });
  const children = (
    settings: Settings = {},
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

describe('a run of several streams', () => {
  it('warns of streams in the catalog that the tap does not have', async () => {
    const catalog: Catalog = { streams: [{ stream: 'gone', tap_stream_id: 'gone', schema: {} }] };
    const logger = silentLogger();
    const warnings: string[] = [];
    logger.warning = (message) => void warnings.push(message);
    await run([new TestStream(() => [])], { catalog, logger });
    expect(warnings).toEqual([expect.stringContaining('"gone"')]);
  });

  it('reads as many at once as it is told, and starts them in order', async () => {
    for (const atOnce of [1, 2, 5]) {
      let underWay = 0;
      let most = 0;
      const streams = ['a', 'b', 'c', 'd'].map(
        (name) =>
          new TestStream(
            async function* () {
              underWay += 1;
              most = Math.max(most, underWay);
              await new Promise((resolve) => setTimeout(resolve, 5));
              yield { id: 1 };
              underWay -= 1;
            },
            { name },
          ),
      );
      const { bookmarks, messages } = await run(streams, { maxConcurrentStreams: atOnce });
      expect(most).toBe(Math.min(atOnce, 4));
      expect(Object.keys(bookmarks)).toEqual(expect.arrayContaining(['a', 'b', 'c', 'd']));
      expect(messages.flatMap((m) => (m.type === 'SCHEMA' ? [m.stream] : []))).toEqual(['a', 'b', 'c', 'd']);
    }
  });

  it('reads the others to their end when one fails, and names the ones that failed', async () => {
    const good = (name: string): TestStream => new TestStream(() => rows(5), { name, key: 'at' });
    const bad = (name: string): TestStream => new TestStream(() => failing(rows(1)), { name });
    const logger = silentLogger();
    const lines: string[] = [];
    logger.error = (message) => void lines.push(message);
    for (const maxConcurrentStreams of [1, 3]) {
      const { error, bookmarks, messages } = await run([bad('a'), good('b'), bad('c'), good('d')], {
        maxConcurrentStreams,
        logger,
      });
      expect(error).toMatchObject({ code: 'STREAMS_FAILED', exitCode: 1, message: expect.stringContaining('(a, c)') });
      expect(bookmarks).toMatchObject({ b: { replication_key_value: 5 }, d: { replication_key_value: 5 } });
      expect(messages.some((m) => m.type === 'ACTIVATE_VERSION')).toBe(false);
    }
    expect(lines.slice(0, 2)).toEqual([
      expect.stringMatching(/"a" failed: .*source down/),
      expect.stringMatching(/"c" failed: .*source down/),
    ]);
  });

  it('keeps what a failed stream of its own kind had not checkpointed out of the STATE of the others', async () => {
    class Own extends Stream {
      override readonly name = 'own';
      override readonly schema = { type: 'object', properties: { id: {} } } as const;
      override sync(sync: StreamSync): Promise<void> {
        sync.updateBookmark({ at: 1 });
        sync.checkpoint();
        sync.updateBookmark({ at: 2 });
        return Promise.reject(new Error('source down'));
      }
    }
    const { bookmarks } = await run([new Own(), new TestStream(() => rows(5), { key: 'at' })]);
    expect(bookmarks).toMatchObject({ own: { at: 1 }, s: { replication_key_value: 5 } });
  });

  it('ends with 3 when every stream was refused, with 1 when only some were', async () => {
    const refused = (name: string): TestStream =>
      new TestStream(
        () => {
          throw new AccessDeniedError({ message: 'no right to read this' });
        },
        { name },
      );
    expect((await run([refused('a'), refused('b')])).error).toMatchObject({ exitCode: 3 });
    expect((await run([refused('a'), new TestStream(() => [], { name: 'b' })])).error).toMatchObject({ exitCode: 1 });
  });

  it('stops them all when the sign-in was refused, and starts no more', async () => {
    let stopped = false;
    const endless: Source = async function* ({ signal }) {
      for (let id = 0; ; id += 1) {
        yield { id };
        await new Promise((resolve) => setTimeout(resolve, 1));
        stopped = signal.aborted;
      }
    };
    const refused = function* (): Generator<JsonObject> {
      yield* [];
      throw new AuthenticationError({ message: 'sign-in was refused' });
    };
    const streams = [
      new TestStream(endless, { name: 'endless' }),
      new TestStream(refused, { name: 'bad' }),
      new TestStream(() => [], { name: 'never' }),
    ];
    const { error, messages } = await run(streams, { maxConcurrentStreams: 2 });
    expect(error).toMatchObject({ code: 'AUTHENTICATION', exitCode: 3 });
    expect(stopped).toBe(true);
    expect(messages.some((m) => m.type === 'SCHEMA' && m.stream === 'never')).toBe(false);
  });

  it('writes what it has when it is asked to stop, and says that it was', async () => {
    const stop = new AbortController();
    const source: Source = async function* () {
      for (let at = 1; ; at += 1) {
        if (at === 200) stop.abort();
        yield { id: at, at };
      }
    };
    const { error, bookmarks, records } = await run([new TestStream(source, { key: 'at', sorted: true })], {
      signal: stop.signal,
    });
    expect(error).toMatchObject({ code: 'INTERRUPTED' });
    expect(bookmarks['s']).toMatchObject({ replication_key_value: records.at(-1)!['at'] });
  });

  it('takes only so many records of each for a trial, without STATE', async () => {
    const endless: Source = function* () {
      for (let id = 0; ; id += 1) yield { id };
    };
    const result = await run([new TestStream(endless), new TestStream(endless, { name: 't', key: 'at' })], {
      maxRecords: 3,
    });
    expect(types(result)).toEqual([
      ...['SCHEMA', 'RECORD', 'RECORD', 'RECORD'],
      ...['SCHEMA', 'RECORD', 'RECORD', 'RECORD'],
    ]);
  });

  it('applies stream maps', async () => {
    const result = await run([new TestStream(() => rows(1))], {
      mapper: (message) => [
        { message: { ...message, stream: 'x' }, map: (record) => ({ ...record, new: 1 }) },
        { message: { ...message, stream: 'none' }, map: () => undefined },
      ],
    });
    expect(result.messages.map((m) => ('stream' in m ? `${m.type} ${m.stream}` : m.type))).toEqual([
      'SCHEMA x',
      'SCHEMA none',
      'STATE',
      'RECORD x',
      'ACTIVATE_VERSION x',
      'ACTIVATE_VERSION none',
      'STATE',
    ]);
    expect(result.records.every(isJsonObject)).toBe(true);
  });
});
