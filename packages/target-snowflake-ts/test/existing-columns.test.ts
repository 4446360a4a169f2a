import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { state } from './support/messages.js';
import { end, lines, pumps, raw, refusalOf, schema } from './support/pumps.js';
import { useSandbox } from './support/sandbox.js';
import type { Settings } from './support/run-target.js';

// A table made by another tool, or for an earlier schema, can be narrower than the schema is now. What its columns do not hold is refused by
// line and property, put aside, or left out, as the settings say; it never changes on its way in.

const sandbox = useSandbox();

const INTEGER = { type: ['null', 'integer'] };
const text = (more: object = {}): object => ({ type: ['null', 'string'], ...more });
const either = (...branches: object[]): object => ({ anyOf: [...branches, { type: 'null' }] });

/** A column of the table and the property that goes to it; a value, as JSON, that the column holds, and one that it does not, and why. */
const COLUMNS: Record<string, [type: string, property: object, fits: string, misfit: string, reason: string]> = {
  scaled: ['NUMBER(38,5)', INTEGER, '1'.repeat(33), '1'.repeat(34), 'more digits before the point than NUMBER(38,5)'],
  finely: ['NUMBER(38,30)', INTEGER, '12345678', '123456789', 'more digits before the point than NUMBER(38,30)'],
  float: ['FLOAT', INTEGER, '9007199254740992', '18014398509481985', 'more digits than its column gives back'],
  decfloat: ['DECFLOAT', INTEGER, '1'.repeat(36), '1'.repeat(37), 'more than the 36 digits'],
  variant: [
    'VARIANT',
    { type: ['null', 'number'] },
    '1.5',
    '1'.repeat(40),
    'more than the 38 digits that VARIANT keeps',
  ],
  bytes: ['BINARY(4)', text({ contentEncoding: 'base64' }), '"AAECAw=="', '"AAECAwQ="', 'more than the 4 bytes'],
  day: [
    'DATE',
    either(text({ format: 'date' }), text({ format: 'date-time' })),
    '"2024-01-31"',
    '"2024-01-31T10:00:00Z"',
    'a time of day',
  ],
  anyday: ['DATE', either(text({ format: 'date' }), INTEGER), '"2024-01-31"', '17', 'not a text'],
  at: [
    'TIMESTAMP_NTZ',
    either(text({ format: 'date-time' }), text()),
    '"2024-01-31T10:00:00Z"',
    '"17"',
    'no date and time',
  ],
  millis: [
    'TIMESTAMP_NTZ(3)',
    text({ format: 'date-time' }),
    '"2024-01-31T10:00:00.1230Z"',
    '"2024-01-31T10:00:00.1234Z"',
    'more digits of a second than its column keeps',
  ],
  clock: ['TIME', either(text({ format: 'time' }), text()), '"10:00:00"', '"10:00:00+02:00"', 'an offset from UTC'],
  list: ['ARRAY', either({ type: 'array' }, text()), '[1]', '"hunter2"', 'not an array'],
  tree: ['OBJECT', either({ type: 'object' }, text()), '{"a":1}', '"hunter2"', 'not an object'],
};
const NAMES = Object.keys(COLUMNS);
const described = schema(Object.fromEntries(Object.entries(COLUMNS).map(([name, [, property]]) => [name, property])));

const recordOf = (id: number, values: Record<string, string>): string =>
  `{"id":${id}${Object.entries(values)
    .map(([name, value]) => `,"${name}":${value}`)
    .join('')}}`;
const good = (id: number): string => recordOf(id, Object.fromEntries(NAMES.map((name) => [name, COLUMNS[name]![2]])));
/** A record for each column, with a value that it does not hold. */
const bad = NAMES.map((name, index) => recordOf(index + 1, { [name]: COLUMNS[name]![3] }));

