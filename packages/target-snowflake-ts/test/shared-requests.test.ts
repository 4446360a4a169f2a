import { runTarget, type Outcome, type Settings } from './support/run-target.js';
import { openSandbox, type Sandbox } from './support/sandbox.js';
import { startWire, type Fault, type Wire } from './support/wire.js';

// Small streams share requests: how many those are, and what becomes of the streams when one of them, or the wire, is at fault.

let sandbox: Sandbox;
let wire: Wire;
beforeAll(async () => {
  sandbox = await openSandbox();
  wire = await startWire({ host: sandbox.server.host, port: sandbox.server.port });
});
afterAll(async () => {
  await wire.close();
  await sandbox.close();
});
beforeEach(() => {
  wire.faults = [];
  wire.seen = [];
});

const STREAMS = Array.from({ length: 6 }, (_, number) => `rack_${number}`);
const KEYED = { key_properties: ['id'] };

const schema = (stream: string, more: object = KEYED, title?: string) => ({
  type: 'SCHEMA',
  stream,
  ...more,
  schema: { type: 'object', title, properties: { id: { type: 'integer' }, label: { type: 'string' } } },
});
const records = (stream: string, ids: readonly number[], label = 'x') =>
  ids.map((id) => ({ type: 'RECORD', stream, record: { id, label } }));
const state = { type: 'STATE', value: { bookmarks: {} } };
/** The nth stream brings rows 1 to n + 1. */
const first = STREAMS.flatMap((stream, number) => [
  schema(stream),
  ...records(
    stream,
    Array.from({ length: number + 1 }, (_, id) => id + 1),
  ),
]);
const statements = (): string[] => wire.seen.filter((text) => !text.startsWith('/'));
const load = (settings: Settings, input: readonly object[]): Promise<Outcome> =>
  runTarget({ config: { ...settings, port: wire.port }, input });

async function rowsOf(config: Settings): Promise<Record<string, string[]>> {
  const tables = await sandbox.tables(config);
  const rows = STREAMS.map((stream) => stream.toUpperCase())
    .filter((table) => tables.includes(table))
    .map(async (table) => {
      const found = await sandbox.rows(config, table, '"ID"');
      return [table, found.map(({ ID, LABEL }) => `${String(ID)}:${String(LABEL)}`)] as const;
    });
  return Object.fromEntries(await Promise.all(rows));
}

/** What stands in the tables when the nth stream has rows 1 to n + 1. */
const whole = Object.fromEntries(
  STREAMS.map((stream, number) => [stream.toUpperCase(), Array.from({ length: number + 1 }, (_, id) => `${id + 1}:x`)]),
);

describe('requests', () => {
  it('are 14 for a run however many small streams bring rows, and four when nothing comes', async () => {
    const config = { ...sandbox.fresh(), port: wire.port };
    const messages = (ids: readonly number[]) => [
      // A title changes nothing that matters here.
      ...STREAMS.flatMap((stream) => [
        schema(stream),
        ...ids.flatMap((id) => [...records(stream, [id]), schema(stream, KEYED, `after ${id}`)]),
      ]),
      state,
    ];
    const counted = async (ids: readonly number[]): Promise<number> => {
      wire.seen = [];
      await sandbox.load(config, messages(ids));
      return statements().length;
    };
    await sandbox.load(config, messages([1]));
    expect(await counted([2, 3])).toBe(14);
    expect(await counted([])).toBe(4);
  });

  it('hold statements of one kind', async () => {
    const config = sandbox.fresh();
    const mixed = STREAMS.flatMap((stream, number) => [
      schema(stream, number % 2 === 0 ? KEYED : { key_properties: [] }),
      ...records(stream, [1]),
    ]);
    expect((await load(config, mixed)).code).toBe(0);
    const written = statements().filter((sql) => /^(MERGE|INSERT) INTO .*"RACK_\d"/.test(sql));
    expect(written.filter((sql) => /(^|\n)MERGE/.test(sql) && /(^|\n)INSERT/.test(sql))).toEqual([]);
    expect(Object.values(await rowsOf(config))).toEqual(STREAMS.map(() => ['1:x']));
  });
});

