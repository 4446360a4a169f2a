import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messagesOf, state } from './support/messages.js';
import { useSandbox, type SandboxSettings } from './support/sandbox.js';

// Tables that a person or another tool has made: their columns may keep less than the values say, or take them for something else.

const sandbox = useSandbox();

const DATE_TIME = { type: ['null', 'string'], format: 'date-time' };
const TIME = { type: ['null', 'string'], format: 'time' };
const events = messagesOf('events', { properties: { id: { type: 'integer' }, at: DATE_TIME, t: TIME } });
const event = (id: unknown, at: unknown, t: unknown = null): object => events.record({ id, at, t });

/** Settings for a schema in which a table with these columns has been made. */
async function withTable(columns: string, settings: object = {}): Promise<SandboxSettings> {
  const config = { ...sandbox.fresh(), ...settings };
  await sandbox.query(`CREATE SCHEMA ${sandbox.schema(config)}`);
  await sandbox.query(`CREATE TABLE ${sandbox.table(config, 'EVENTS')} (${columns})`);
  return config;
}

const shown = (config: SandboxSettings) =>
  sandbox.rows(
    config,
    'EVENTS',
    '"ID"',
    `"ID"::VARCHAR AS "ID", TO_VARCHAR("AT", 'YYYY-MM-DD HH24:MI:SS.FF6') AS "AT", TO_VARCHAR("T", 'HH24:MI:SS.FF6') AS "T"`,
  );
