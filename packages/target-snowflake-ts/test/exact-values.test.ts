import { end, lines, raw, record, refusalOf, schema } from './support/pumps.js';
import { useSandbox } from './support/sandbox.js';
import { runTarget, type Settings } from './support/run-target.js';

// What a column cannot hold is refused, put aside or converted; nothing changes unseen.

const sandbox = useSandbox();

const INTEGER = { type: 'integer' };
const TEXT = { type: ['null', 'string'] };
const refusal = (config: Settings, input: string): Promise<string> => refusalOf(sandbox, config, input);

describe('numbers', () => {
  it('keeps key properties apart that one double stands for', async () => {
    const config = sandbox.fresh();
    const keyed = schema({ id: { type: 'number' }, v: TEXT });
    const rows = ['18014398509481985', '18014398509481984', '0.1', '1e-1'].map((id, v) =>
      raw(`{"id":${id},"v":"${v}"}`),
    );
    await sandbox.load(config, lines(keyed, ...rows, end));
    const [{ ID: type }, found] = [await sandbox.columns(config, 'PUMPS'), await sandbox.rows(config, 'PUMPS', '"V"')];
    expect(type).toMatch(/^DECFLOAT/);
    expect(found.map((row) => [row['ID'], row['V']])).toEqual([
      ['18014398509481985', '0'],
      ['18014398509481984', '1'],
      ['0.1', '3'],
    ]);
  });

  it('refuses digits that a FLOAT would lose, and keeps them in a DECFLOAT or, when told to, lets them go', async () => {
    const config = sandbox.fresh();
    const input = lines(schema({ flow: { type: 'number' } }), raw('{"id":1,"flow":0.12345678901234567891}'), end);
    expect(await refusal(config, input)).toMatch(/^line 2: stream "pumps", property "flow": the value has more digits/);
    await sandbox.load({ ...config, number_type: 'decfloat' }, input);
    expect(await sandbox.rows(config, 'PUMPS')).toMatchObject([{ FLOW: '0.12345678901234567891' }]);
    const other = sandbox.fresh();
    await sandbox.load({ ...other, on_inexact_number: 'round' }, input);
    expect(Number((await sandbox.rows(other, 'PUMPS'))[0]!['FLOW'])).toBeCloseTo(0.12345678901234568, 15);
  });

  it('refuses a conversion that would change values, says what to run and leaves the columns as they were', async () => {
    const config = sandbox.fresh();
    await sandbox.load(config, lines(schema({ n: INTEGER }), raw('{"id":1,"n":18014398509481985}'), end));
    const wider = lines(schema({ n: { type: 'number' } }), record({ id: 2, n: 2.5 }), end);
    const before = await sandbox.columns(config, 'PUMPS');
    const said = await refusal(config, wider);
    expect(said).toMatch('column N of table');
    expect(said).toMatch('RENAME COLUMN "N" TO "N_BEFORE"');
    expect(await sandbox.columns(config, 'PUMPS')).toEqual(before);
    await sandbox.load({ ...config, on_type_conflict: 'text' }, wider);
    const rows = await sandbox.rows(config, 'PUMPS', '"ID"');
    expect(rows.map((row) => row['N'])).toEqual(['18014398509481985', '2.5']);
  });
});

it('finds a numeric key in a VARCHAR whatever way the number is written', async () => {
  const config = sandbox.fresh();
  const keyed = (type: string) => schema({ id: { type }, v: TEXT });
  await sandbox.load(config, lines(keyed('string'), record({ id: '1', v: 'a' }), record({ id: '01', v: 'b' }), end));
  await sandbox.load(config, lines(keyed('integer'), raw('{"id":1.0,"v":"c"}'), raw('{"id":20e-1,"v":"d"}'), end));
  await sandbox.load(config, lines(keyed('number'), raw('{"id":2.0,"v":"e"}'), raw('{"id":2.50,"v":"f"}'), end));
  const rows = await sandbox.rows(config, 'PUMPS', '"V"');
  expect(rows.map((row) => [row['ID'], row['V']])).toEqual([
    ['01', 'b'],
    ['1', 'c'],
    ['2', 'e'],
    ['2.5', 'f'],
  ]);
});

it('tells what no table of Snowflake can be before there is one', async () => {
  const input = lines(schema({ n: { type: 'number' } }), record({ id: 1, n: 1 }), end);
  for (const [more, expected] of [
    [{ number_type: 'number(39,0)' }, /setting number_type: Snowflake has no number\(39,0\)/],
    [{ number_type: 'number(5,6)' }, /setting number_type: Snowflake has no number\(5,6\)/],
  ] as const) {
    const { code, stderr } = await runTarget({ config: { ...sandbox.fresh(), ...more }, input });
    expect([code, stderr]).toEqual([2, expect.stringMatching(expected)]);
  }
});

