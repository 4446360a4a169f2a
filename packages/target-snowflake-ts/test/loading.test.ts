import { generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTarget } from './support/run-target.js';
import { useSandbox, withoutMetadata } from './support/sandbox.js';

const sandbox = useSandbox();

const properties = {
  id: { type: 'integer' },
  name: { type: ['null', 'string'] },
  changed: { type: ['null', 'string'], format: 'date-time' },
};
const schema = (more: object = {}) => ({
  type: 'SCHEMA',
  stream: 'people',
  key_properties: ['id'],
  bookmark_properties: ['changed'],
  schema: { type: 'object', properties },
  ...more,
});
const record = (id: number, name: string | null, changed: string | null = null, more: object = {}) => ({
  type: 'RECORD',
  stream: 'people',
  record: { id, name, changed },
  ...more,
});
const state = (value: unknown) => ({ type: 'STATE', value });
const activate = (version: number) => ({ type: 'ACTIVATE_VERSION', stream: 'people', version });
const names = async (config: object & { default_target_schema: string }, where = 'TRUE') =>
  (
    await sandbox.query(
      `SELECT "ID", "NAME" FROM "TESTS"."${config.default_target_schema}"."PEOPLE" WHERE ${where} ORDER BY "ID", "NAME"`,
    )
  ).map(({ ID, NAME }) => `${String(ID)}:${String(NAME)}`);

