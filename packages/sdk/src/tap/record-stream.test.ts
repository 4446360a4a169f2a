import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describeStream, type Catalog } from '../catalog/catalog.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { silentLogger } from '../logging/logger.js';
import { MessageWriter } from '../messages/message-writer.js';
import type { Message } from '../messages/messages.js';
import { Metrics } from '../metrics/metrics.js';
import type { JsonSchema } from '../schema/json-schema.js';
import { compareReplicationValues } from '../state/compare-values.js';
import { TapState } from '../state/tap-state.js';
import { RecordStream, type ParentLink, type RecordsRequest } from './record-stream.js';
import { runSync, type RunSyncOptions } from './run-sync.js';
import type { Stream } from './stream.js';

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
  partitionedState?: boolean;
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
  override readonly partitionedState: boolean | undefined;
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
    this.partitionedState = settings.partitionedState;
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
  /** The bookmarks of the last STATE. */
  bookmarks: Record<string, JsonObject>;
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
  return {
    messages,
    records: messages.flatMap((message) => (message.type === 'RECORD' ? [message.record] : [])),
    states,
    bookmarks: (states.at(-1)?.['bookmarks'] ?? {}) as Record<string, JsonObject>,
    error,
  };
}

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
      expect.objectContaining({ type: 'RECORD', version: NOW, time_extracted: '2026-06-01T00:00:00.000Z' }),
      expect.objectContaining({ type: 'RECORD', version: NOW }),
      { type: 'ACTIVATE_VERSION', stream: 's', version: NOW },
      { type: 'STATE', value: { bookmarks: { s: { version: NOW } } } },
    ]);
  });

  it('activates nothing when it breaks, and takes a greater version next time', async () => {
    const broken = await run([new TestStream(() => failing(rows(1)))], {
      from: { bookmarks: { s: { version: NOW + 5 } } },
    });
    expect(types(broken)).toEqual(['SCHEMA', 'RECORD', 'STATE']);
    expect(broken.bookmarks).toEqual({ s: { version: NOW + 5 } });
    expect(broken.error).toMatchObject({ message: 'source down' });
    const next = await run([new TestStream(() => rows(1))], { from: broken.states.at(-1)! });
    expect(next.bookmarks).toEqual({ s: { version: NOW + 6 } });
  });

  it('writes no STATE when there is nothing to remember', async () => {
    const result = await run([new TestStream(() => failing(rows(1)))]);
    expect(types(result)).toEqual(['SCHEMA', 'RECORD']);
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
    expect(broken.states.map((state) => (state['bookmarks'] as Record<string, JsonObject>)['s'])).toEqual([
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
            expect(state['bookmarks']).toEqual({ s: { replication_key: 'at', replication_key_value: greatest } });
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
    const settings = { key: 'at', partitions, partitionedState: false, sorted: true };
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
    expect(types(result)).toEqual(['SCHEMA', 'RECORD', 'RECORD', 'ACTIVATE_VERSION', 'STATE']);
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

  it('whose parent does not exist is refused', async () => {
    expect((await run([children()])).error).toMatchObject({ code: 'USAGE' });
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

  it('stops the others when one fails, and starts no more', async () => {
    let stopped = false;
    const endless: Source = async function* ({ signal }) {
      for (let id = 0; ; id += 1) {
        yield { id };
        await new Promise((resolve) => setTimeout(resolve, 1));
        stopped = signal.aborted;
      }
    };
    const streams = [
      new TestStream(endless, { name: 'endless' }),
      new TestStream(() => failing([]), { name: 'bad' }),
      new TestStream(() => [], { name: 'never' }),
    ];
    const { error, messages } = await run(streams, { maxConcurrentStreams: 2 });
    expect(error).toMatchObject({ message: 'source down' });
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
      'RECORD x',
      'ACTIVATE_VERSION x',
      'ACTIVATE_VERSION none',
      'STATE',
    ]);
    expect(result.records.every(isJsonObject)).toBe(true);
  });
});
