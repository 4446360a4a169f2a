import { messagesOf, state } from './support/messages.js';
import { people, peopleIn, person } from './support/people.js';
import { useSandbox, withoutMetadata } from './support/sandbox.js';
import { useWire } from './support/wire.js';

// Which table a stream goes to, and how its columns follow the schema.

const sandbox = useSandbox();
const wire = useWire(sandbox);

describe('types and evolution', () => {
  it('widens in place, converts with the values kept, and goes on where a killed run stopped', async () => {
    const config = sandbox.fresh();
    const with_ = (type: object) => people.schema({ properties: { v: type } });
    const put = (id: number, v: unknown) => people.record({ id, v });
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
    const refused = await sandbox.refusal({ ...sandbox.fresh(), on_type_conflict: 'refuse' }, [
      with_({ type: 'integer' }),
      put(1, 1),
      with_({ type: 'string' }),
      put(2, 'x'),
      state({}),
    ]);
    expect(refused).toContain('column V is NUMBER(38,0) and cannot hold VARCHAR');
  });

  it('replaces no column of the clustering key, which Snowflake would refuse half way, and does so once the key is gone', async () => {
    const config = { ...sandbox.fresh(), streams: { people: { cluster_by: ['v'] } } };
    const with_ = (type: object) => people.schema({ properties: { v: type } });
    await sandbox.load(config, [with_({ type: 'integer' }), people.record({ id: 1, v: 7 })]);
    const decimal = [with_({ type: 'number', multipleOf: 0.01 }), people.record({ id: 2, v: 1.25 })];
    const before = await sandbox.columns(config, 'PEOPLE');
    expect(await sandbox.refusal(config, decimal)).toContain('is part of the clustering key LINEAR("V")');
    expect(await sandbox.columns(config, 'PEOPLE')).toEqual(before);
    await sandbox.query(`ALTER TABLE ${sandbox.table(config, 'PEOPLE')} DROP CLUSTERING KEY`);
    await sandbox.load(config, decimal);
    expect((await sandbox.rows(config, 'PEOPLE', '"ID"')).map(({ V }) => V)).toEqual(['7.00', '1.25']);
  });

  it('refuses a value that would be rounded, naming line and property', async () => {
    const config = sandbox.fresh();
    const money = people.schema({
      properties: { v: { type: 'string', format: 'x-singer.decimal', precision: 12, scale: 2 } },
    });
    const outcome = await sandbox.refusal(config, [money, people.record({ id: 1, v: '1.005' })]);
    expect(outcome).toContain(
      'line 2: stream "people", property "v": the value has more digits than NUMBER(12,2) holds',
    );
    expect(outcome).not.toContain('1.005');
  });

  it.each([
    ['alone', []],
    ['beside another stream', [people.schema({ stream: 'others' }), person(9, 'z', null, { stream: 'others' })]],
  ])(
    'names line and property of a value that Snowflake refuses, %s, and loads nothing of the cut',
    async (_, others) => {
      const config = { ...sandbox.fresh(), compression: 'gzip' };
      const sum = { type: 'integer' };
      wire.faults = [
        {
          // The second file is the other stream's.
          match: /^COPY(?!.*000002)/,
          times: 99,
          answer: {
            code: '100038',
            message: `Numeric value '7777' is not recognized\n  File 'cut/000001.jsonl.gz', line 2, character 20\n  Row 2, column "T"["C3":3]`,
          },
        },
      ];
      const input = [
        people.schema({ properties: { sum } }),
        people.record({ id: 1, name: 'ok', sum: 1 }),
        people.record({ id: 2, name: 'x', changed: null, sum: 2 }),
        ...others,
        state({}),
      ];
      const outcome = await sandbox.refusal(wire.through(config), input);
      expect(outcome).toContain('line 3: stream people: Snowflake refused the value of property "sum"');
      expect(outcome).toContain('The column is NUMBER(38,0): correct the value');
      expect(outcome).not.toContain('7777');
      expect(await peopleIn(sandbox, config)).toEqual([]);
      if (others.length > 0) expect(await sandbox.rows(config, 'OTHERS')).toEqual([]);
      // What only Snowflake can judge is put aside like any other record that does not fit.
      wire.faults = wire.faults.map((fault) => ({ ...fault, times: others.length > 0 ? 2 : 1 }));
      const { stderr } = await sandbox.load({ ...wire.through(config), on_invalid_record: 'quarantine' }, input);
      expect(await peopleIn(sandbox, config)).toEqual(['1:ok']);
      if (others.length > 0) expect(await sandbox.rows(config, 'OTHERS')).toHaveLength(1);
      const aside = await sandbox.rows(config, '_SDC_QUARANTINE');
      expect(aside.map((row) => [row['STREAM'], row['LINE'], row['PROPERTY'], row['RECORD']])).toEqual([
        ['people', '3', 'sum', '{"id":2,"name":"x","changed":null,"sum":2}'],
      ]);
      expect(stderr + String(aside[0]?.['REASON'])).not.toContain('7777');
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
    const odd = messagesOf('odd:stream "name"!', {
      key_properties: ['SELECT'],
      properties: Object.fromEntries(hostile.map((name) => [name, { type: 'string' }])),
    });
    await sandbox.load(config, [odd.schema(), odd.record(values)]);
    const [row] = await sandbox.rows(config, 'ODDSTREAM_NAME');
    expect(withoutMetadata(row!)).toEqual(
      Object.fromEntries(hostile.map((name, index) => [name.toUpperCase(), `v${index}`])),
    );
  });

  it('tells why a table of many is refused, and makes all of them once it is not', async () => {
    const streams = Array.from({ length: 20 }, (_, number) => `people_${number}`);
    const input = streams.flatMap((stream) => [people.schema({ stream }), person(1, 'a', null, { stream })]);
    const config = sandbox.fresh();
    const refused = await sandbox.refusal(
      { ...config, streams: { people_7: { cluster_by: ['NO_SUCH_FUNCTION(ID)'] } } },
      [...input, state({})],
    );
    expect(refused).toMatch(/stream people_7, table "TESTS"\.\S+: Snowflake refused the statement \(code 002140\)/);
    const missing = await sandbox.refusal({ ...config, streams: { people_7: { cluster_by: ['NO_SUCH_COLUMN'] } } }, [
      ...input,
      state({}),
    ]);
    expect(missing.trim()).toMatch(
      /^\S+ ERROR +target-snowflake-ts: stream people_7, table "TESTS"\.\S+: it names a column that is not there \(code 000904\); check .*cluster_by$/,
    );
    await sandbox.load(config, input);
    for (const stream of streams) expect(await sandbox.rows(config, stream.toUpperCase(), '"ID"')).toHaveLength(1);
  });

  it.each(['upsert', 'append-only', 'overwrite'])('refuses a view in place of the table, %s', async (method) => {
    const config = { ...sandbox.fresh(), load_method: method };
    const name = sandbox.schema(config);
    await sandbox.query(`CREATE SCHEMA ${name}`);
    await sandbox.query(`CREATE VIEW ${name}."PEOPLE" AS SELECT 1 AS "ID", 'x' AS "NAME"`);
    const goesOn = { sync: { run: 9000, from: 5000, complete: false, sent: true } };
    for (const before of [[], method === 'overwrite' ? [] : [state({ bookmarks: { people: goesOn } })]]) {
      const outcome = await sandbox.refusal(config, [people.schema(), ...before, person(1, 'a'), state({})]);
      // One line, and nothing was tried before it.
      expect(outcome.trim().split('\n')).toHaveLength(1);
      expect(outcome).toContain(`stream people: ${name}."PEOPLE" is a view, which records cannot be loaded into`);
    }
    // Another table, as the message says.
    await sandbox.load({ ...config, streams: { people: { table: 'PEOPLE_LOADED' } } }, [
      people.schema(),
      person(1, 'a'),
    ]);
    expect(await sandbox.rows(config, 'PEOPLE_LOADED')).toHaveLength(1);
  });

  it("refuses a view in place of one of the target's own tables, if it needs that", async () => {
    const config = sandbox.fresh();
    const name = sandbox.schema(config);
    await sandbox.query(`CREATE SCHEMA ${name}`);
    await sandbox.query(`CREATE VIEW ${name}."_SDC_LOAD_LEDGER" AS SELECT 1 AS "X"`);
    const outcome = await sandbox.refusal(config, [people.schema(), person(1, 'a')]);
    expect(outcome).toContain(`${name}."_SDC_LOAD_LEDGER" is a view, but this target keeps a table of its own`);
    await sandbox.load({ ...config, load_ledger: false }, [people.schema(), person(1, 'a')]);
    expect(await peopleIn(sandbox, config)).toEqual(['1:a']);
  });

  it('refuses names that clash by case, and streams that share a table', async () => {
    const clash = await sandbox.refusal(sandbox.fresh(), [
      people.schema({ schema: { type: 'object', properties: { id: { type: 'integer' }, ID: { type: 'integer' } } } }),
    ]);
    expect(clash).toContain('properties "id" and "ID" would both be column ID');
    const shared = await sandbox.refusal(sandbox.fresh(), [people.schema(), people.schema({ stream: 'People' })]);
    expect(shared).toContain('streams people and People would both go to table');
    expect(shared).not.toContain('use_raw_stream_names');
    const hyphens = [people.schema({ stream: 'old-people' }), people.schema({ stream: 'new-people' })];
    const config = sandbox.fresh();
    expect(await sandbox.refusal(config, hyphens)).toContain('set "use_raw_stream_names" to true');
    await sandbox.load({ ...config, use_raw_stream_names: true }, hyphens);
    expect(await sandbox.tables(config)).toEqual(expect.arrayContaining(['NEW_PEOPLE', 'OLD_PEOPLE']));
  });

  it("refuses a schema that is Snowflake's own", async () => {
    const { default_target_schema: name, ...config } = sandbox.fresh();
    const stream = 'information_schema-people';
    const input = [people.schema({ stream }), person(1, 'a', null, { stream })];
    const refused = await sandbox.refusal(config, input);
    expect(refused).toContain("schema INFORMATION_SCHEMA is Snowflake's own");
    await sandbox.load({ ...config, streams: { [stream]: { schema: name } } }, input);
    expect(await peopleIn(sandbox, { default_target_schema: name })).toEqual(['1:a']);
  });

  it('takes the schema from the stream, and table and load method from an override', async () => {
    const { default_target_schema: name, ...config } = sandbox.fresh();
    await sandbox.load({ ...config, streams: { [`${name}-b`]: { table: 'Own Table', load_method: 'append-only' } } }, [
      people.schema({ stream: `${name}-a` }),
      person(1, 'a', null, { stream: `${name}-a` }),
      people.schema({ stream: `${name}-b` }),
      person(1, 'b', null, { stream: `${name}-b` }),
      person(1, 'b', null, { stream: `${name}-b` }),
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