describe('columns that keep fewer digits of a second', () => {
  it('take what fits as they are, and keep all digits once values have more', async () => {
    const three = messagesOf('events', {
      properties: { id: { type: 'integer' }, ntz: DATE_TIME, tz: DATE_TIME, ltz: DATE_TIME, t: TIME, other: DATE_TIME },
    });
    const put = (id: number, digits: string, other = ''): object =>
      three.record({
        ...Object.fromEntries(['ntz', 'tz', 'ltz'].map((name) => [name, `2024-01-01T10:00:00${digits}Z`])),
        ...{ id, t: `10:00:00${digits}`, other: `2024-01-01T10:00:00${other}Z` },
      });
    const types = {
      NTZ: 'TIMESTAMP_NTZ(3)',
      TZ: 'TIMESTAMP_TZ(2)',
      LTZ: 'TIMESTAMP_LTZ(3)',
      T: 'TIME(1)',
      OTHER: 'DATETIME(3)',
    };
    const config = await withTable(
      `ID INT, ${Object.entries(types)
        .map((one) => one.join(' '))
        .join(', ')}`,
    );
    await sandbox.load(config, [three.schema(), put(1, '.100000')]);
    expect(await sandbox.columns(config, 'EVENTS')).toMatchObject({ ...types, OTHER: 'TIMESTAMP_NTZ(3)' });
    // Two cuts of a run, of which only the second has more digits.
    const cuts = [put(2, ''), state({ n: 1 }), put(3, '.123456', '.123'), state({ n: 2 })];
    await sandbox.load({ ...config, batch_size_rows: 1 }, [three.schema(), ...cuts]);
    expect(await sandbox.columns(config, 'EVENTS')).toMatchObject({
      ...{ NTZ: 'TIMESTAMP_NTZ(9)', TZ: 'TIMESTAMP_TZ(9)', LTZ: 'TIMESTAMP_LTZ(9)', T: 'TIME(9)' },
      OTHER: 'TIMESTAMP_NTZ(3)',
    });
    const fractions = Object.keys(types).map((name) => `TO_VARCHAR("${name}", 'SS.FF6') AS "${name}"`);
    const rows = await sandbox.rows(config, 'EVENTS', '"ID"', fractions.join(', '));
    expect(rows.map((row) => Object.values(row))).toEqual([
      [...Array<string>(4).fill('00.100000'), '00.000000'],
      Array<string>(5).fill('00.000000'),
      [...Array<string>(4).fill('00.123456'), '00.123000'],
    ]);
  });

  it('stay as they are where they may not change: what they do not keep is refused by name', async () => {
    const config = await withTable('ID INT, AT TIMESTAMP_NTZ(3), T TIME(0)', { on_type_conflict: 'refuse' });
    const refused = await sandbox.refusal(config, [
      events.schema(),
      event(1, '2024-01-01T10:00:00.120Z', '10:00:00.000'),
      event(2, '2024-01-01T10:00:00.1234Z'),
    ]);
    expect(refused).toContain(
      `line 3: stream "events", property "at": the value has more digits of a second than its column keeps; its column is TIMESTAMP_NTZ(3) in table ${sandbox.table(config, 'EVENTS')}: let the column be converted`,
    );
    expect(refused).not.toContain('1234Z');
    expect(await shown(config)).toEqual([]);
  });

  it('are spared the values of files, too, although records behind them come to be checked first', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'digits-'));
    const config = await withTable('ID INT, AT TIMESTAMP_NTZ(3), T TIME(0)', { on_type_conflict: 'refuse' });
    await writeFile(path.join(folder, 'one.jsonl'), '{"id":1,"at":"2024-01-01T10:00:00.1234Z"}\n');
    const batch = events.batch([`file://${folder}/one.jsonl`], 'none');
    const behind = [event(2, null), state({}), event(3, '2024-01-01T10:00:00.1234Z')];
    const refused = await sandbox.refusal({ ...config, batch_size_rows: 1 }, [events.schema(), batch, ...behind]);
    expect(refused).toMatch(
      /line 2: BATCH file \S+one\.jsonl, line 1: stream "events", property "at": the value has more/,
    );
    await rm(folder, { recursive: true });
  });

  it('are filled as a contract says: what they do not keep is left out', async () => {
    const config = await withTable('ID INT, AT TIMESTAMP_NTZ(3), T TIME(0)', {
      schema_contract: { changed_types: 'discard_value' },
    });
    await sandbox.load(config, [
      events.schema(),
      event(1, '2024-01-01T10:00:00.1234Z', '10:00:00.1'),
      event(2, '2024-01-01T10:00:00.120000Z', '10:00:00.000'),
    ]);
    expect(await sandbox.columns(config, 'EVENTS')).toMatchObject({ AT: 'TIMESTAMP_NTZ(3)', T: 'TIME(0)' });
    expect(await shown(config)).toEqual([
      { ID: '1', AT: null, T: null },
      { ID: '2', AT: '2024-01-01 10:00:00.120000', T: '10:00:00.000000' },
    ]);
  });

  it('make no two keys one, and none older than it is', async () => {
    const readings = messagesOf('events', {
      key_properties: ['at'],
      bookmark_properties: ['changed'],
      properties: { at: DATE_TIME, changed: DATE_TIME, v: { type: 'integer' } },
    });
    const reading = (at: string, changed: string, v: number): object =>
      readings.record({ at: `2024-01-01T10:00:00${at}Z`, changed: `2024-01-01T10:00:00${changed}Z`, v });
    const config = await withTable('AT TIMESTAMP_NTZ(0) NOT NULL, CHANGED TIMESTAMP_TZ(0), V INT');
    await sandbox.load(config, [readings.schema(), reading('', '', 1)]);
    await sandbox.load(config, [
      readings.schema(),
      reading('.25', '.75', 2),
      reading('.5', '.75', 3),
      reading('.25', '.5', 4),
    ]);
    expect((await sandbox.rows(config, 'EVENTS', '"V"', '"V"')).map(({ V }) => V)).toEqual(['1', '2', '3']);
  });

  it('keep the wall clock that they held', async () => {
    const config = await withTable('ID INT, AT TIMESTAMP_NTZ(3), T TIME');
    await sandbox.query(`INSERT INTO ${sandbox.table(config, 'EVENTS')} VALUES (1, '2024-01-01 10:00:00.120', NULL)`);
    const put = (id: number): object => event(id, `2024-01-01T10:00:00.12345${id}+02:00`);
    const cuts = [put(2), state({ n: 1 }), put(3), state({ n: 2 })];
    await sandbox.load({ ...config, batch_size_rows: 1 }, [events.schema(), ...cuts]);
    expect((await shown(config)).map(({ AT }) => AT)).toEqual([
      '2024-01-01 10:00:00.120000',
      '2024-01-01 10:00:00.123452',
      '2024-01-01 10:00:00.123453',
    ]);
  });
});