/** Columns that could be converted stay as they are unless a test says otherwise. */
async function withTable(settings: Settings = {}) {
  const config = { ...sandbox.fresh(), on_type_conflict: 'refuse', ...settings };
  await sandbox.query(`CREATE SCHEMA ${sandbox.schema(config)}`);
  const columns = Object.entries(COLUMNS).map(([name, [type]]) => `"${name.toUpperCase()}" ${type}`);
  await sandbox.query(`CREATE TABLE ${sandbox.table(config, 'PUMPS')} ("ID" NUMBER(38,0), ${columns.join(', ')})`);
  return config;
}

const ids = async (config: Settings): Promise<string[]> =>
  (await sandbox.rows(config, 'PUMPS', '"ID"')).map((row) => String(row['ID']));

/** Which values are in the row that has all that fit. */
const kept = async (config: Settings, id: number): Promise<unknown[]> => {
  const shown = NAMES.map((name) => `"${name.toUpperCase()}"::VARCHAR AS "${name}"`).join(', ');
  const [row] = await sandbox.query(`SELECT ${shown} FROM ${sandbox.table(config, 'PUMPS')} WHERE "ID" = ${id}`);
  return NAMES.map((name) => row?.[name]);
};
const KEPT = [
  `${'1'.repeat(33)}.00000`,
  `12345678.${'0'.repeat(30)}`,
  '9007199254740992',
  '1'.repeat(36),
  '1.5',
  '00010203',
  '2024-01-31',
  '2024-01-31',
  expect.stringMatching(/^2024-01-31 10:00:00/),
  expect.stringMatching(/^2024-01-31 10:00:00.123/),
  '10:00:00',
  '[1]',
  '{"a":1}',
];

it('names line and property of the first value that its column does not hold, and loads nothing', async () => {
  const config = await withTable();
  for (const name of ['scaled', 'at', 'float', 'bytes', 'list']) {
    // No other column gives a reason to look at the records again.
    const input = lines(described, raw('{"id":90}'), raw(bad[NAMES.indexOf(name)]!), end);
    const said = await refusalOf(sandbox, config, input);
    expect(said).toMatch(
      new RegExp(`^line 3: stream "pumps", property "${name}": the value .*; its column is \\S+ in table \\S+: \\w`),
    );
    expect(said).toContain(COLUMNS[name]![4]);
    expect(said.split('\n')).toHaveLength(1);
  }
  expect(await ids(config)).toEqual([]);
});

/** A good record, all bad ones, a cut, all bad ones again, a good one. */
const twoCuts = () =>
  lines(described, raw(good(90)), ...bad.map(raw), state({ cut: 1 }), ...bad.map(raw), raw(good(91)), end);

it('puts aside each record that a column does not hold, in every cut, and loads the others as they came', async () => {
  const config = await withTable({ on_invalid_record: 'quarantine', batch_size_rows: NAMES.length + 1 });
  // In the second cut the columns are known when records are read.
  const { states, stderr } = await sandbox.load(config, twoCuts());
  expect(states.at(-1)).toEqual({ done: true });
  expect(await ids(config)).toEqual(['90', '91']);
  for (const id of [90, 91]) expect(await kept(config, id)).toEqual(KEPT);
  const aside = await sandbox.rows(config, '_SDC_QUARANTINE', '"LINE"');
  expect(aside.map((row) => [row['LINE'], row['PROPERTY'], row['RECORD']])).toEqual(
    [...NAMES, ...NAMES].map((name, at) => [String(at + 3 + (at < NAMES.length ? 0 : 1)), name, bad[at % bad.length]]),
  );
  for (const [at, row] of aside.entries()) expect(row['REASON']).toContain(COLUMNS[NAMES[at % NAMES.length]!]![4]);
  expect(stderr + aside.map((row) => row['REASON']).join()).not.toContain('hunter2');
  expect(stderr.match(/(\d+) records do not fit and are in table _SDC_QUARANTINE/g)).toHaveLength(2);
  const [ledger] = await sandbox.query(
    `SELECT SUM("ROWS_READ") AS "N" FROM ${sandbox.table(config, '_SDC_LOAD_LEDGER')} WHERE "STREAM" = '_sdc_quarantine'`,
  );
  expect(ledger?.['N']).toBe(String(2 * bad.length));
});

