import { connect, failure } from '../../../test/support/local-snowflake.js';
import { SEVDESK_RAW, useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

const server = useLocalSnowflake();
const sf = server.session(SEVDESK_RAW);

const types = async (table: string): Promise<unknown> =>
  Object.fromEntries((await sf.query(`DESCRIBE TABLE ${table}`)).map((row) => [row['name'], row['type']]));

const TYPES = {
  N: 'NUMBER(38,0)', M: 'NUMBER(38,9)', I: 'NUMBER(38,0)', S: 'VARCHAR(16777216)', S50: 'VARCHAR(50)', B: 'BOOLEAN', F: 'FLOAT', NTZ: 'TIMESTAMP_NTZ(9)',
  TZ: 'TIMESTAMP_TZ(9)', LTZ: 'TIMESTAMP_LTZ(9)', D: 'DATE', T: 'TIME(9)', V: 'VARIANT', O: 'OBJECT', A: 'ARRAY', BI: 'BINARY(8388608)',
}; // prettier-ignore

describe('a table', () => {
  beforeAll(async () => {
    await sf.query(`CREATE OR REPLACE TABLE ALL_TYPES (N NUMBER, M NUMBER(38,9), I INT, S VARCHAR COMMENT 'it''s text', S50 VARCHAR(50) DEFAULT 'x', B BOOLEAN NOT NULL, F FLOAT,
      NTZ TIMESTAMP_NTZ, TZ TIMESTAMP_TZ, LTZ TIMESTAMP_LTZ, D DATE, T TIME, V VARIANT, O OBJECT, A ARRAY, BI BINARY, PRIMARY KEY (N)) COMMENT = 'all of them'`);
  });

  it('is described with its exact types, through CLONE, LIKE, RENAME and SWAP too', async () => {
    expect(await types('ALL_TYPES')).toEqual(TYPES);
    await sf.query('CREATE OR REPLACE TABLE CLONED CLONE ALL_TYPES');
    await sf.query('CREATE OR REPLACE TABLE ALIKE LIKE ALL_TYPES');
    await sf.query('ALTER TABLE ALIKE RENAME TO ALIKE_RENAMED');
    await sf.query('CREATE OR REPLACE TABLE SWAPPED (X NUMBER(5,2))');
    await sf.query('ALTER TABLE SWAPPED SWAP WITH CLONED');
    expect(await types('ALIKE_RENAMED')).toEqual(TYPES);
    expect(await types('SWAPPED')).toEqual(TYPES);
    expect(await types('CLONED')).toEqual({ X: 'NUMBER(5,2)' });
    await sf.query('DROP TABLE ALIKE_RENAMED');
  });

  it('shows its nullability, keys, defaults and comments', async () => {
    const columns = Object.fromEntries(
      (await sf.query('DESC TABLE SEVDESK.RAW.ALL_TYPES')).map((row) => [row['name'], row]),
    );
    expect(columns['N']).toMatchObject({ 'null?': 'N', 'primary key': 'Y' });
    expect(columns['B']).toMatchObject({ 'null?': 'N', 'primary key': 'N' });
    expect(columns['S']).toMatchObject({ 'null?': 'Y', comment: "it's text" });
    expect(columns['S50']).toMatchObject({ default: "'x'" });
    expect(await sf.query("SHOW TABLES LIKE 'all\\\\_types' IN SCHEMA SEVDESK.RAW")).toMatchObject([
      { name: 'ALL_TYPES', kind: 'TABLE', rows: 0, comment: 'all of them' },
    ]);
    expect(await sf.query('SHOW PRIMARY KEYS IN TABLE ALL_TYPES')).toMatchObject([
      { column_name: 'N', key_sequence: 1 },
    ]);
    const shown = await sf.query('SHOW COLUMNS IN TABLE ALL_TYPES');
    expect(JSON.parse(String(shown[1]!['data_type']))).toMatchObject({ type: 'FIXED', precision: 38, scale: 9 });
  });

  it('appears in INFORMATION_SCHEMA', async () => {
    expect(
      await sf.query(`SELECT COLUMN_NAME, DATA_TYPE, NUMERIC_PRECISION P, NUMERIC_SCALE S, CHARACTER_MAXIMUM_LENGTH L, IS_NULLABLE FROM SEVDESK.INFORMATION_SCHEMA.COLUMNS
        WHERE TABLE_SCHEMA = 'RAW' AND TABLE_NAME = 'ALL_TYPES' AND COLUMN_NAME IN ('M', 'S50', 'LTZ') ORDER BY ORDINAL_POSITION`),
    ).toEqual([
      { COLUMN_NAME: 'M', DATA_TYPE: 'NUMBER', P: 38, S: 9, L: null, IS_NULLABLE: 'YES' },
      { COLUMN_NAME: 'S50', DATA_TYPE: 'TEXT', P: null, S: null, L: 50, IS_NULLABLE: 'YES' },
      { COLUMN_NAME: 'LTZ', DATA_TYPE: 'TIMESTAMP_LTZ', P: null, S: null, L: null, IS_NULLABLE: 'YES' },
    ]);
    expect(
      await sf.query("SELECT TABLE_TYPE, COMMENT FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'ALL_TYPES'"),
    ).toEqual([{ TABLE_TYPE: 'BASE TABLE', COMMENT: 'all of them' }]);
  });

  it('gives DDL that makes it again', async () => {
    const [row] = await sf.query("SELECT GET_DDL('TABLE', 'SEVDESK.RAW.ALL_TYPES') AS DDL");
    await sf.query('CREATE SCHEMA IF NOT EXISTS SEVDESK.AGAIN');
    await sf.query(String(row!['DDL']));
    expect(await types('SEVDESK.AGAIN.ALL_TYPES')).toEqual(TYPES);
    expect(await sf.query("SELECT GET_DDL('TABLE', 'ALL_TYPES') AS DDL")).toEqual([row]);
    await sf.query('DROP SCHEMA SEVDESK.AGAIN');
    await sf.query('USE SCHEMA SEVDESK.RAW');
  });
});

it('adds, renames, widens and drops columns, and takes NOT NULL from a key column', async () => {
  await sf.query(
    'CREATE OR REPLACE TABLE ALT (ID NUMBER(10,0) NOT NULL, S VARCHAR(10), P NUMBER(10,2), PRIMARY KEY (ID))',
  );
  await sf.query("INSERT INTO ALT VALUES (1, 'x', 1.5)");
  await sf.query('ALTER TABLE ALT ADD COLUMN IF NOT EXISTS "X\'Y""Z" TIMESTAMP_NTZ COMMENT \'UTC\'');
  await sf.query('ALTER TABLE ALT ADD COLUMN IF NOT EXISTS S VARCHAR');
  await sf.query('ALTER TABLE ALT ADD COLUMN A VARIANT, B TIMESTAMP_LTZ');
  await sf.query('ALTER TABLE ALT ALTER COLUMN ID SET DATA TYPE NUMBER(38,0)');
  await sf.query('ALTER TABLE ALT MODIFY COLUMN S TYPE VARCHAR(200)');
  await sf.query('ALTER TABLE ALT ALTER COLUMN ID DROP NOT NULL');
  await sf.query('ALTER TABLE ALT RENAME COLUMN A TO "a"');
  await sf.query('ALTER TABLE ALT DROP COLUMN P');
  expect(await types('ALT')).toEqual({
    ID: 'NUMBER(38,0)',
    S: 'VARCHAR(200)',
    'X\'Y"Z': 'TIMESTAMP_NTZ(9)',
    a: 'VARIANT',
    B: 'TIMESTAMP_LTZ(9)',
  });
  await sf.query('INSERT INTO ALT (ID) VALUES (NULL)');
  expect(await sf.query('SELECT COUNT(*) N FROM ALT')).toEqual([{ N: 2 }]);
  expect((await sf.query('DESCRIBE TABLE ALT'))[2]).toMatchObject({ comment: 'UTC' });
});

it.each([
  ['NUMBER(38,9)', 'NUMBER(38,2)'],
  ['NUMBER(38,0)', 'NUMBER(38,9)'],
  ['NUMBER(20,0)', 'NUMBER(10,0)'],
  ['VARCHAR(100)', 'VARCHAR(10)'],
  ['VARCHAR', 'NUMBER(38,0)'],
  ['NUMBER(38,0)', 'VARCHAR'],
  ['TIMESTAMP_NTZ', 'TIMESTAMP_TZ'],
  ['FLOAT', 'NUMBER(38,9)'],
])('refuses to change a column from %s to %s in place', async (from, to) => {
  await sf.query(`CREATE OR REPLACE TABLE REFUSED (C ${from})`);
  const before = await types('REFUSED');
  const error = await failure(sf.query(`ALTER TABLE REFUSED ALTER COLUMN C SET DATA TYPE ${to}`));
  expect(error).toMatchObject({ code: '002108', message: expect.stringContaining('cannot change column C from type') });
  expect(await types('REFUSED')).toEqual(before);
});

it('keeps names apart that differ by case only, and takes any character in them', async () => {
  const names = ['id', 'ID', 'Id', "it's", 'a"b', 'ünïcödé 😀', 'with.dot', '$x', 'x'.repeat(255), 'SELECT'];
  const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`);
  for (const table of ['"lower"', '"LOWER"', '"Mi""xed.tab\'le"']) {
    await sf.query(`CREATE OR REPLACE TABLE ${table} (${quoted.map((name) => `${name} VARCHAR`).join(', ')})`);
    await sf.query(
      `INSERT INTO ${table} (${quoted.join(', ')}) SELECT ${names.map((_, i) => `'${table.length}-${i}'`).join(', ')}`,
    );
    await sf.query(
      `MERGE INTO ${table} t USING (SELECT ${quoted[0]} AS ${quoted[0]}, 'merged' AS ${quoted[2]} FROM ${table}) s ON t.${quoted[0]} = s.${quoted[0]} WHEN MATCHED THEN UPDATE SET t.${quoted[2]} = s.${quoted[2]}`,
    );
    const [row] = await sf.query(`SELECT * FROM SEVDESK.RAW.${table}`);
    expect(Object.entries(row!)).toEqual(names.map((name, i) => [name, i === 2 ? 'merged' : `${table.length}-${i}`]));
    expect((await sf.query(`DESCRIBE TABLE ${table}`)).map((column) => column['name'])).toEqual(names);
  }
  expect(await sf.query('SELECT ID, "id" FROM LOWER')).toEqual([{ ID: '7-1', id: '7-0' }]);
  expect(await failure(sf.query('SELECT "iD" FROM LOWER'))).toMatchObject({
    code: '000904',
    message: expect.stringContaining("'iD'"),
  });
  expect(await failure(sf.query('CREATE TABLE "Lower" (A NUMBER, A NUMBER)'))).toMatchObject({ code: '002025' });
});

it.each([
  ['SELEC 1', '001003', '42000'],
  ['SELECT * FROM NO_TABLE', '002003', '42S02'],
  ['SELECT * FROM NO_SCHEMA.T', '002003', '02000'],
  ['SELECT NO_COLUMN FROM (SELECT 1 A)', '000904', '42000'],
  ["SELECT 'x'::NUMBER", '100038', '22018'],
  ["SELECT 'x'::TIMESTAMP_NTZ", '100035', '22007'],
  ["SELECT 'x'::BOOLEAN", '100037', '22018'],
  ['SELECT 1/0', '100051', '22012'],
  ["SELECT PARSE_JSON('{')", '100069', '22P02'],
  ['CREATE TABLE EXISTING (A NUMBER)', '002002', '42710'],
  ['INSERT INTO EXISTING VALUES (1, 2)', '002020', '21S01'],
  ['INSERT INTO EXISTING VALUES (NULL)', '100072', '22000'],
  ['USE SCHEMA NOPE', '002043', '02000'],
  ['SELECT NO_FUNCTION(1)', '002140', '42601'],
  ['SELECT 1; SELECT 2', '000008', '0A000'],
  ['SELECT $NOPE', '002211', '02000'],
])('answers %s with error %s', async (sql, code, sqlState) => {
  await sf.query('CREATE TABLE IF NOT EXISTS EXISTING (A NUMBER(38,0) NOT NULL)');
  expect(await failure(sf.query(sql))).toMatchObject({ code, sqlState });
  expect(await sf.query('SELECT 1 AS A')).toEqual([{ A: 1 }]);
});

it('refuses bytes that are longer than their column', async () => {
  await sf.query('CREATE OR REPLACE TABLE SHORT_BYTES (V BINARY(2))');
  await sf.query("INSERT INTO SHORT_BYTES SELECT TO_BINARY('0001')");
  for (const sql of [
    "INSERT INTO SHORT_BYTES SELECT TO_BINARY('000102')",
    "UPDATE SHORT_BYTES SET V = TO_BINARY('000102')",
  ])
    expect(await failure(sf.query(sql))).toMatchObject({ code: '100078' });
  expect(await sf.query('SELECT HEX_ENCODE(V) AS V FROM SHORT_BYTES')).toEqual([{ V: '0001' }]);
});

it('asks INFORMATION_SCHEMA on a warehouse only, as its page says, and SHOW and DESCRIBE without one', async () => {
  const idle = await connect(server, { ...SEVDESK_RAW, warehouse: 'NOPE' });
  expect(await failure(idle.query('SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES'))).toMatchObject({
    code: '000606',
  });
  await idle.query('SHOW TABLES');
  expect(await idle.query('SELECT 1 AS ONE')).toEqual([{ ONE: 1 }]);
  await idle.close();
});

it('accepts what a warehouse is administered with', async () => {
  for (const sql of [
    'CREATE WAREHOUSE IF NOT EXISTS W WAREHOUSE_SIZE = XSMALL AUTO_SUSPEND = 60',
    'ALTER WAREHOUSE W RESUME IF SUSPENDED',
    'CREATE ROLE IF NOT EXISTS LOADER',
    'GRANT ROLE LOADER TO ROLE SYSADMIN',
    'GRANT USAGE ON WAREHOUSE W TO ROLE LOADER',
    'GRANT USAGE ON DATABASE SEVDESK TO ROLE LOADER',
    'GRANT SELECT ON FUTURE TABLES IN SCHEMA SEVDESK.RAW TO ROLE LOADER',
    'REVOKE SELECT ON ALL TABLES IN SCHEMA SEVDESK.RAW FROM ROLE LOADER',
    'CREATE USER IF NOT EXISTS SVC TYPE = SERVICE',
    'USE ROLE LOADER',
    'USE WAREHOUSE W',
    'USE SECONDARY ROLES ALL',
  ])
    await sf.query(sql);
  expect(await sf.query('SELECT CURRENT_ROLE() R, CURRENT_WAREHOUSE() W')).toEqual([{ R: 'LOADER', W: 'W' }]);
});

it('keeps session parameters and variables', async () => {
  await sf.query(
    'ALTER SESSION SET QUERY_TAG = \'{"run":"1"}\', TIMEZONE = \'Europe/Berlin\', QUOTED_IDENTIFIERS_IGNORE_CASE = TRUE',
  );
  expect(await sf.query("SHOW PARAMETERS LIKE 'query_tag'")).toMatchObject([
    { key: 'QUERY_TAG', value: '{"run":"1"}', level: 'SESSION' },
  ]);
  expect(
    await sf.query("SELECT '2026-07-01 00:00:00'::TIMESTAMP_TZ = '2026-06-30 22:00:00Z'::TIMESTAMP_TZ AS \"same\""),
  ).toEqual([{ SAME: true }]);
  await sf.query('ALTER SESSION UNSET QUOTED_IDENTIFIERS_IGNORE_CASE');
  await sf.query("ALTER SESSION SET TIMEZONE = 'UTC'");
  await sf.query("SET (A, B) = (5, 'x')");
  expect(await sf.query('SELECT $A + 1 AS A, $B AS B')).toEqual([{ A: 6, B: 'x' }]);
  expect(await failure(sf.query("ALTER SESSION SET TIMEZONE = 'Nowhere/Town'"))).toMatchObject({ code: '001008' });
});

it('stops a statement at STATEMENT_TIMEOUT_IN_SECONDS and goes on', async () => {
  await sf.query('ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 1');
  const many = '(SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 100000)))';
  const slow = `SELECT COUNT(*) FROM ${many} a, ${many} b WHERE SHA2(a.N || '-' || b.N) = 'x'`;
  expect(await failure(sf.query(slow))).toMatchObject({ code: '000630' });
  await sf.query('ALTER SESSION UNSET STATEMENT_TIMEOUT_IN_SECONDS');
  expect(await sf.query('SELECT 1 AS A')).toEqual([{ A: 1 }]);
});
