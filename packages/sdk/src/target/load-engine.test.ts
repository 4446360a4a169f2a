import { PassThrough, Readable, Writable } from 'node:stream';
import fc from 'fast-check';
import type { SchemaMessage } from '../messages/messages.js';
import { MessageWriter } from '../messages/message-writer.js';
import { Metrics } from '../metrics/metrics.js';
import { Logger, silentLogger } from '../logging/logger.js';
import { load, type LoadOptions } from './load-engine.js';
import type { Cut, CutPolicy, Sink, Target } from './target.js';

interface Batch {
  stream: string;
  keys: string[];
  rows: string[];
  activated: number[];
}

/** A target in memory: a batch is what its stream received under one SCHEMA, as text. */
class MemoryTarget implements Target<Batch> {
  readonly committed: Batch[] = [];
  readonly cuts: Cut<Batch>[] = [];
  readonly closed: string[] = [];
  onCommit: (cut: Cut<Batch>) => Promise<void> | void = () => undefined;
  onClose: () => void = () => undefined;
  holdsState?: () => boolean;

  openSink({ stream, key_properties: keys }: SchemaMessage): Sink<Batch> {
    let batch: Batch | undefined;
    const open = (): Batch => (batch ??= { stream, keys, rows: [], activated: [] });
    return {
      append: ({ bytes }) => void open().rows.push(bytes.buffer.toString('utf8', bytes.start, bytes.end)),
      activateVersion: (version) => void open().activated.push(version),
      seal: () => {
        const sealed = batch;
        batch = undefined;
        return sealed;
      },
    };
  }

  async commit(cut: Cut<Batch>): Promise<void> {
    await this.onCommit(cut);
    this.cuts.push(cut);
    this.committed.push(...cut.batches);
  }

  async close(outcome: string): Promise<void> {
    this.closed.push(outcome);
    this.onClose();
  }

  get rows(): string[] {
    return this.committed.flatMap(({ rows }) => rows);
  }
}

const schema = (stream: string, extra: object = {}): string =>
  JSON.stringify({
    type: 'SCHEMA',
    stream,
    schema: { type: 'object', properties: { id: { type: 'integer' } } },
    key_properties: ['id'],
    ...extra,
  });
const record = (stream: string, id: number): string => `{"type":"RECORD","stream":"${stream}","record":{"id":${id}}}`;
const state = (value: number): string => `{"type":"STATE","value":{"at":${value}}}`;

interface Run {
  target: MemoryTarget;
  states: number[];
  /** What had been committed when each STATE left. */
  rowsAtState: number[];
  error: unknown;
}

async function run(
  input: Readable | string[],
  {
    target = new MemoryTarget(),
    policy = {},
    ...options
  }: Partial<Omit<LoadOptions<Batch>, 'target' | 'policy' | 'input'>> & {
    target?: MemoryTarget;
    policy?: Partial<CutPolicy>;
  } = {},
): Promise<Run> {
  const result: Run = { target, states: [], rowsAtState: [], error: undefined };
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      for (const line of chunk.toString().trim().split('\n')) {
        if (line === '') continue;
        result.states.push((JSON.parse(line) as { at: number }).at);
        result.rowsAtState.push(target.rows.length);
      }
      done();
    },
  });
  const logger = silentLogger();
  try {
    await load({
      input: Array.isArray(input) ? Readable.from([Buffer.from(input.join('\n') + '\n')]) : input,
      target,
      writer: new MessageWriter(output),
      policy: { maxRows: 1000, maxBytes: 1e6, maxAgeMs: 60_000, ...policy },
      logger,
      metrics: new Metrics(logger),
      ...options,
    });
  } catch (error) {
    result.error = error;
  }
  return result;
}

