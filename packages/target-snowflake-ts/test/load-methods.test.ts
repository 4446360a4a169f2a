import { state } from './support/messages.js';
import { people, peopleIn, person } from './support/people.js';
import { toLines } from './support/run-target.js';
import { useSandbox } from './support/sandbox.js';

// How rows get into a table: by key, by version, one after the other, all at once; and what a run without rows does.

const sandbox = useSandbox();

describe('upsert', () => {
  it('updates rows by key, never puts an older one over a newer one, and tells the ledger', async () => {
    const config = sandbox.fresh();
    await sandbox.load(config, [
      people.schema(),
      person(1, 'a', '2026-01-01T12:00:00+01:00'),
      person(2, 'b', '2026-01-01T12:00:00Z'),
      person(3, 'c'),
      state({
        bookmarks: { people: { replication_key_value: '2026-01-01T12:00:00Z', window_end: '2026-01-02T00:00:00Z' } },
      }),
    ]);
    await sandbox.load(config, [
      people.schema(),
      // Later on the clock, earlier in time.
      person(1, 'older', '2026-01-01T12:30:00+02:00'),
      person(2, 'same instant', '2026-01-01T13:00:00+01:00'),
      person(3, 'had no key', '2020-01-01T00:00:00Z'),
      person(4, 'new', '2026-01-03T00:00:00Z'),
      state({ bookmarks: {} }),
    ]);
    expect(await peopleIn(sandbox, config)).toEqual(['1:a', '2:same instant', '3:had no key', '4:new']);
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
      people.schema({ bookmark_properties: [] }),
      person(1, 'x', '2026-01-02T00:00:00Z'),
      person(1, 'y', '2026-01-01T00:00:00Z'),
    ]);
    expect(await peopleIn(sandbox, config)).toEqual(['1:y']);
    await sandbox.load({ ...config, ignore_older: false }, [people.schema(), person(1, 'z', '2025-01-01T00:00:00Z')]);
    expect(await peopleIn(sandbox, config)).toEqual(['1:z']);
    await sandbox.load({ ...config, streams: { people: { ignore_older: true } } }, [
      people.schema(),
      person(1, 'skipped', '2024-01-01T00:00:00Z'),
    ]);
    expect(await peopleIn(sandbox, config)).toEqual(['1:z']);
  });

  it('keeps rows apart when the key changes, and loads tables that another target made', async () => {
    const config = sandbox.fresh();
    const table = sandbox.schema(config);
    await sandbox.query(`CREATE SCHEMA ${table}`);
    await sandbox.query(
      `CREATE TABLE ${table}."PEOPLE" ("ID" NUMBER(38,0) NOT NULL, "name" VARCHAR(16777216), "CHANGED" TIMESTAMP_NTZ(9), "EXTRA" BOOLEAN)`,
    );
    await sandbox.query(`INSERT INTO ${table}."PEOPLE" VALUES (1, 'before', '2026-01-01 10:00:00', TRUE)`);
    await sandbox.load(config, [
      people.schema(),
      person(1, 'after', '2026-01-01T12:00:00+02:00'),
      person(2, 'new', '2026-01-01T12:00:00+02:00'),
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
    await sandbox.load(config, [people.schema({ key_properties: ['name'] }), people.record({ name: 'after' })]);
    expect(await sandbox.rows(config, 'PEOPLE', '"name"', '"ID", "name"')).toEqual([
      { ID: null, name: 'after' },
      { ID: '2', name: 'new' },
    ]);
  });

  it('stores no JSON null in the OBJECT and ARRAY columns of another target, and refuses its versions of another type', async () => {
    const config = sandbox.fresh();
    const name = sandbox.schema(config);
    await sandbox.query(`CREATE SCHEMA ${name}`);
    await sandbox.query(`CREATE TABLE ${name}."PEOPLE" ("ID" NUMBER(38,0), "O" OBJECT, "A" ARRAY, "V" VARIANT)`);
    const more = Object.fromEntries(
      ['o', 'a', 'v'].map((property) => [property, { type: ['null', 'object', 'array'] }]),
    );
    const wide = people.schema({ properties: { ...more } });
    const of = (id: number, values: object) => people.record({ id, ...values });
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
    const refused = await sandbox.refusal(config, [
      people.schema({ stream: 'others' }),
      { ...of(1, {}), stream: 'others' },
    ]);
    expect(refused).toContain('column _SDC_TABLE_VERSION of table');
  });

  it('stores UTC in the NTZ columns that it makes, and instants in the others', async () => {
    for (const [type, expected] of [
      ['TIMESTAMP_NTZ', '2026-01-01 10:00:00'],
      ['TIMESTAMP_TZ', '2026-01-01 10:00:00'],
      ['TIMESTAMP_LTZ', '2026-01-01 10:00:00'],
    ]) {
      const config = { ...sandbox.fresh(), timestamp_type: type };
      await sandbox.load(config, [
        people.schema(),
        person(1, 'a', '2026-01-01T12:00:00+02:00'),
        person(2, 'b', '2026-01-01T10:00:00'),
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
        people.schema(),
        person(1, 'a', '2026-01-01T00:00:00Z', { version: 1 }),
        person(2, 'b', null, { version: 1 }),
        person(3, 'c'),
        people.activateVersion(1),
      ]);
      expect([hard, await peopleIn(sandbox, config, '"_SDC_DELETED_AT" IS NULL')]).toEqual([hard, ['1:a', '2:b']]);
      await sandbox.load(config, [
        people.schema(),
        // The higher version has seen the source as it is, whatever the replication key says.
        person(1, 'put right', '2025-01-01T00:00:00Z', { version: 2 }),
        person(4, 'd', null, { version: 2 }),
        people.activateVersion(2),
        person(5, 'after', null, { version: 2 }),
      ]);
      expect([hard, await peopleIn(sandbox, config, '"_SDC_DELETED_AT" IS NULL')]).toEqual([
        hard,
        ['1:put right', '4:d', '5:after'],
      ]);
      expect([hard, await peopleIn(sandbox, config)]).toEqual([
        hard,
        hard ? ['1:put right', '4:d', '5:after'] : ['1:put right', '2:b', '3:c', '4:d', '5:after'],
      ]);
      // A row that was gone comes back.
      await sandbox.load(config, [
        people.schema(),
        person(2, 'back', null, { version: 2 }),
        // Older than the row of the same version, so it is skipped, but it was seen.
        person(1, 'stale', '2024-01-01T00:00:00Z', { version: 2 }),
      ]);
      expect([hard, await peopleIn(sandbox, config, '"_SDC_DELETED_AT" IS NULL')]).toEqual([
        hard,
        ['1:put right', '2:back', '4:d', '5:after'],
      ]);
    }
  });

  it('does nothing when told not to obey, and when there are no metadata columns', async () => {
    for (const more of [{ process_activate_version_messages: false }, { add_record_metadata: false }]) {
      const config = { ...sandbox.fresh(), ...more };
      const { stderr } = await sandbox.load(config, [
        people.schema(),
        person(1, 'a', null, { version: 1 }),
        person(2, 'b', null, { version: 2 }),
        people.activateVersion(2),
      ]);
      expect(await peopleIn(sandbox, config)).toEqual(['1:a', '2:b']);
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
    await sandbox.load(config, [people.schema(), person(1, 'a'), person(1, 'a')]);
    await sandbox.load(config, [people.schema({ key_properties: [] }), person(1, 'b')]);
    expect(await peopleIn(sandbox, config)).toEqual(['1:a', '1:a', '1:b']);
  });
});

describe('overwrite', () => {
  it('replaces the table at the end and at once, over several cuts and schemas', async () => {
    const config = { ...sandbox.fresh(), load_method: 'overwrite', batch_size_rows: 2 };
    await sandbox.load(config, [
      people.schema(),
      person(1, 'old'),
      person(2, 'old'),
      person(3, 'old'),
      state({ n: 1 }),
    ]);
    const { states } = await sandbox.load(config, [
      people.schema(),
      person(4, 'new'),
      person(5, 'x'),
      state({ n: 2 }),
      person(5, 'new'),
      people.schema({ properties: { city: { type: 'string' } } }),
      people.record({ id: 6, name: 'new', city: 'Graz' }),
      person(7, 'new'),
      state({ n: 3 }),
    ]);
    expect(states).toEqual([{ n: 3 }]);
    expect(await peopleIn(sandbox, config)).toEqual(['4:new', '5:new', '6:new', '7:new']);
    expect((await sandbox.rows(config, 'PEOPLE', '"ID"')).map(({ CITY }) => CITY)).toEqual([null, null, 'Graz', null]);
  });

  it('publishes nothing when the input is cut off or goes on after the last STATE', async () => {
    const config = { ...sandbox.fresh(), load_method: 'overwrite', batch_size_rows: 1 };
    await sandbox.load(config, [people.schema(), person(1, 'old'), state({ n: 1 })]);
    const late = await sandbox.refusal(config, [people.schema(), person(2, 'new'), state({ n: 2 }), person(3, 'late')]);
    expect(late).toContain('records follow the last STATE');
    await sandbox.refusal(config, `${toLines([people.schema(), person(2, 'new'), state({ n: 2 })])}{"type":"REC`);
    expect(await peopleIn(sandbox, config)).toEqual(['1:old']);
  });
});

describe('nothing to do', () => {
  it('does not sign in for an empty input', async () => {
    await sandbox.load({ ...sandbox.fresh(), password: 'wrong', port: 1 }, '');
  });

  it('without a ledger, runs no statement for a stream without records', async () => {
    const config = { ...sandbox.fresh(), load_ledger: false };
    const { states } = await sandbox.load({ ...config, port: 1 }, [people.schema(), state({ n: 1 })]);
    expect(states).toEqual([{ n: 1 }]);
  });

  it('with a ledger, writes a row for every stream of the run, with the window of the last STATE', async () => {
    const config = sandbox.fresh();
    await sandbox.load(config, [
      people.schema(),
      state({ bookmarks: { people: { window_end: '2026-11-25T08:00:00Z' } } }),
    ]);
    const [row] = await sandbox.rows(config, '_SDC_LOAD_LEDGER');
    expect(row).toMatchObject({ STREAM: 'people', ROWS_READ: '0' });
    expect(String(row!['WINDOW_END'])).toContain('2026-11-25 08:00:00');
  });
});