describe('upsert', () => {
  it('updates rows by key, never puts an older one over a newer one, and tells the ledger', async () => {
    const config = sandbox.fresh();
    await sandbox.load(config, [
      schema(),
      record(1, 'a', '2026-01-01T12:00:00+01:00'),
      record(2, 'b', '2026-01-01T12:00:00Z'),
      record(3, 'c'),
      state({
        bookmarks: { people: { replication_key_value: '2026-01-01T12:00:00Z', window_end: '2026-01-02T00:00:00Z' } },
      }),
    ]);
    await sandbox.load(config, [
      schema(),
      // Later on the clock, earlier in time.
      record(1, 'older', '2026-01-01T12:30:00+02:00'),
      record(2, 'same instant', '2026-01-01T13:00:00+01:00'),
      record(3, 'had no key', '2020-01-01T00:00:00Z'),
      record(4, 'new', '2026-01-03T00:00:00Z'),
      state({ bookmarks: {} }),
    ]);
    expect(await names(config)).toEqual(['1:a', '2:same instant', '3:had no key', '4:new']);
    const ledger = await sandbox.rows(config, '_SDC_LOAD_LEDGER', '"STARTED_AT"');
    expect(ledger).toMatchObject([
      {
        STREAM: 'people',
        TABLE_NAME: 'PEOPLE',
        CUT: '1',
        ROWS_READ: '3',
        ROWS_INSERTED: '3',
        ROWS_UPDATED: '0',
        ROWS_SKIPPED_OLDER: '0',
      },
      { ROWS_READ: '4', ROWS_INSERTED: '1', ROWS_UPDATED: '2', ROWS_SKIPPED_OLDER: '1' },
    ]);
    expect(String(ledger[0]!['WINDOW_END'])).toContain('2026-01-02 00:00:00');
    expect(JSON.parse(String(ledger[0]!['STATE']))).toMatchObject({ window_end: '2026-01-02T00:00:00Z' });
  });

  it('takes the last record of a key without a replication key, and with ignore_older off', async () => {
    const config = sandbox.fresh();
    await sandbox.load(config, [
      schema({ bookmark_properties: [] }),
      record(1, 'x', '2026-01-02T00:00:00Z'),
      record(1, 'y', '2026-01-01T00:00:00Z'),
    ]);
    expect(await names(config)).toEqual(['1:y']);
    await sandbox.load({ ...config, ignore_older: false }, [schema(), record(1, 'z', '2025-01-01T00:00:00Z')]);
    expect(await names(config)).toEqual(['1:z']);
    await sandbox.load({ ...config, streams: { people: { ignore_older: true } } }, [
      schema(),
      record(1, 'skipped', '2024-01-01T00:00:00Z'),
    ]);
    expect(await names(config)).toEqual(['1:z']);
  });

  it('keeps rows apart when the key changes, and loads tables that another target made', async () => {
    const config = sandbox.fresh();
    const table = `"TESTS"."${config.default_target_schema}"`;
    await sandbox.query(`CREATE SCHEMA ${table}`);
    await sandbox.query(
      `CREATE TABLE ${table}."PEOPLE" ("ID" NUMBER(38,0) NOT NULL, "name" VARCHAR(16777216), "CHANGED" TIMESTAMP_NTZ(9), "EXTRA" BOOLEAN)`,
    );
    await sandbox.query(`INSERT INTO ${table}."PEOPLE" VALUES (1, 'before', '2026-01-01 10:00:00', TRUE)`);
    await sandbox.load(config, [
      schema(),
      record(1, 'after', '2026-01-01T12:00:00+02:00'),
      record(2, 'new', '2026-01-01T12:00:00+02:00'),
    ]);
    // The columns are found in any case, and NTZ keeps the wall clock that the other target stored.
    expect(
      await sandbox.rows(
        config,
        'PEOPLE',
        '"ID"',
        '"ID", "name", TO_VARCHAR("CHANGED", \'YYYY-MM-DD HH24:MI:SS\') C, "EXTRA"',
      ),
    ).toEqual([
      { ID: '1', name: 'after', C: '2026-01-01 12:00:00', EXTRA: 'TRUE' },
      { ID: '2', name: 'new', C: '2026-01-01 12:00:00', EXTRA: null },
    ]);
    await sandbox.load(config, [
      schema({ key_properties: ['name'] }),
      { ...record(7, 'after'), record: { name: 'after' } },
    ]);
    expect(await sandbox.rows(config, 'PEOPLE', '"name"', '"ID", "name"')).toEqual([
      { ID: null, name: 'after' },
      { ID: '2', name: 'new' },
    ]);
  });

  it('stores no JSON null in the OBJECT and ARRAY columns of another target, and refuses its versions of another type', async () => {
    const config = sandbox.fresh();
    const name = `"TESTS"."${config.default_target_schema}"`;
    await sandbox.query(`CREATE SCHEMA ${name}`);
    await sandbox.query(`CREATE TABLE ${name}."PEOPLE" ("ID" NUMBER(38,0), "O" OBJECT, "A" ARRAY, "V" VARIANT)`);
    const more = Object.fromEntries(
      ['o', 'a', 'v'].map((property) => [property, { type: ['null', 'object', 'array'] }]),
    );
    const wide = schema({ schema: { type: 'object', properties: { ...properties, ...more } } });
    const of = (id: number, values: object) => ({ type: 'RECORD', stream: 'people', record: { id, ...values } });
    await sandbox.load(config, [
      wide,
      of(1, { o: null, a: null, v: null }),
      of(2, { o: { x: null }, a: [null], v: {} }),
    ]);
    expect(
      await sandbox.rows(
        config,
        'PEOPLE',
        '"ID"',
        '"O" IS NULL O, "A" IS NULL A, "V" IS NULL V, TO_JSON("O") J, TO_JSON("A") K',
      ),
    ).toEqual([
      { O: 'TRUE', A: 'TRUE', V: 'TRUE', J: null, K: null },
      { O: 'FALSE', A: 'FALSE', V: 'FALSE', J: '{"x":null}', K: '[null]' },
    ]);
    await sandbox.query(`CREATE TABLE ${name}."OTHERS" ("ID" NUMBER(38,0), "_SDC_TABLE_VERSION" VARCHAR)`);
    const refused = await runTarget({
      config,
      input: [schema({ stream: 'others' }), { ...of(1, {}), stream: 'others' }],
    });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('column _SDC_TABLE_VERSION of table');
  });

  it('stores UTC in the NTZ columns that it makes, and instants in the others', async () => {
    for (const [type, expected] of [
      ['TIMESTAMP_NTZ', '2026-01-01 10:00:00'],
      ['TIMESTAMP_TZ', '2026-01-01 10:00:00'],
      ['TIMESTAMP_LTZ', '2026-01-01 10:00:00'],
    ]) {
      const config = { ...sandbox.fresh(), timestamp_type: type };
      await sandbox.load(config, [
        schema(),
        record(1, 'a', '2026-01-01T12:00:00+02:00'),
        record(2, 'b', '2026-01-01T10:00:00'),
      ]);
      const utc = type === 'TIMESTAMP_NTZ' ? '"CHANGED"' : `CONVERT_TIMEZONE('UTC', "CHANGED")`;
      const rows = await sandbox.rows(config, 'PEOPLE', '"ID"', `TO_VARCHAR(${utc}, 'YYYY-MM-DD HH24:MI:SS') C`);
      expect([type, rows.map(({ C }) => C)]).toEqual([type, [expected, expected]]);
      expect((await sandbox.columns(config, 'PEOPLE'))['CHANGED']).toMatch(new RegExp(`^${type}`));
    }
  });
});