describe('a property that becomes a text, or anything', () => {
  const typed = {
    t: { type: 'string', format: 'time' },
    d: { type: 'string', format: 'date' },
    at: { type: 'string', format: 'date-time' },
    b: { type: 'string', contentEncoding: 'base64' },
  };
  const plain = (type: string | string[]) => Object.fromEntries(Object.keys(typed).map((name) => [name, { type }]));
  const came = { t: '10:20:30.123456', d: '2024-02-29', at: '2024-02-29T10:20:30.123456Z', b: '+/8=' };
  const kept = { T: '10:20:30.123456000', D: came.d, AT: '2024-02-29T10:20:30.123456000Z', B: came.b };

  it.each([
    ['between two runs, as text', 'upsert', 'string', kept],
    ['between two runs, as anything', 'upsert', ['string', 'object'], kept],
    ['within a run that overwrites', 'overwrite', 'string', kept],
  ] as const)('keeps all of what came: %s', async (_, load_method, type, expected) => {
    const config = { ...sandbox.fresh(), load_method, batch_size_rows: 1 };
    const first = [schema(typed), record({ id: 1, ...came })];
    const then = [schema(plain(type as string | string[])), record({ id: 2, ...came }), end];
    if (load_method === 'upsert') await sandbox.load(config, lines(...first, end));
    await sandbox.load(config, lines(...(load_method === 'upsert' ? [] : first), ...then));
    const columns = Object.keys(kept).map((name) => `"${name}"::VARCHAR AS "${name}"`);
    const rows = await sandbox.rows(config, 'PUMPS', '"ID"', columns.join(', '));
    expect(rows).toEqual([expected, { T: came.t, D: came.d, AT: came.at, B: came.b }]);
  });

  it('is refused within a run that overwrites when its values do not fit what the schema asks for then', async () => {
    const config = { ...sandbox.fresh(), load_method: 'overwrite', batch_size_rows: 1 };
    const first = lines(schema({ n: INTEGER }), raw('{"id":1,"n":18014398509481985}'));
    const then = lines(schema({ n: { type: 'number' } }), record({ id: 2, n: 2.5 }), end);
    expect(await refusal(config, first + then)).toMatch(/sent 1 values of NUMBER.* for column N .* that FLOAT/);
  });
});

it('refuses a text that is longer than its column, whatever length a cast would cut it to', async () => {
  const config = sandbox.fresh();
  const either = {
    anyOf: [
      { type: 'string', maxLength: 5 },
      { type: 'string', format: 'uuid' },
    ],
  };
  const said = await refusal(config, lines(schema({ v: either }), record({ id: 1, v: 'x'.repeat(37) }), end));
  expect(said).toMatch(/^line 2: stream "pumps", property "v": the value has more characters than the 36/);
});

it('describes properties by every part of a schema, and lets no cast guess what alternatives leave open', async () => {
  const config = sandbox.fresh();
  const alternatives = {
    allOf: [
      { if: { properties: { kind: { const: 'a' } } }, then: { properties: { depth: INTEGER } } },
      { anyOf: [{ properties: { wet: { type: 'boolean' } } }, { properties: { kind: TEXT } }] },
    ],
    dependencies: { kind: { properties: { note: TEXT } } },
  };
  const described = schema({ kind: TEXT }, {});
  const message = { ...described, schema: { ...described.schema, ...alternatives } };
  await sandbox.load(config, lines(message, record({ id: 1, kind: 'a', depth: 5, wet: true, note: 'n' }), end));
  expect(await sandbox.rows(config, 'PUMPS')).toMatchObject([{ DEPTH: '5', WET: 'TRUE', NOTE: 'n' }]);
  const said = await refusal(config, lines(message, record({ id: 1, wet: 'yes' }), end));
  expect(said).toMatch(/^line 2: stream "pumps", property "wet": the value is not true or false/);
});