describe('load', () => {
  it('writes a STATE only when everything before it is committed, wherever cuts fall', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('record' as const), stream: fc.constantFrom('a', 'b') }),
      fc.record({ kind: fc.constant('state' as const), stream: fc.constant('') }),
    );
    const chunkBytes = fc.integer({ min: 1, max: 400 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        chunkBytes,
        async (steps, maxRows, size) => {
          let records = 0;
          const before: Record<number, number> = {};
          const lines = steps.map(({ kind, stream }, i) => {
            if (kind === 'record') return record(stream, (records += 1));
            before[i] = records;
            return state(i);
          });
          const bytes = Buffer.from([schema('a'), schema('b'), ...lines].join('\n') + '\n');
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          const { target, states, rowsAtState, error } = await run(Readable.from(chunks), { policy: { maxRows } });
          expect(error).toBeUndefined();
          // Nothing is lost, nothing comes twice, and each stream keeps its order.
          for (const stream of ['a', 'b']) {
            const ids = target.committed.filter((batch) => batch.stream === stream).flatMap(({ rows }) => rows);
            expect(ids).toEqual(
              lines
                .filter((line) => line.includes(`"stream":"${stream}"`))
                .map((line) => /\{"id":\d+\}/.exec(line)![0]),
            );
          }
          states.forEach((at, i) => expect(rowsAtState[i]).toBeGreaterThanOrEqual(before[at]!));
          expect(states).toEqual([...states].sort((x, y) => x - y));
          const last = Object.keys(before).at(-1);
          expect(states.at(-1)).toBe(last === undefined ? undefined : Number(last));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('keeps cutting in order while the target is slow, and holds at most two cuts', async () => {
    const target = new MemoryTarget();
    let underWay = 0;
    let most = 0;
    let sealedAhead = 0;
    target.onCommit = async ({ sequence }) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 2));
      sealedAhead = Math.max(sealedAhead, produced - sequence * 10);
      underWay -= 1;
    };
    let produced = 0;
    const input = Readable.from(
      (async function* () {
        yield Buffer.from(schema('a') + '\n');
        for (let id = 0; id < 500; id += 1) {
          produced = id;
          yield Buffer.from(record('a', id) + '\n');
        }
      })(),
      // What a readable gathers ahead of its reader is not the engine's doing.
      { highWaterMark: 1 },
    );
    await run(input, { target, policy: { maxRows: 10 } });
    expect(target.rows).toHaveLength(500);
    expect(target.cuts.map(({ sequence }) => sequence)).toEqual(target.cuts.map((_, i) => i + 1));
    expect(most).toBe(1);
    expect(sealedAhead).toBeLessThanOrEqual(30);
  });

  it('cuts by bytes, and says why it cut', async () => {
    const { target } = await run([schema('a'), ...[1, 2, 3].map((id) => record('a', id))], {
      policy: { maxBytes: 16 },
    });
    expect(target.cuts.map(({ reason, final }) => ({ reason, final }))).toEqual([
      { reason: 'bytes', final: false },
      { reason: 'end', final: true },
    ]);
  });

  it('seals what came before a SCHEMA change under the old one, and ignores a repeated SCHEMA', async () => {
    const { target } = await run([
      schema('a'),
      record('a', 1),
      schema('a'),
      record('a', 2),
      schema('a', { key_properties: [] }),
      record('a', 3),
    ]);
    expect(target.committed).toEqual([
      { stream: 'a', keys: ['id'], rows: ['{"id":1}', '{"id":2}'], activated: [] },
      { stream: 'a', keys: [], rows: ['{"id":3}'], activated: [] },
    ]);
  });

  it('cuts by age while the tap is silent, so that its STATE does not wait', async () => {
    const input = new PassThrough();
    const target = new MemoryTarget();
    const committed = new Promise<void>((resolve) => (target.onCommit = () => resolve()));
    const ran = run(input, { target, policy: { maxAgeMs: 20 } });
    input.write([schema('a'), record('a', 1), state(1), ''].join('\n'));
    await committed;
    input.end();
    expect((await ran).target.cuts.map(({ reason }) => reason)).toEqual(['age', 'end']);
    expect((await ran).states).toEqual([1]);
  });

  it('passes a STATE without records on by age', async () => {
    const input = new PassThrough();
    const outcome = run(input, { policy: { maxAgeMs: 20 } });
    input.write([schema('a'), state(7), ''].join('\n'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    input.destroy(new Error('gone'));
    const { states, error } = await outcome;
    expect(states).toEqual([7]);
    expect(error).toMatchObject({ message: 'gone' });
  });

  it('lets earlier cuts stand when a commit fails, and writes no later STATE', async () => {
    const target = new MemoryTarget();
    target.onCommit = ({ sequence }) => {
      if (sequence === 2) throw new Error('warehouse down');
    };
    const lines = [schema('a'), record('a', 1), state(1), record('a', 2), state(2), record('a', 3), state(3)];
    const { states, error } = await run(lines, { target, policy: { maxRows: 1 } });
    expect(error).toMatchObject({ message: 'warehouse down' });
    expect(target.rows).toEqual(['{"id":1}']);
    // The first cut fell before any STATE; the STATE after it belongs to the cut that failed.
    expect(states).toEqual([]);
    expect(target.closed).toEqual(['failed']);
  });

  it('ends with a commit that fails while the tap is silent', async () => {
    const target = new MemoryTarget();
    target.onCommit = () => Promise.reject(new Error('warehouse down'));
    const input = new PassThrough();
    const ran = run(input, { target, policy: { maxRows: 1 } });
    input.write([schema('a'), record('a', 1), ''].join('\n'));
    expect((await ran).error).toMatchObject({ message: 'warehouse down' });
  });

  it('reports the first error when closing fails too', async () => {
    const target = new MemoryTarget();
    target.onClose = () => {
      throw new Error('close failed');
    };
    expect((await run(['nonsense'], { target })).error).toMatchObject({ code: 'PROTOCOL' });
    expect((await run([schema('a')], { target })).error).toMatchObject({ message: 'close failed' });
  });

  it('loads what was read when it is asked to stop, writes its STATE and ends as interrupted', async () => {
    const stop = new AbortController();
    const input = new PassThrough();
    const ran = run(input, { stop: stop.signal });
    input.write([schema('a'), record('a', 1), state(1), record('a', 2), '{"type":"REC'].join('\n'));
    await new Promise((resolve) => setTimeout(resolve, 30));
    stop.abort();
    const { target, states, error } = await ran;
    expect(error).toMatchObject({ code: 'INTERRUPTED' });
    expect(target.rows).toEqual(['{"id":1}', '{"id":2}']);
    expect(states).toEqual([1]);
    expect(target.cuts.map(({ reason, final }) => ({ reason, final }))).toEqual([{ reason: 'signal', final: false }]);
  });

  it('stops at once when it was asked to before the first byte', async () => {
    const { error } = await run(new PassThrough(), { stop: AbortSignal.abort() });
    expect(error).toMatchObject({ code: 'INTERRUPTED' });
  });

  it('discards the open cut when the input is cut off in the middle of a line', async () => {
    const bytes = Buffer.from(
      [schema('a'), record('a', 1), state(1), record('a', 2), '{"type":"RECORD","stre'].join('\n'),
    );
    const { target, states, error } = await run(Readable.from([bytes]), { policy: { maxRows: 1 } });
    expect(error).toMatchObject({
      code: 'PROTOCOL',
      line: 5,
      message: expect.stringContaining('in the middle of line 5'),
    });
    expect(target.rows).toEqual(['{"id":1}', '{"id":2}']);
    expect(states).toEqual([1]);
    expect(target.cuts.some(({ final }) => final)).toBe(false);
  });

  it('takes a last line without a newline when it is whole', async () => {
    const { target, error } = await run(Readable.from([Buffer.from([schema('a'), record('a', 1)].join('\n'))]));
    expect(error).toBeUndefined();
    expect(target.rows).toEqual(['{"id":1}']);
  });

  it('holds STATE until the final cut when the target asks for it', async () => {
    const target = new MemoryTarget();
    target.holdsState = () => true;
    const { states } = await run([schema('a'), record('a', 1), state(1), record('a', 2), state(2), record('a', 3)], {
      target,
      policy: { maxRows: 1 },
    });
    expect(states).toEqual([2]);
  });

  it('tells a cut whether records followed the last STATE', async () => {
    const lines = [schema('a'), record('a', 1), state(1)];
    expect((await run(lines)).target.cuts.at(-1)).toMatchObject({ recordsAfterState: false, final: true });
    expect((await run([...lines, record('a', 2)])).target.cuts.at(-1)).toMatchObject({ recordsAfterState: true });
  });

  it('hands ACTIVATE_VERSION to its stream in order', async () => {
    const { target } = await run([schema('a'), record('a', 1), '{"type":"ACTIVATE_VERSION","stream":"a","version":5}']);
    expect(target.committed).toEqual([{ stream: 'a', keys: ['id'], rows: ['{"id":1}'], activated: [5] }]);
  });

  it.each([
    [
      'a record before its SCHEMA',
      [record('a', 1)],
      'PROTOCOL',
      'line 4: RECORD of stream "a" comes before its SCHEMA',
    ],
    [
      'a record that does not fit',
      [schema('a'), '{"type":"RECORD","stream":"a","record":{"id":"secret"}}'],
      'RECORD',
      'line 5: record of stream "a" does not fit its schema: id must be an integer',
    ],
    [
      'a record without its key',
      [schema('a'), '{"type":"RECORD","stream":"a","record":{}}'],
      'RECORD',
      'no value in its key property "id"',
    ],
    [
      'a BATCH that the target does not read',
      [schema('a'), '{"type":"BATCH","stream":"a","encoding":{"format":"jsonl"},"manifest":[]}'],
      'PROTOCOL',
      'does not read BATCH',
    ],
    [
      'a schema that is none',
      [schema('a', { schema: { properties: { id: { type: 'nonsense' } } } })],
      'PROTOCOL',
      'line 4: the schema of stream "a" is not valid JSON Schema: property "id": ',
    ],
    [
      'a record without its key, which is called as what every object inherits',
      [schema('a', { key_properties: ['toString'] }), '{"type":"RECORD","stream":"a","record":{"id":1}}'],
      'RECORD',
      'no value in its key property "toString"',
    ],
  ])('refuses %s and loads nothing of its cut', async (_title, lines, code, message) => {
    const { target, states, error } = await run([schema('b'), record('b', 1), state(1), ...lines]);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(states).toEqual([]);
    expect(target.rows).toEqual([]);
  });

  it('says once that a pattern of a SCHEMA is not checked, and loads', async () => {
    const sent = (title: string): string =>
      schema('a', { schema: { properties: { id: { type: 'integer' }, v: { pattern: '(?>a)', title } } } });
    const logs: string[] = [];
    const logger = new Logger(
      'test',
      'warning',
      (line) => logs.push(line),
      ({ message }) => message,
    );
    const { target, error } = await run([sent('x'), record('a', 1), sent('y'), record('a', 2), state(1)], { logger });
    expect(error).toBeUndefined();
    expect(target.rows).toHaveLength(2);
    expect(logs.filter((line) => line.includes('property "v": a pattern of the schema is not checked'))).toHaveLength(
      1,
    );
  });

  it('remembers a version that comes before its SCHEMA', async () => {
    const early = '{"type":"ACTIVATE_VERSION","stream":"a","version":7}';
    const { target, error } = await run([early, schema('a'), record('a', 1), state(1)]);
    expect(error).toBeUndefined();
    expect(target.committed).toEqual([{ stream: 'a', keys: ['id'], rows: ['{"id":1}'], activated: [7] }]);
  });

  it('hands records that do not fit to a sink that takes them, and goes on', async () => {
    const refused: unknown[] = [];
    class Patient extends MemoryTarget {
      override openSink(message: SchemaMessage): Sink<Batch> {
        const refuse: Sink<Batch>['refuse'] = ({ line }, { property }) => void refused.push([line, property]);
        return Object.assign(super.openSink(message), { refuse });
      }
    }
    const target = new Patient();
    const lines = [
      '{"type":"RECORD","stream":"a","record":{"id":"secret"}}',
      '{"type":"RECORD","stream":"a","record":{}}',
    ];
    const { error } = await run([schema('a'), ...lines, record('a', 3), state(1)], { target });
    expect(error).toBeUndefined();
    expect(refused).toEqual([
      [2, 'id'],
      [3, 'id'],
    ]);
    expect(target.rows).toEqual(['{"id":3}']);
  });
});