describe('versions', () => {
  it('marks rows of older versions as deleted, or deletes them, and spares what comes again', async () => {
    for (const hard of [false, true]) {
      const config = { ...sandbox.fresh(), hard_delete: hard };
      await sandbox.load(config, [
        schema(),
        record(1, 'a', '2026-01-01T00:00:00Z', { version: 1 }),
        record(2, 'b', null, { version: 1 }),
        record(3, 'c'),
        activate(1),
      ]);
      expect([hard, await names(config, '"_SDC_DELETED_AT" IS NULL')]).toEqual([hard, ['1:a', '2:b']]);
      await sandbox.load(config, [
        schema(),
        // The higher version has seen the source as it is, whatever the replication key says.
        record(1, 'put right', '2025-01-01T00:00:00Z', { version: 2 }),
        record(4, 'd', null, { version: 2 }),
        activate(2),
        record(5, 'after', null, { version: 2 }),
      ]);
      expect([hard, await names(config, '"_SDC_DELETED_AT" IS NULL')]).toEqual([
        hard,
        ['1:put right', '4:d', '5:after'],
      ]);
      expect([hard, await names(config)]).toEqual([
        hard,
        hard ? ['1:put right', '4:d', '5:after'] : ['1:put right', '2:b', '3:c', '4:d', '5:after'],
      ]);
      // A row that was gone comes back.
      await sandbox.load(config, [
        schema(),
        record(2, 'back', null, { version: 2 }),
        // Older than the row of the same version, so it is skipped, but it was seen.
        record(1, 'stale', '2024-01-01T00:00:00Z', { version: 2 }),
      ]);
      expect([hard, await names(config, '"_SDC_DELETED_AT" IS NULL')]).toEqual([
        hard,
        ['1:put right', '2:back', '4:d', '5:after'],
      ]);
    }
  });

  it('does nothing when told not to obey, and when there are no metadata columns', async () => {
    for (const more of [{ process_activate_version_messages: false }, { add_record_metadata: false }]) {
      const config = { ...sandbox.fresh(), ...more };
      const { stderr } = await sandbox.load(config, [
        schema(),
        record(1, 'a', null, { version: 1 }),
        record(2, 'b', null, { version: 2 }),
        activate(2),
      ]);
      expect(await names(config)).toEqual(['1:a', '2:b']);
      if ('add_record_metadata' in more) {
        expect(stderr).toContain('ACTIVATE_VERSION of stream people is not obeyed');
        expect(Object.keys(await sandbox.columns(config, 'PEOPLE'))).toEqual(['ID', 'NAME', 'CHANGED']);
      }
    }
  });
});

describe('append-only and streams without a key', () => {
  it('add a row per record', async () => {
    const config = { ...sandbox.fresh(), load_method: 'append-only' };
    await sandbox.load(config, [schema(), record(1, 'a'), record(1, 'a')]);
    await sandbox.load(config, [schema({ key_properties: [] }), record(1, 'b')]);
    expect(await names(config)).toEqual(['1:a', '1:a', '1:b']);
  });
});

