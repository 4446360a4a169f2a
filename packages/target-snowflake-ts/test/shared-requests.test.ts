import { messagesOf, state } from './support/messages.js';
import { runTarget, type Outcome, type Settings } from './support/run-target.js';
import { useSandbox } from './support/sandbox.js';
import { useWire, type Fault } from './support/wire.js';

// Small streams share requests: how many those are, and what becomes of the streams when one of them, or the wire, is at fault.

const sandbox = useSandbox();
const wire = useWire(sandbox);

const STREAMS = Array.from({ length: 6 }, (_, number) => `rack_${number}`);
const KEYLESS = { key_properties: [] };

const messages = (stream: string) =>
  messagesOf(stream, { properties: { id: { type: 'integer' }, label: { type: 'string' } } });
const schema = (stream: string, more?: object) => messages(stream).schema({ ...more });
const records = (stream: string, ids: readonly number[], label = 'x') =>
  ids.map((id) => messages(stream).record({ id, label }));
const end = state({ bookmarks: {} });
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
/** The nth stream brings rows 1 to n + 1. */
const first = STREAMS.flatMap((stream, number) => [schema(stream), ...records(stream, upTo(number + 1))]);
const load = (settings: Settings, input: readonly object[]): Promise<Outcome> =>
  runTarget({ config: wire.through(settings), input });

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
  STREAMS.map((stream, number) => [stream.toUpperCase(), upTo(number + 1).map((id) => `${id}:x`)]),
);

describe('requests', () => {
  it('are 14 for a run however many small streams bring rows, and four when nothing comes', async () => {
    const config = wire.through(sandbox.fresh());
    const input = (ids: readonly number[]) => [
      // A title changes nothing that matters here.
      ...STREAMS.flatMap((stream) => [
        schema(stream),
        ...ids.flatMap((id) => [...records(stream, [id]), schema(stream, { title: `after ${id}` })]),
      ]),
      end,
    ];
    const counted = async (ids: readonly number[]): Promise<number> => {
      wire.seen = [];
      await sandbox.load(config, input(ids));
      return wire.statements.length;
    };
    await sandbox.load(config, input([1]));
    expect(await counted([2, 3])).toBe(14);
    expect(await counted([])).toBe(4);
  });

  it('hold statements of one kind', async () => {
    const config = sandbox.fresh();
    const mixed = STREAMS.flatMap((stream, number) => [
      schema(stream, number % 2 === 0 ? {} : KEYLESS),
      ...records(stream, [1]),
    ]);
    expect((await load(config, mixed)).code).toBe(0);
    const written = wire.statements.filter((sql) => /^(MERGE|INSERT) INTO .*"RACK_\d"/.test(sql));
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
      ...records(stream, [1, ...upTo(number).map((id) => 100 + id)], 'y'),
    ]);
    const { stderr } = await load(config, [...changed, end]);
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
    await load(config, [...STREAMS.map((stream) => schema(stream)), end]);
    wire.faults = [{ match: /MERGE INTO \S+"RACK_4"/, times: 99, answer: { code: '003001' } }];
    const outcome = await load(config, [...first, end]);
    expect(outcome).toMatchObject({ code: 1, states: [] });
    expect(outcome.stderr).toMatch(/stream rack_4, table \S+"RACK_4": the role lacks a right for this \(code 003001\)/);
    expect(Object.values(await rowsOf(config)).flat()).toEqual([]);
    wire.faults = [];
    await load(config, [...first, end]);
    expect(await rowsOf(config)).toEqual(whole);
  });

  it('and taken alone does no harm', async () => {
    const config = sandbox.fresh();
    wire.faults = [{ match: /^MERGE[^]*;\nMERGE/, times: 99, answer: { code: '100038', message: "'secret' is bad" } }];
    const outcome = await load(config, [...first, end]);
    expect(outcome).toMatchObject({ code: 0, states: [end.value] });
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
    ['loses its session between answers', { what: 'answer', match: /./, nth: 3, answer: { code: '390111' } }],
    ['has the first of its answers without a session', { what: 'answer', match: /./, answer: { code: '390111' } }],
  ])('that %s leaves every row once', async (_, fault) => {
    for (const keys of [{}, KEYLESS]) {
      const config = sandbox.fresh();
      const statement = keys === KEYLESS ? 'INSERT INTO \\S+"RACK' : 'MERGE';
      wire.faults = [{ ...fault, match: new RegExp(fault.match.source.replace('MERGE', statement)) }];
      const input = STREAMS.flatMap((stream, number) => [schema(stream, keys), ...records(stream, upTo(number + 1))]);
      expect(await load(config, [...input, end])).toMatchObject({ code: 0, states: [end.value] });
      expect(await rowsOf(config)).toEqual(whole);
    }
  });
});