it('lets only those values into a column that keeps its type which it can give back', async () => {
  const config = { ...sandbox.fresh(), schema_contract: { changed_types: 'discard_value' } };
  const text = (more: object) => ({ type: ['null', 'string'], ...more });
  const before = {
    at: text({ format: 'date-time' }),
    day: text({ format: 'date' }),
    time: text({ format: 'time' }),
    flow: { type: ['null', 'number'] },
    count: { type: ['null', 'integer'] },
  };
  await sandbox.load(config, lines(schema(before), record({ id: 0 }), end));
  // Any cast would take all of these.
  const others = [
    { at: '17', day: '17', time: '17', flow: 'NaN', count: '' },
    { at: 'Mon Jul 08 18:09:51 +0000 2013', day: '2024-02-03T10:11:12Z', flow: '0.12345678901234567890', count: '007' },
    { day: '01/02/2024', time: '2024-01-01T10:00:00', flow: '1e400', count: '.' },
  ];
  const good = { at: '2024-02-03T12:00:00+02:00', day: '2024-02-03', time: '10:00', flow: '1.50', count: '12' };
  const after = schema(Object.fromEntries(Object.keys(before).map((name) => [name, TEXT])));
  await sandbox.load(config, lines(after, ...[...others, good].map((one, id) => record({ id, ...one })), end));
  const shown = `TO_VARCHAR("AT", 'YYYY-MM-DD HH24:MI') AT, "DAY", TO_VARCHAR("TIME", 'HH24:MI') "TIME", "FLOW", "COUNT"`;
  const rows = await sandbox.rows(config, 'PUMPS', '"ID"', shown);
  const nothing = { AT: null, DAY: null, TIME: null, FLOW: null, COUNT: null };
  expect(rows).toEqual([
    nothing,
    nothing,
    nothing,
    { AT: '2024-02-03 10:00', DAY: '2024-02-03', TIME: '10:00', FLOW: '1.5', COUNT: '12' },
  ]);
});

it('writes times so that Snowflake reads them as they are meant', async () => {
  const config = sandbox.fresh();
  const at = { type: ['null', 'string'], format: 'date-time' };
  const times = [
    '2024-05-01T12:00:00+0530',
    '2024-05-01t06:30:00z',
    '2024-05-01 08:30 +02',
    '2024-04-30T24:00:00.0000000000+00:00',
  ];
  await sandbox.load(config, lines(schema({ at }), ...times.map((one, id) => record({ id, at: one })), end));
  const shown = `TO_VARCHAR("AT", 'YYYY-MM-DD HH24:MI:SS') "AT"`;
  const rows = await sandbox.rows(config, 'PUMPS', '"ID"', shown);
  expect(rows.map((row) => row['AT'])).toEqual([
    ...Array<string>(3).fill('2024-05-01 06:30:00'),
    '2024-05-01 00:00:00',
  ]);
});

describe('records that say that their row is deleted', () => {
  const numbered = schema({ _sdc_deleted_at: INTEGER });
  const marked = schema({ a: TEXT, b: TEXT, _sdc_deleted_at: TEXT });
  // Taps leave the property to the target, which has a column for it anyway; some allow no properties beside their own.
  const undescribed = schema({ a: TEXT, b: TEXT }, { additionalProperties: false, required: ['a'] });
  const schemas = [
    ['described', marked],
    ['not described', undescribed],
  ] as const;
  const changes = [
    record({ id: 1, a: 'x', b: 'y' }),
    record({ id: 2, a: 'x', b: 'y' }),
    record({ id: 1, b: null, _sdc_deleted_at: '2024-03-01T00:00:00+01:00' }),
    record({ id: 2, _sdc_deleted_at: '2024-03-02' }),
    record({ id: 3, a: 'x', b: 'y' }),
    record({ id: 3, _sdc_deleted_at: '2024-03-03T00:00:00+00:00+00:00' }),
    record({ id: 2, a: 'again', b: 'again' }),
  ];

  it.each(schemas)('marks the row and leaves the columns alone that the record does not carry: %s', async (_, sent) => {
    const config = sandbox.fresh();
    const { stderr } = await sandbox.load(config, lines(sent, ...changes, end));
    expect(stderr).not.toContain('WARNING');
    const shown = `"ID", "A", "B", TO_VARCHAR("_SDC_DELETED_AT", 'YYYY-MM-DD HH24:MI') "AT"`;
    expect(await sandbox.rows(config, 'PUMPS', '"ID"', shown)).toEqual([
      { ID: '1', A: 'x', B: null, AT: '2024-02-29 23:00' },
      { ID: '2', A: 'again', B: 'again', AT: null },
      { ID: '3', A: 'x', B: 'y', AT: '2024-03-03 00:00' },
    ]);
  });

  it.each(schemas)('removes the row with hard_delete, with and without metadata: %s', async (_, sent) => {
    for (const add_record_metadata of [true, false]) {
      const config = { ...sandbox.fresh(), hard_delete: true, add_record_metadata };
      await sandbox.load(config, lines(sent, ...changes, end));
      expect((await sandbox.rows(config, 'PUMPS')).map((row) => row['ID'])).toEqual(['2']);
    }
  });

  it('leaves the property out, with a warning, where neither a mark nor a deletion can come of it', async () => {
    const config = { ...sandbox.fresh(), add_record_metadata: false };
    const { stderr } = await sandbox.load(
      config,
      lines(schema({ a: TEXT }), record({ id: 1, _sdc_deleted_at: true }), end),
    );
    expect(stderr).toContain('left out: "_sdc_deleted_at" (1 records)');
    expect(Object.keys(await sandbox.columns(config, 'PUMPS'))).toEqual(['ID', 'A']);
  });

  it('refuses a property of that name that says something else', async () => {
    const config = sandbox.fresh();
    expect(await refusal(config, lines(numbered, end))).toMatch(
      /^line 1: stream pumps: property "_sdc_deleted_at" has the name/,
    );
    const soon = lines(marked, record({ id: 1, _sdc_deleted_at: 'soon' }), end);
    expect(await refusal(config, soon)).toMatch(/^line 2: stream "pumps", property "_sdc_deleted_at"/);
  });
});