describe('overwrite', () => {
  it('replaces the table at the end and at once, over several cuts and schemas', async () => {
    const config = { ...sandbox.fresh(), load_method: 'overwrite', batch_size_rows: 2 };
    await sandbox.load(config, [schema(), record(1, 'old'), record(2, 'old'), record(3, 'old'), state({ n: 1 })]);
    const { states } = await sandbox.load(config, [
      schema(),
      record(4, 'new'),
      record(5, 'x'),
      state({ n: 2 }),
      record(5, 'new'),
      schema({ schema: { type: 'object', properties: { ...properties, city: { type: 'string' } } } }),
      { ...record(6, 'new'), record: { id: 6, name: 'new', city: 'Graz' } },
      record(7, 'new'),
      state({ n: 3 }),
    ]);
    expect(states).toEqual([{ n: 3 }]);
    expect(await names(config)).toEqual(['4:new', '5:new', '6:new', '7:new']);
    expect((await sandbox.rows(config, 'PEOPLE', '"ID"')).map(({ CITY }) => CITY)).toEqual([null, null, 'Graz', null]);
  });

  it('publishes nothing when the input is cut off or goes on after the last STATE', async () => {
    const config = { ...sandbox.fresh(), load_method: 'overwrite', batch_size_rows: 1 };
    await sandbox.load(config, [schema(), record(1, 'old'), state({ n: 1 })]);
    const late = await runTarget({ config, input: [schema(), record(2, 'new'), state({ n: 2 }), record(3, 'late')] });
    expect(late).toMatchObject({ code: 1, states: [] });
    expect(late.stderr).toContain('records follow the last STATE');
    const cut = await runTarget({
      config,
      input: `${JSON.stringify(schema())}\n${JSON.stringify(record(2, 'new'))}\n${JSON.stringify(state({ n: 2 }))}\n{"type":"REC`,
    });
    expect(cut).toMatchObject({ code: 1, states: [] });
    expect(await names(config)).toEqual(['1:old']);
  });
});

describe('types and evolution', () => {
  it('widens in place, converts with the values kept, and goes on where a killed run stopped', async () => {
    const config = sandbox.fresh();
    const with_ = (type: object) => schema({ schema: { type: 'object', properties: { ...properties, v: type } } });
    const put = (id: number, v: unknown) => ({ type: 'RECORD', stream: 'people', record: { id, v } });
    await sandbox.load(config, [with_({ type: 'integer' }), put(1, 7)]);
    await sandbox.load(config, [with_({ type: 'number', multipleOf: 0.01 }), put(2, 1.25)]);
    expect((await sandbox.columns(config, 'PEOPLE'))['V']).toBe('NUMBER(38,2)');
    await sandbox.load(config, [with_({ type: 'string' }), put(3, 'text')]);
    expect((await sandbox.rows(config, 'PEOPLE', '"ID"')).map(({ V }) => V)).toEqual(['7.00', '1.25', 'text']);
    await sandbox.load(config, [with_({ type: 'object' }), put(4, { a: 1 })]);
    expect((await sandbox.rows(config, 'PEOPLE', '"ID"')).map(({ V }) => V)).toEqual([
      '7.00',
      '1.25',
      'text',
      '{"a":1}',
    ]);
    const refused = await runTarget({
      config: { ...sandbox.fresh(), on_type_conflict: 'refuse' },
      input: [with_({ type: 'integer' }), put(1, 1), with_({ type: 'string' }), put(2, 'x'), state({})],
    });
    expect(refused).toMatchObject({ code: 1, states: [] });
    expect(refused.stderr).toContain('column V is NUMBER(38,0) and cannot hold VARCHAR');
  });

  it('refuses a value that would be rounded, naming line and property', async () => {
    const config = sandbox.fresh();
    const money = schema({
      schema: {
        type: 'object',
        properties: { ...properties, v: { type: 'string', format: 'x-singer.decimal', precision: 12, scale: 2 } },
      },
    });
    const outcome = await runTarget({
      config,
      input: [money, { type: 'RECORD', stream: 'people', record: { id: 1, v: '1.005' } }],
    });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain(
      'line 2: stream "people", property "v": the value has more digits than NUMBER(12,2) holds',
    );
    expect(outcome.stderr).not.toContain('1.005');
  });

  it.each([
    ['alone', []],
    [
      'beside another stream',
      [schema({ stream: 'others' }), { type: 'RECORD', stream: 'others', record: { id: 9, name: 'z' } }],
    ],
  ])(
    'names line and property of a value that Snowflake refuses, %s, and loads nothing of the cut',
    async (_, others) => {
      const config = { ...sandbox.fresh(), validate_records: false };
      const outcome = await runTarget({
        config,
        input: [
          schema({ schema: { type: 'object', properties: { ...properties, flag: { type: 'boolean' } } } }),
          record(1, 'ok'),
          { type: 'RECORD', stream: 'people', record: { id: 2, name: 'x', flag: 'secret-value' } },
          ...others,
          state({}),
        ],
      });
      expect(outcome).toMatchObject({ code: 1, states: [] });
      expect(outcome.stderr).toContain('line 3: stream people: Snowflake refused the value of property "flag"');
      expect(outcome.stderr).not.toContain('secret-value');
      expect(await names(config)).toEqual([]);
      if (others.length > 0) expect(await sandbox.rows(config, 'OTHERS')).toEqual([]);
    },
  );
});