it('counts them against the number that may be put aside', async () => {
  const config = await withTable({ on_invalid_record: 'quarantine', max_invalid_records: 3 });
  const said = await refusalOf(sandbox, config, lines(described, raw(good(90)), ...bad.map(raw), end));
  expect(said).toMatch(/^more than 3 records do not fit/);
  expect(await ids(config)).toEqual([]);
});

it.each([
  // Where columns may change, those that could be converted are judged by the contract instead.
  ['discard_value', 'convert', 'values were', [...bad.map((_, index) => String(index + 1)), '90', '91']],
  ['discard_row', 'refuse', 'rows were', ['90', '91']],
])(
  'leaves out what the contract says: %s, with columns to %s',
  async (changed_types, on_type_conflict, what, loaded) => {
    const config = await withTable({
      schema_contract: { changed_types },
      on_type_conflict,
      batch_size_rows: NAMES.length + 1,
    });
    const { stderr } = await sandbox.load(config, twoCuts());
    expect(await ids(config)).toEqual(loaded);
    expect(await kept(config, 90)).toEqual(KEPT);
    if (changed_types === 'discard_value')
      for (const index of bad.keys()) expect(new Set(await kept(config, index + 1))).toEqual(new Set([null]));
    for (const name of NAMES)
      expect(stderr.match(new RegExp(`1 ${what} left out because of property "${name}"`, 'g'))).toHaveLength(2);
  },
);

it('never leaves out or rounds a key: its record is refused, or put aside', async () => {
  const config = {
    ...sandbox.fresh(),
    schema_contract: { changed_types: 'discard_value' },
    on_inexact_number: 'round',
  };
  await sandbox.query(`CREATE SCHEMA ${sandbox.schema(config)}`);
  await sandbox.query(`CREATE TABLE ${sandbox.table(config, 'PUMPS')} ("ID" FLOAT)`);
  const input = lines(schema({}), raw('{"id":1}'), raw('{"id":18014398509481985}'), end);
  expect(await refusalOf(sandbox, config, input)).toMatch(/^line 3: stream "pumps", property "id": the value has more/);
  await sandbox.load({ ...config, on_invalid_record: 'quarantine' }, input);
  expect((await ids(config)).map(Number)).toEqual([1]);
});

it('says of a file which of its lines does not fit, and puts that aside', async () => {
  const config = await withTable();
  const folder = await mkdtemp(path.join(tmpdir(), 'existing-columns-'));
  try {
    const file = path.join(folder, 'rows.jsonl');
    await writeFile(file, [good(90), ...bad, good(91)].join('\n'));
    const input = lines(described, pumps.batch([file], 'none'), end);
    expect(await refusalOf(sandbox, config, input)).toMatch(
      `line 2: BATCH file ${file}, line 2: stream "pumps", property "${NAMES[0]}": the value`,
    );
    await sandbox.load({ ...config, on_invalid_record: 'quarantine' }, input);
    expect(await ids(config)).toEqual(['90', '91']);
    const aside = await sandbox.rows(config, '_SDC_QUARANTINE', '"REASON"');
    expect(new Set(aside.map((row) => row['LINE']))).toEqual(new Set(['2']));
    expect(aside.map((row) => row['PROPERTY']).sort()).toEqual([...NAMES].sort());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('reads nothing again that its columns hold', async () => {
  const config = await withTable();
  // Numbers that may be in doubt for a narrower column are none here.
  const narrow = schema({ float: INTEGER, decfloat: INTEGER, scaled: INTEGER });
  const records = Array.from({ length: 5 }, (_, id) => raw(recordOf(id, { float: '5', decfloat: '6', scaled: '7' })));
  const { stderr } = await sandbox.load(config, lines(narrow, ...records, end));
  expect(stderr).not.toMatch(/quarantine|left out/i);
  expect(await ids(config)).toEqual(['0', '1', '2', '3', '4']);
});
