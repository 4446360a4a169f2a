import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTarget } from './support/run-target.js';
import { useSandbox, withoutMetadata } from './support/sandbox.js';

// The cases of the Meltano SDK's own suite for targets (PyPI singer-sdk), with what each must leave in the warehouse.
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const lib = path.join(root, '.venvs/singer-sdk/lib');
const folder = path.join(lib, readdirSync(lib)[0]!, 'site-packages/singer_sdk/testing/target_test_streams');
const messages = (name: string): string => readFileSync(path.join(folder, `${name}.singer`), 'utf8');

const sandbox = useSandbox();

/** Loads a case into a fresh schema; resolves to the rows of a table without metadata. */
async function loadCase(name: string, more: object = {}) {
  const config = { ...sandbox.fresh(), ...more };
  const outcome = await sandbox.load(config, messages(name));
  return {
    config,
    outcome,
    rows: async (table: string, orderBy?: string) => (await sandbox.rows(config, table, orderBy)).map(withoutMetadata),
  };
}

async function refuseCase(name: string) {
  const config = sandbox.fresh();
  const outcome = await runTarget({ config, input: messages(name) });
  return { config, outcome, tables: await sandbox.tables(config).catch(() => []) };
}

describe("the Meltano SDK's target cases", () => {
  it('has every case that the SDK ships', () => {
    const cases = readdirSync(folder).filter((name) => name.endsWith('.singer'));
    const tested = readFileSync(fileURLToPath(import.meta.url), 'utf8');
    expect(
      cases.map((name) => name.slice(0, -'.singer'.length)).filter((name) => !tested.includes(`'${name}'`)),
    ).toEqual([]);
  });

  it('array_data', async () => {
    const { rows, outcome } = await loadCase('array_data');
    expect(await rows('TEST_ARRAY_DATA', '"ID"')).toEqual([
      { ID: '1', FRUITS: '["apple","orange","pear"]' },
      { ID: '2', FRUITS: '["banana","apple"]' },
      { ID: '3', FRUITS: '["pear"]' },
      { ID: '4', FRUITS: '["orange","banana","apple","pear"]' },
    ]);
    expect(outcome.states).toEqual([{ test_array_data: 4 }]);
  });

  it('camelcase', async () => {
    const { rows } = await loadCase('camelcase');
    expect(await rows('TESTCAMELCASE', '"ID"')).toEqual([
      { ID: '1', CLIENTNAME: 'Gitter Windows Desktop App' },
      { ID: '2', CLIENTNAME: 'Gitter iOS App' },
    ]);
  });

  it('camelcase_complex_schema: a table without rows for a stream without records', async () => {
    const { config, rows } = await loadCase('camelcase_complex_schema');
    expect(await rows('FORECASTINGTYPETOCATEGORY')).toEqual([]);
    expect(await sandbox.columns(config, 'FORECASTINGTYPETOCATEGORY')).toMatchObject({
      ID: 'VARCHAR(16777216)',
      ISDELETED: 'BOOLEAN',
      CREATEDDATE: 'VARCHAR(16777216)',
    });
  });

  it('cli_prints', async () => {
    for (const args of [['--about'], ['--about', '--format', 'json'], ['--help']]) {
      const { code, text } = await printed(args);
      expect(code).toBe(0);
      expect(text).toContain('target-snowflake-ts');
    }
    expect((await printed(['--version'])).text).toMatch(/^target-snowflake-ts \d+\.\d+\.\d+\n$/);
  });

  it('duplicate_records: the last one of a key stays', async () => {
    const { rows } = await loadCase('duplicate_records');
    expect(await rows('TEST_DUPLICATE_RECORDS', '"ID"')).toEqual([
      { ID: '1', METRIC: '100' },
      { ID: '2', METRIC: '20' },
    ]);
  });

  it('encoded_string_data: every text comes back as it went in', async () => {
    const { config, rows } = await loadCase('encoded_string_data');
    const sent = messages('encoded_string_data')
      .split('\n')
      .filter(Boolean)
      .map(
        (line) =>
          JSON.parse(line) as {
            type: string;
            stream: string;
            record: { id: number; info?: unknown; strings?: string[] };
          },
      )
      .filter(({ type }) => type === 'RECORD');
    const of = (stream: string) => sent.filter((message) => message.stream === stream).map(({ record }) => record);
    expect((await rows('TEST_STRINGS', '"ID"')).map(({ INFO }) => INFO)).toEqual(
      of('test_strings').map(({ info }) => info),
    );
    const objects = await rows('TEST_STRINGS_IN_OBJECTS', '"ID"');
    expect(objects.map(({ INFO }) => JSON.parse(String(INFO)) as unknown)).toEqual(
      of('test_strings_in_objects').map(({ info }) => info),
    );
    const arrays = await rows('TEST_STRINGS_IN_ARRAYS', '"ID"');
    expect(arrays.map(({ STRINGS }) => JSON.parse(String(STRINGS)) as unknown)).toEqual(
      of('test_strings_in_arrays').map(({ strings }) => strings),
    );
    expect(await sandbox.tables(config)).toContain('TEST_STRINGS');
  });

  it('invalid_schema: a SCHEMA without properties is taken, as its peers take it', async () => {
    const { outcome } = await refuseCase('invalid_schema');
    expect(outcome).toMatchObject({ code: 0, stdout: '' });
  });

  it('multiple_state_messages: a STATE leaves only when all records before it are in', async () => {
    const sent = messages('multiple_state_messages')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { type: string; value: object });
    const allStates = sent.filter(({ type }) => type === 'STATE').map(({ value }) => value);
    for (const rowsPerCut of [1, 3, 1000]) {
      const { outcome, rows } = await loadCase('multiple_state_messages', { batch_size_rows: rowsPerCut });
      expect(outcome.states.at(-1)).toEqual(allStates.at(-1));
      const positions = outcome.states.map((state) =>
        allStates.findIndex((one) => JSON.stringify(one) === JSON.stringify(state)),
      );
      expect(positions).not.toContain(-1);
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
      if (rowsPerCut === 1) expect(positions).toHaveLength(allStates.length);
      expect(await rows('TEST_MULTIPLE_STATE_MESSAGES_A', '"ID"')).toEqual(
        [1, 2, 3, 4, 5, 6].map((n) => ({ ID: `${n}`, METRIC: `${n}00` })),
      );
      expect(await rows('TEST_MULTIPLE_STATE_MESSAGES_B', '"ID"')).toEqual(
        [1, 2, 3, 4, 5, 6].map((n) => ({ ID: `${n}`, METRIC: `${n}${n}0` })),
      );
    }
  });

  it('no_primary_keys and no_primary_keys_append: rows are added', async () => {
    const { config, rows } = await loadCase('no_primary_keys');
    expect(await rows('TEST_NO_PK', '"ID"')).toEqual([
      { ID: '1', METRIC: '11' },
      { ID: '2', METRIC: '22' },
      { ID: '3', METRIC: '33' },
    ]);
    await sandbox.load(config, messages('no_primary_keys_append'));
    expect((await rows('TEST_NO_PK', '"METRIC"')).map(({ METRIC }) => METRIC)).toEqual([
      '11',
      '22',
      '33',
      '101',
      '202',
      '303',
      '404',
      '505',
    ]);
  });

  it('optional_attributes', async () => {
    const { rows } = await loadCase('optional_attributes');
    expect(await rows('TEST_OPTIONAL_ATTRIBUTES', '"ID"')).toEqual([
      { ID: '1', OPTIONAL: 'This is optional' },
      { ID: '2', OPTIONAL: null },
      { ID: '3', OPTIONAL: 'Also optional' },
      { ID: '4', OPTIONAL: null },
    ]);
  });

  it('pk_updates', async () => {
    const { rows } = await loadCase('pk_updates');
    expect(await rows('EXAMPLE_STREAM', '"ID"')).toEqual([
      { ID: '1', NAME: 'Alice', EMAIL: 'alice@example.com' },
      { ID: '2', NAME: 'Bob', EMAIL: 'bob@example.com' },
    ]);
  });

  it('record_before_schema is refused', async () => {
    const { outcome, tables } = await refuseCase('record_before_schema');
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toContain('line 1: RECORD of stream "test_record_before_schema" comes before its SCHEMA');
    expect(tables).toEqual([]);
  });

  it('record_missing_fields', async () => {
    const { rows } = await loadCase('record_missing_fields');
    expect(await rows('RECORD_MISSING_FIELDS', '"ID"')).toEqual([
      { ID: '1', OPTIONAL: 'now you see me' },
      { ID: '2', OPTIONAL: null },
    ]);
  });

  it('record_missing_key_property is refused', async () => {
    const { outcome } = await refuseCase('record_missing_key_property');
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toContain(
      'line 2: record of stream "test_record_missing_key_property" has no value in its key property "id"',
    );
  });

  it('record_missing_required_property is refused', async () => {
    const { outcome } = await refuseCase('record_missing_required_property');
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toContain(
      'line 2: record of stream "test_record_missing_required_property" does not fit its schema: the record must have required property \'id\'',
    );
  });

  it('schema_no_properties', async () => {
    const { rows } = await loadCase('schema_no_properties');
    expect(await rows('TEST_OBJECT_SCHEMA_WITH_PROPERTIES', '"OBJECT_STORE"[\'id\']::NUMBER')).toEqual([
      { OBJECT_STORE: '{"id":1,"metric":187}' },
      { OBJECT_STORE: '{"id":2,"metric":203}' },
    ]);
    expect(await rows('TEST_OBJECT_SCHEMA_NO_PROPERTIES', '"OBJECT_STORE"[\'id\']::NUMBER')).toEqual([
      { OBJECT_STORE: '{"id":1,"metric":1}' },
      { OBJECT_STORE: '{"id":2,"metric":2}' },
    ]);
  });

  it('schema_updates: columns are added, rows before keep their values', async () => {
    const { rows } = await loadCase('schema_updates');
    const loaded = await rows('TEST_SCHEMA_UPDATES', '"ID"');
    expect(loaded.map((row) => ({ ...row, A1: String(Number(row['A1'])) }))).toEqual([
      { ID: '1', A1: '101', A2: 'string1', A3: null, A4: null, A5: null, A6: null },
      { ID: '2', A1: '102', A2: 'string2', A3: 'TRUE', A4: null, A5: null, A6: null },
      { ID: '3', A1: '103', A2: 'string3', A3: 'FALSE', A4: '{"id":1,"value":1}', A5: '["banana","apple"]', A6: null },
      { ID: '4', A1: '104', A2: 'string4', A3: 'TRUE', A4: '{"id":2,"value":22}', A5: '["orange","pear"]', A6: null },
      { ID: '5', A1: '105', A2: 'string5', A3: 'FALSE', A4: '{"id":3,"value":33}', A5: '["apple"]', A6: '985' },
      {
        ID: '6',
        A1: '106',
        A2: 'string6',
        A3: 'TRUE',
        A4: '{"id":4,"value":444}',
        A5: '["banana","orange"]',
        A6: '341',
      },
    ]);
  });

  it('special_chars_in_attributes', async () => {
    const { config, rows } = await loadCase('special_chars_in_attributes');
    expect(await rows('TESTSPECIALCHARSINATTRIBUTES')).toEqual([
      { _ID: 'a2e98886', D: '{"env":"prod","agent:type":"desktop","agent:os:version":"10.13.1"}' },
    ]);
    const [row] = await sandbox.rows(
      config,
      'TESTSPECIALCHARSINATTRIBUTES',
      undefined,
      '"_SDC_TABLE_VERSION" V, TO_VARCHAR("_SDC_EXTRACTED_AT") X',
    );
    expect(row).toMatchObject({ V: '1541199424491' });
    expect(row!['X']).toContain('2018-11-02 22:57:04.841');
  });

  it('user_location_data and user_location_upsert_data: three streams, then changes to them', async () => {
    const { config, rows } = await loadCase('user_location_data');
    await sandbox.load(config, messages('user_location_upsert_data'));
    expect(await rows('TEST_USERS', '"ID"')).toEqual(
      [
        [1, 'Johny'],
        [2, 'George'],
        [3, 'Jacob'],
        [4, 'Josh'],
        [5, 'Jim'],
        [8, 'Thomas'],
        [12, 'Paul'],
        [13, 'Mary'],
      ].map(([id, name]) => ({ ID: String(id), NAME: name })),
    );
    expect((await rows('TEST_LOCATIONS', '"ID"')).map(({ NAME }) => NAME)).toEqual([
      'Philly',
      'NY',
      'San Francisco',
      'Colorado',
      'Boston',
    ]);
    expect(
      (await rows('TEST_USER_IN_LOCATION', '"ID"')).map(({ ID, USER_ID, LOCATION_ID }) =>
        [ID, USER_ID, LOCATION_ID].join(),
      ),
    ).toEqual(['1,1,4', '2,2,3', '3,1,3', '6,3,2', '14,4,1']);
  });
});

/** What the command prints when it is only asked about itself. */
async function printed(args: readonly string[]): Promise<{ code: number | null; text: string }> {
  const { spawn } = await import('node:child_process');
  const child = spawn(process.execPath, [
    path.join(root, 'packages/target-snowflake-ts/bin/target-snowflake-ts.js'),
    ...args,
  ]);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}