it('columns of one kind of several that the schema names stay while values are of it, and then become what holds all', async () => {
  const of = { type: 'string' };
  const mixed = messagesOf('events', {
    properties: {
      id: { type: 'integer' },
      d: { anyOf: [{ type: 'string', format: 'date' }, of] },
      tz: { anyOf: [DATE_TIME, of] },
      t: { anyOf: [TIME, of] },
      v: { anyOf: [DATE_TIME, { type: 'integer' }] },
      kept: { anyOf: [DATE_TIME, of] },
    },
  });
  const kept = '2024-01-31T10:00:00Z';
  const own = mixed.record({ id: 1, d: '2024-01-31', tz: kept, t: '10:00:00', v: '2024-01-31T10:00:00', kept });
  const others = { d: kept, tz: '1700000000', t: '10:00:00+02:00', v: 1_700_000_000 };
  const config = await withTable('ID INT, D DATE, TZ TIMESTAMP_TZ, T TIME, V TIMESTAMP_NTZ, KEPT TIMESTAMP_TZ');
  const before = await sandbox.columns(config, 'EVENTS');
  await sandbox.load(config, [mixed.schema(), own]);
  expect(await sandbox.columns(config, 'EVENTS')).toMatchObject(before);
  const refused = [mixed.schema(), own, mixed.record({ id: 2, v: others.v })];
  expect(await sandbox.refusal({ ...config, on_type_conflict: 'refuse' }, refused)).toContain(
    'line 3: stream "events", property "v": the value is not a text; its column is TIMESTAMP_NTZ',
  );
  await sandbox.load(config, [mixed.schema(), mixed.record({ id: 2, ...others, kept })]);
  expect((await sandbox.columns(config, 'EVENTS'))['KEPT']).toBe('TIMESTAMP_TZ(9)');
  const rows = await sandbox.rows(config, 'EVENTS', '"ID"', '"D", "TZ", "T", "V"');
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['2024-01-31', '2024-01-31T10:00:00.000000000+00:00', '10:00:00.000000000', '"2024-01-31T10:00:00.000000000"'],
    [others.d, others.tz, others.t, '1700000000'],
  ]);
});

it('columns that a stream does not know keep their defaults and their NOT NULL', async () => {
  const config = await withTable(
    "ID INT, AT TIMESTAMP_NTZ, T TIME, KIND VARCHAR NOT NULL DEFAULT 'event', NOTE VARCHAR NOT NULL",
  );
  await sandbox.load(config, [events.schema(), event(1, null)]);
  expect(await sandbox.rows(config, 'EVENTS', undefined, '"ID", "KIND", "NOTE"')).toEqual([
    { ID: '1', KIND: 'event', NOTE: null },
  ]);
  const nullable = (await sandbox.query(`DESCRIBE TABLE ${sandbox.table(config, 'EVENTS')}`)).map((row) => [
    row['name'],
    row['null?'],
  ]);
  expect(Object.fromEntries(nullable)).toMatchObject({ KIND: 'N', NOTE: 'Y' });
  await sandbox.load({ ...config, load_method: 'overwrite' }, [events.schema(), event(2, null)]);
  expect((await sandbox.rows(config, 'EVENTS', undefined, '"ID"')).map(({ ID }) => ID)).toEqual(['2']);
});