describe('names', () => {
  it('takes hostile names of properties as they are', async () => {
    const config = sandbox.fresh();
    const hostile = [
      'SELECT',
      'a b',
      'größe',
      'a:b',
      "it's",
      'say "hi"',
      '$1',
      'x'.repeat(255),
      '_id',
      '"); DROP TABLE "PEOPLE',
      'a\\b',
      'a.b',
      '日本',
      '😀',
    ];
    const values = Object.fromEntries(hostile.map((name, index) => [name, `v${index}`]));
    await sandbox.load(config, [
      {
        type: 'SCHEMA',
        stream: 'odd:stream "name"!',
        key_properties: ['SELECT'],
        schema: { type: 'object', properties: Object.fromEntries(hostile.map((name) => [name, { type: 'string' }])) },
      },
      { type: 'RECORD', stream: 'odd:stream "name"!', record: values },
    ]);
    const [row] = await sandbox.rows(config, 'ODDSTREAM_NAME');
    expect(withoutMetadata(row!)).toEqual(
      Object.fromEntries(hostile.map((name, index) => [name.toUpperCase(), `v${index}`])),
    );
  });

  it('tells why a table of many is refused, and makes all of them once it is not', async () => {
    const streams = Array.from({ length: 20 }, (_, number) => `people_${number}`);
    const input = streams.flatMap((stream) => [schema({ stream }), record(1, 'a', null, { stream })]);
    const config = sandbox.fresh();
    const refused = await runTarget({
      config: { ...config, streams: { people_7: { cluster_by: ['NO_SUCH_FUNCTION(ID)'] } } },
      input: [...input, state({})],
    });
    expect(refused).toMatchObject({ code: 1, states: [] });
    expect(refused.stderr).toMatch(
      /stream people_7, table "TESTS"\.\S+: Snowflake refused the statement \(code 002140\)/,
    );
    const missing = await runTarget({
      config: { ...config, streams: { people_7: { cluster_by: ['NO_SUCH_COLUMN'] } } },
      input: [...input, state({})],
    });
    expect(missing).toMatchObject({ code: 1, states: [] });
    expect(missing.stderr.trim()).toMatch(
      /^\S+ ERROR +target-snowflake-ts: stream people_7, table "TESTS"\.\S+: it names a column that is not there \(code 000904\); check .*cluster_by$/,
    );
    await sandbox.load(config, input);
    for (const stream of streams) expect(await sandbox.rows(config, stream.toUpperCase(), '"ID"')).toHaveLength(1);
  });

  it.each(['upsert', 'append-only', 'overwrite'])('refuses a view in place of the table, %s', async (method) => {
    const config = { ...sandbox.fresh(), load_method: method };
    const name = `"TESTS"."${config.default_target_schema}"`;
    await sandbox.query(`CREATE SCHEMA ${name}`);
    await sandbox.query(`CREATE VIEW ${name}."PEOPLE" AS SELECT 1 AS "ID", 'x' AS "NAME"`);
    const goesOn = { sync: { run: 9000, from: 5000, complete: false, sent: true } };
    for (const before of [[], method === 'overwrite' ? [] : [state({ bookmarks: { people: goesOn } })]]) {
      const outcome = await runTarget({ config, input: [schema(), ...before, record(1, 'a'), state({})] });
      expect(outcome).toMatchObject({ code: 1, states: [] });
      // One line, and nothing was tried before it.
      expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
      expect(outcome.stderr).toContain(
        `stream people: ${name}."PEOPLE" is a view, which records cannot be loaded into`,
      );
    }
    // Another table, as the message says.
    await sandbox.load({ ...config, streams: { people: { table: 'PEOPLE_LOADED' } } }, [schema(), record(1, 'a')]);
    expect(await sandbox.rows(config, 'PEOPLE_LOADED')).toHaveLength(1);
  });

  it("refuses a view in place of one of the target's own tables, if it needs that", async () => {
    const config = sandbox.fresh();
    const name = `"TESTS"."${config.default_target_schema}"`;
    await sandbox.query(`CREATE SCHEMA ${name}`);
    await sandbox.query(`CREATE VIEW ${name}."_SDC_LOAD_LEDGER" AS SELECT 1 AS "X"`);
    const outcome = await runTarget({ config, input: [schema(), record(1, 'a')] });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain(`${name}."_SDC_LOAD_LEDGER" is a view, but this target keeps a table of its own`);
    await sandbox.load({ ...config, load_ledger: false }, [schema(), record(1, 'a')]);
    expect(await names(config)).toEqual(['1:a']);
  });

  it('refuses names that clash by case, and streams that share a table', async () => {
    const clash = await runTarget({
      config: sandbox.fresh(),
      input: [schema({ schema: { type: 'object', properties: { id: { type: 'integer' }, ID: { type: 'integer' } } } })],
    });
    expect(clash).toMatchObject({ code: 1 });
    expect(clash.stderr).toContain('properties "id" and "ID" would both be column ID');
    const shared = await runTarget({ config: sandbox.fresh(), input: [schema(), { ...schema(), stream: 'People' }] });
    expect(shared.stderr).toContain('streams people and People would both go to table');
  });

  it("refuses a schema that is Snowflake's own", async () => {
    const { default_target_schema: name, ...config } = sandbox.fresh();
    const stream = 'information_schema-people';
    const input = [schema({ stream }), record(1, 'a', null, { stream })];
    const refused = await runTarget({ config, input });
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain("schema INFORMATION_SCHEMA is Snowflake's own");
    await sandbox.load({ ...config, streams: { [stream]: { schema: name } } }, input);
    expect(await names({ default_target_schema: name })).toEqual(['1:a']);
  });

  it('takes the schema from the stream, and table and load method from an override', async () => {
    const { default_target_schema: name, ...config } = sandbox.fresh();
    await sandbox.load({ ...config, streams: { [`${name}-b`]: { table: 'Own Table', load_method: 'append-only' } } }, [
      { ...schema(), stream: `${name}-a` },
      { ...record(1, 'a'), stream: `${name}-a` },
      { ...schema(), stream: `${name}-b` },
      { ...record(1, 'b'), stream: `${name}-b` },
      { ...record(1, 'b'), stream: `${name}-b` },
    ]);
    expect(await sandbox.tables({ default_target_schema: name })).toEqual([
      'A',
      'OWN TABLE',
      '_SDC_LOAD_LEDGER',
      '_SDC_TABLES',
    ]);
    expect(await sandbox.rows({ default_target_schema: name }, 'OWN TABLE')).toHaveLength(2);
  });
});