describe('what a stream brought', () => {
  it('is told of each, in the ledger and in the log', async () => {
    const config = sandbox.fresh();
    await load(config, first);
    const changed = STREAMS.flatMap((stream, number) => [
      schema(stream),
      ...records(stream, [1, ...Array.from({ length: number }, (_, more) => 100 + more)], 'y'),
    ]);
    const { stderr } = await load(config, [...changed, state]);
    const ledger = await sandbox.rows(config, '_SDC_LOAD_LEDGER', '"COMMITTED_AT", "STREAM"');
    expect(
      ledger.slice(-STREAMS.length).map((row) => [row['STREAM'], row['ROWS_INSERTED'], row['ROWS_UPDATED']]),
    ).toEqual(STREAMS.map((stream, number) => [stream, String(number), '1']));
    for (const [number, stream] of STREAMS.entries())
      expect(stderr).toContain(`stream ${stream}: ${number + 1} records loaded (${number} new, 1 changed)`);
  });
});

describe('a statement that is refused in a request of several', () => {
  it('ends the run, which names stream and table; no stream is loaded', async () => {
    const config = sandbox.fresh();
    await load(config, [...STREAMS.map((stream) => schema(stream)), state]);
    wire.faults = [{ match: /MERGE INTO \S+"RACK_4"/, times: 99, answer: { code: '003001' } }];
    const outcome = await load(config, [...first, state]);
    expect(outcome).toMatchObject({ code: 1, states: [] });
    expect(outcome.stderr).toMatch(/stream rack_4, table \S+"RACK_4": the role lacks a right for this \(code 003001\)/);
    expect(Object.values(await rowsOf(config)).flat()).toEqual([]);
    wire.faults = [];
    await load(config, [...first, state]);
    expect(await rowsOf(config)).toEqual(whole);
  });

  it('and taken alone does no harm', async () => {
    const config = sandbox.fresh();
    wire.faults = [{ match: /^MERGE[^]*;\nMERGE/, times: 99, answer: { code: '100038', message: "'secret' is bad" } }];
    const outcome = await load(config, [...first, state]);
    expect(outcome).toMatchObject({ code: 0, states: [state.value] });
    expect(outcome.stderr).not.toContain('secret');
    expect(await rowsOf(config)).toEqual(whole);
  });
});

describe('a request of several', () => {
  it.each<[string, Fault]>([
    ['never arrives', { match: /^MERGE/, answer: 'nothing' }],
    ['is carried out and its answer is lost', { match: /^MERGE/, point: 'after', answer: 'nothing' }],
    ['meets a lock', { match: /^MERGE/, times: 2, answer: { code: '000625' } }],
    ['finds its session gone', { match: /^MERGE/, answer: { code: '390111' } }],
    ['has an answer that cannot be fetched at once', { what: 'answer', match: /./, nth: 3, answer: 'nothing' }],
    [
      'has an answer that Snowflake does not know any more',
      { what: 'answer', match: /./, nth: 9, answer: { code: '000709' } },
    ],
  ])('that %s leaves every row once', async (_, fault) => {
    for (const keys of [KEYED, { key_properties: [] }]) {
      const config = sandbox.fresh();
      wire.faults = [
        {
          ...fault,
          match:
            keys === KEYED ? fault.match : new RegExp(fault.match.source.replace('MERGE', 'INSERT INTO \\S+"RACK')),
        },
      ];
      const input = STREAMS.flatMap((stream, number) => [
        schema(stream, keys),
        ...records(
          stream,
          Array.from({ length: number + 1 }, (_row, id) => id + 1),
        ),
      ]);
      expect(await load(config, [...input, state])).toMatchObject({ code: 0, states: [state.value] });
      expect(await rowsOf(config)).toEqual(whole);
    }
  });
});