describe('quarantine', () => {
  const input = lines(
    schema({ n: INTEGER, at: { type: ['null', 'string'], format: 'date-time' } }),
    record({ id: 1, n: 1 }),
    record({ id: 2, n: 'hunter2' }),
    record({ id: 3, n: 3, at: '2016-12-31T23:59:60Z' }),
    record({ n: 4 }),
    raw('{"id":5,"n":NaN}'),
    raw('{"id":6,"n":1,"at":"\\udc00"}'),
    end,
  );

  it('takes the records that do not fit, and the others are loaded', async () => {
    const config = { ...sandbox.fresh(), on_invalid_record: 'quarantine' };
    const { stderr } = await sandbox.load(config, input);
    expect((await sandbox.rows(config, 'PUMPS')).map((row) => row['ID'])).toEqual(['1']);
    const aside = await sandbox.rows(config, '_SDC_QUARANTINE', '"LINE"');
    expect(aside.map((row) => [row['STREAM'], row['LINE'], row['PROPERTY'], row['RECORD']])).toEqual([
      ['pumps', '3', 'n', '{"id":2,"n":"hunter2"}'],
      ['pumps', '4', 'at', '{"id":3,"n":3,"at":"2016-12-31T23:59:60Z"}'],
      ['pumps', '5', 'id', '{"n":4}'],
      ['pumps', '6', 'n', raw('{"id":5,"n":NaN}')],
      ['pumps', '7', null, raw('{"id":6,"n":1,"at":"\\udc00"}')],
    ]);
    expect(aside.map((row) => row['REASON']).join()).not.toMatch('hunter2');
    expect(stderr).toMatch('5 records do not fit and are in table _SDC_QUARANTINE');
    expect(stderr).not.toMatch('hunter2');
  });

  it('ends the run when there are too many, and keeps nothing of it', async () => {
    const config = { ...sandbox.fresh(), on_invalid_record: 'quarantine', max_invalid_records: 2 };
    expect(await refusal(config, input)).toMatch(/^more than 2 records do not fit/);
  });
});

it('leaves out what a contract keeps out, and names what no schema describes', async () => {
  const config = sandbox.fresh();
  await sandbox.load(config, lines(schema({ n: INTEGER }), record({ id: 1, n: 1 }), end));
  const changed = schema({ n: { type: ['null', 'integer', 'string'] }, fresh: TEXT });
  const input = lines(
    changed,
    record({ id: 2, n: 'x' }),
    record({ id: 3, n: 3, fresh: 'y' }),
    record({ id: 4, n: 4, odd: 1 }),
    end,
  );
  const frozen = { ...config, schema_contract: { new_columns: 'freeze' } };
  expect(await refusal(frozen, input)).toMatch('has no column FRESH');
  const streams = { pumps: { schema_contract: { new_columns: 'discard_row', changed_types: 'discard_value' } } };
  const { stderr } = await sandbox.load({ ...config, streams }, input);
  const rows = await sandbox.rows(config, 'PUMPS', '"ID"', '"ID", "N"');
  expect(rows.map((row) => [row['ID'], row['N']])).toEqual([
    ['1', '1'],
    ['2', null],
    ['4', '4'],
  ]);
  expect(stderr).toMatch('1 rows were left out because of property "fresh"');
  expect(stderr).toMatch('1 values were left out because of property "n"');
  expect(stderr).toMatch('"odd" (1 records)');
});