describe('BATCH', () => {
  it('loads files in order, beside records, and removes them when told', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'batch-'));
    const config = { ...sandbox.fresh(), batch_config: { storage: { root: folder } } };
    const file = (name: string, rows: object[], zip: boolean) => {
      const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
      writeFileSync(path.join(folder, name), zip ? gzipSync(text) : text);
      return `file://${path.join(folder, name)}`;
    };
    const first = file(
      'a b.jsonl.gz',
      [
        { id: 1, name: 'file' },
        { id: 2, name: 'file', changed: '2026-01-01T00:00:00+01:00' },
      ],
      true,
    );
    const second = file('two.jsonl.gz', [{ id: 2, name: 'later file' }], true);
    const plain = file('plain.jsonl', [{ id: 3, name: 'plain' }], false);
    const message = (manifest: string[], compression: string) => ({
      type: 'BATCH',
      stream: 'people',
      encoding: { format: 'jsonl', compression },
      manifest,
    });
    const input = [
      schema({ bookmark_properties: [] }),
      record(1, 'before'),
      message([first, second], 'gzip'),
      message([plain], 'none'),
      record(3, 'after'),
      state({ done: true }),
    ];
    const { states } = await sandbox.load({ ...config, clean_up_batch_files: false }, input);
    expect(states).toEqual([{ done: true }]);
    expect(await names(config)).toEqual(['1:file', '2:later file', '3:after']);
    expect(readdirSync(folder)).toHaveLength(3);
    await sandbox.load(config, input);
    expect(existsSync(path.join(folder, 'two.jsonl.gz'))).toBe(false);
    const keyless = file('bad.jsonl.gz', [{ id: null, name: 'x' }], true);
    const refused = await runTarget({ config, input: [schema(), message([keyless], 'gzip'), state({})] });
    expect(refused).toMatchObject({ code: 1, states: [] });
    expect(refused.stderr).toMatch(/line 2: BATCH file \S+bad\.jsonl\.gz, line 1: record of stream "people"/);
    rmSync(folder, { recursive: true });
  });
});

