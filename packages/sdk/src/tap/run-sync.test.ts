import { AuthenticationError } from '../errors/authentication-error.js';
import { AccessDeniedError } from '../errors/source-errors.js';
import type { Catalog } from '../catalog/catalog.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { silentLogger } from '../logging/logger.js';
import { Stream } from './stream.js';
import type { StreamSync } from './stream-sync.js';
import { failing, NOW, rows, run, types, TestStream, type Source } from '../../test/support/test-stream.js';

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

  it('names the run that an incremental one continues from, and rises even if the clock does not', async () => {
    const stream = (...at: number[]): TestStream => new TestStream(() => rows(...at), { key: 'at' });
    const first = await run([stream(5)]);
    expect(first.marks('s').at(-1)).toEqual({ run: NOW, from: null, complete: true, sent: true });
    const second = await run([stream()], { from: first.states.at(-1)!, now: () => NOW - 1000 });
    expect(second.marks('s')).toEqual([
      { run: NOW + 1, from: NOW, complete: false, sent: true },
      { run: NOW + 1, from: NOW, complete: false, sent: true },
    ]);
  });

  it('does not call complete what continues from a bookmark without a mark', async () => {
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