it('leaves a column as it is by contract whatever its type', async () => {
  const config = { ...sandbox.fresh(), number_type: 'decfloat' };
  const typed = {
    b: { type: 'string', contentEncoding: 'base64' },
    f: { type: 'number' },
    at: { type: 'string', format: 'date-time' },
  };
  await sandbox.load(
    config,
    lines(schema(typed), record({ id: 1, b: '+/8=', f: 0.1, at: '2024-02-29T00:00:00Z' }), end),
  );
  const changed = schema({ b: { type: ['integer', 'string'] }, f: TEXT, at: { type: ['integer', 'boolean'] } });
  const streams = { pumps: { schema_contract: { changed_types: 'discard_value' } } };
  await sandbox.load(
    { ...config, streams },
    lines(changed, record({ id: 2, b: 5, f: '0.2', at: true }), record({ id: 3, b: 'x', f: 'y', at: 7 }), end),
  );
  const rows = await sandbox.rows(
    config,
    'PUMPS',
    '"ID"',
    '"ID", TO_VARCHAR("B", \'BASE64\') AS "B", "F"::VARCHAR AS "F"',
  );
  expect(rows).toEqual([
    { ID: '1', B: '+/8=', F: '0.1' },
    { ID: '2', B: null, F: '0.2' },
    { ID: '3', B: null, F: null },
  ]);
});

describe('what is already there decides', () => {
  it('refuses an integer that the DECFLOAT column of an earlier schema would round', async () => {
    const config = { ...sandbox.fresh(), number_type: 'decfloat' };
    await sandbox.load(config, lines(schema({ n: { type: 'number' } }), raw('{"id":1,"n":1.5}'), end));
    const integer = (digits: string) => lines(schema({ n: INTEGER }), raw(`{"id":2,"n":${digits}}`), end);
    const said = await refusal(config, integer('1234567890123456789012345678901234567'));
    expect(said).toMatch(/^line 2: stream "pumps", property "n": .* DECFLOAT in table/);
    await sandbox.load(config, integer('123456789012345678901234567890123456'));
    expect((await sandbox.rows(config, 'PUMPS')).map((row) => row['N'])).toEqual([
      '1.5',
      '123456789012345678901234567890123456',
    ]);
  });

  it('refuses a key with a new property that rows have no value in, and takes it where there are none', async () => {
    const config = sandbox.fresh();
    const longer = schema({ k: { type: 'string' } }, { key_properties: ['id', 'k'] });
    const input = lines(longer, record({ id: 1, k: 'a' }), end);
    await sandbox.load(config, lines(schema({}), end));
    await sandbox.load(config, input);
    const other = sandbox.fresh();
    await sandbox.load(other, lines(schema({}), record({ id: 1 }), end));
    expect(await refusal(other, input)).toMatch(/key has a new property \(column K\), in which .*TRUNCATE TABLE/);
    expect(await sandbox.columns(other, 'PUMPS')).not.toHaveProperty('K');
  });

  it('takes dashes from uuids alone', async () => {
    const config = { ...sandbox.fresh(), uuid_format: 'native' };
    const values = ['0f8fad5b-d9cb-469f-a165-70867728950e', 'not-a-uuid'];
    const records = values.map((u, id) => record({ id, u }));
    await sandbox.load(config, lines(schema({ u: { type: 'string', format: 'uuid' } }), ...records, end));
    expect((await sandbox.rows(config, 'PUMPS')).map((row) => row['U'])).toEqual([
      '0f8fad5bd9cb469fa16570867728950e',
      'not-a-uuid',
    ]);
  });

  it('takes a record that says its row is deleted although it lacks what the schema requires', async () => {
    const config = sandbox.fresh();
    const properties = { v: { type: 'string' }, _sdc_deleted_at: { type: ['null', 'string'], format: 'date-time' } };
    const strict = schema(properties);
    const required = { ...strict, schema: { ...strict.schema, required: ['id', 'v'] } };
    const deletion = record({ id: 1, _sdc_deleted_at: '2025-05-05T00:00:00Z' });
    await sandbox.load(config, lines(required, record({ id: 1, v: 'kept' }), deletion, end));
    expect(await sandbox.rows(config, 'PUMPS')).toMatchObject([{ V: 'kept', _SDC_DELETED_AT: /^2025-05-05/ }]);
    expect(await refusal(sandbox.fresh(), lines(required, record({ id: 2 }), end))).toContain('required');
  });
});