describe('sign-in', () => {
  it('takes a key pair from a file, as PEM, base64 and DER, encrypted or not', async () => {
    const passphrase = 'open sesame';
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const der = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    await sandbox.query(`ALTER USER local SET RSA_PUBLIC_KEY='${der}'`);
    const folder = mkdtempSync(path.join(tmpdir(), 'keys-'));
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const encrypted = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
    writeFileSync(path.join(folder, 'key.pem'), pem);
    writeFileSync(path.join(folder, 'key.der'), privateKey.export({ type: 'pkcs8', format: 'der' }));
    const { password: _password, ...config } = sandbox.fresh();
    const ways = [
      { private_key_path: path.join(folder, 'key.pem') },
      { private_key_path: path.join(folder, 'key.der') },
      { private_key: pem.replaceAll('\n', '\\n') },
      { private_key: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64') },
      { private_key: encrypted, private_key_passphrase: passphrase },
    ];
    for (const [index, way] of ways.entries())
      await sandbox.load({ ...config, ...way }, [schema(), record(index, 'signed in')]);
    expect(await sandbox.rows(config, 'PEOPLE')).toHaveLength(ways.length);
    const wrong = await runTarget({
      config: { ...config, private_key: encrypted, private_key_passphrase: 'wrong' },
      input: [schema(), record(1, 'x')],
    });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain(
      '"private_key_passphrase" (environment variable TARGET_SNOWFLAKE_TS_PRIVATE_KEY_PASSPHRASE) does not open the private key',
    );
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
    const refused = await runTarget({ config: { ...config, private_key: other }, input: [schema(), record(1, 'x')] });
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('refused sign-in by key pair');
    for (const { stderr } of [wrong, refused]) expect(stderr).not.toMatch(/PRIVATE KEY-----|MII|\n\s+at /);
    rmSync(folder, { recursive: true });
  });
});

describe('hooks, stages and dry runs', () => {
  it('runs pre_load_sql and post_load_sql with the names filled in', async () => {
    const config = sandbox.fresh();
    const log = `"TESTS"."${config.default_target_schema}"."LOG"`;
    await sandbox.load(
      {
        ...config,
        pre_load_sql: [
          `CREATE TABLE IF NOT EXISTS ${log} ("WHAT" VARCHAR)`,
          `INSERT INTO ${log} SELECT 'before ' || {stream} || COUNT(*) FROM {table}`,
        ],
        post_load_sql: `INSERT INTO ${log} SELECT 'after ' || {stream} || COUNT(*) FROM {table}`,
      },
      [schema(), record(1, 'a'), record(2, 'b')],
    );
    expect((await sandbox.rows(config, 'LOG', '"WHAT" DESC')).map(({ WHAT }) => WHAT)).toEqual([
      'before people0',
      'after people2',
    ]);
  });

  it("loads through the user's stage and a named one, and leaves no file there", async () => {
    const config = sandbox.fresh();
    const named = `TESTS.${config.default_target_schema}.OWN`;
    await sandbox.query(`CREATE SCHEMA "TESTS"."${config.default_target_schema}"`);
    await sandbox.query(`CREATE STAGE ${named}`);
    for (const [index, stage] of ['user', named].entries())
      await sandbox.load({ ...config, stage }, [schema(), record(index, stage)]);
    expect(await sandbox.rows(config, 'PEOPLE')).toHaveLength(2);
    expect(await sandbox.query(`LIST @${named}`)).toEqual([]);
    expect(await sandbox.query('LIST @~')).toEqual([]);
  });

  it('prints the SQL of a dry run, changes nothing and writes no STATE', async () => {
    const config = sandbox.fresh();
    const { stdout, code, states } = await runTarget({
      config,
      input: [schema(), record(1, 'a'), state({ n: 1 })],
      args: ['--dry-run'],
    });
    expect({ code, states }).toEqual({ code: 0, states: [] });
    for (const statement of ['CREATE TABLE IF NOT EXISTS', 'PUT ', 'COPY INTO', 'BEGIN', 'MERGE INTO', 'COMMIT'])
      expect(stdout).toContain(statement);
    await expect(sandbox.tables(config)).rejects.toThrow(/does not exist/);
  });
});

describe('the command', () => {
  it('takes settings from the environment and messages from a gzip file', async () => {
    const config = sandbox.fresh();
    const folder = mkdtempSync(path.join(tmpdir(), 'input-'));
    const file = path.join(folder, 'out.singer.gz');
    const messages = [schema(), record(1, 'from a file'), state({ n: 1 })];
    writeFileSync(file, gzipSync(messages.map((message) => `${JSON.stringify(message)}\n`).join('')));
    const env = Object.fromEntries(
      Object.entries(config).map(([name, value]) => [`TARGET_SNOWFLAKE_TS_${name.toUpperCase()}`, String(value)]),
    );
    const outcome = await runTarget({ config: {}, input: '', args: ['--config', 'ENV', '--input', file], env });
    expect(outcome).toMatchObject({ code: 0, states: [{ n: 1 }] });
    expect(await names(config)).toEqual(['1:from a file']);
    rmSync(folder, { recursive: true });
  });

  it.each<[string, object, number, RegExp]>([
    ['a missing setting', { account: undefined }, 2, /setting "account" is missing; .* TARGET_SNOWFLAKE_TS_ACCOUNT/],
    ['nothing to sign in with', { password: undefined }, 2, /nothing to sign in with: set private_key_path/],
    ['an unknown setting', { pasword: 'x' }, 2, /unknown setting "pasword" in \S+; did you mean "password"\?/],
    ['a wrong password', { password: 'wrong' }, 3, /refused sign-in by password \(code 390100\)/],
    [
      'an unreachable host',
      { port: 1 },
      1,
      /cannot be reached \(ECONNREFUSED\); check setting "host" \(environment variable TARGET_SNOWFLAKE_TS_HOST\)/,
    ],
    ['a database that is not there', { database: 'NOWHERE' }, 1, /check database, schema, warehouse and role/],
    [
      'an ingestion method that is not there',
      { ingestion_method: 'snowpipe_streaming' },
      2,
      /"ingestion_method": snowpipe_streaming is not there/,
    ],
    ['a spool folder that PUT would take for a pattern', { spool_directory: '/tmp/a*b' }, 2, /"spool_directory"/],
    [
      'a spool folder that cannot be written',
      { spool_directory: '/proc/nowhere' },
      2,
      /cannot create a folder in \/proc\/nowhere/,
    ],
  ])('says in one line about %s', async (_what, change, code, message) => {
    const outcome = await runTarget({
      config: { ...sandbox.fresh(), ...change },
      input: [schema(), record(1, 'a'), state({})],
    });
    const errors = outcome.stderr.split('\n').filter((text) => text.includes('ERROR'));
    expect([outcome.code, outcome.states, errors]).toEqual([code, [], [expect.stringMatching(message)]]);
    expect(outcome.stderr).not.toMatch(/\n\s+at |wrong"/);
  });
});

describe('nothing to do', () => {
  it('does not sign in for an empty input', async () => {
    const { code } = await runTarget({ config: { ...sandbox.fresh(), password: 'wrong', port: 1 }, input: '' });
    expect(code).toBe(0);
  });

  it('without a ledger, runs no statement for a stream without records', async () => {
    const config = { ...sandbox.fresh(), load_ledger: false };
    const { states } = await sandbox.load({ ...config, port: 1 }, [schema(), state({ n: 1 })]);
    expect(states).toEqual([{ n: 1 }]);
  });

  it('with a ledger, writes a row for every stream of the run, with the window of the last STATE', async () => {
    const config = sandbox.fresh();
    await sandbox.load(config, [schema(), state({ bookmarks: { people: { window_end: '2026-11-25T08:00:00Z' } } })]);
    const [row] = await sandbox.rows(config, '_SDC_LOAD_LEDGER');
    expect(row).toMatchObject({ STREAM: 'people', ROWS_READ: '0' });
    expect(String(row!['WINDOW_END'])).toContain('2026-11-25 08:00:00');
  });
});
