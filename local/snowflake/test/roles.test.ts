import { beforeAll, describe, expect, it } from '@jest/globals';
import { connect, failure, startLocalSnowflake } from '../../../test/support/local-snowflake.js';
import { useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

const server = useLocalSnowflake();
const admin = server.session();

/** What a role is told by a statement: the code of a refusal, or `done`. */
async function told(role: string, sql: string): Promise<string> {
  await admin.query(`USE ROLE ${role}`);
  const error = await failure(admin.query(sql));
  await admin.query('USE ROLE ACCOUNTADMIN');
  return error?.code ?? 'done';
}

const HIDDEN = '002003';
const REFUSED = '003001';

beforeAll(async () => {
  for (const sql of [
    'CREATE DATABASE SHOP',
    'CREATE SCHEMA SHOP.BOOKS',
    'CREATE SCHEMA SHOP.SAFE',
    'CREATE WAREHOUSE W',
    ...['WRITER', 'READER', 'NOBODY'].flatMap((role) => [
      `CREATE ROLE ${role}`,
      `GRANT ROLE ${role} TO ROLE SYSADMIN`,
      `GRANT USAGE ON WAREHOUSE W TO ROLE ${role}`,
    ]),
    'GRANT USAGE ON DATABASE SHOP TO ROLE WRITER',
    'GRANT USAGE ON DATABASE SHOP TO ROLE READER',
    'GRANT USAGE, CREATE TABLE, CREATE STAGE, CREATE VIEW ON SCHEMA SHOP.BOOKS TO ROLE WRITER',
    'GRANT USAGE ON SCHEMA SHOP.BOOKS TO ROLE READER',
    'GRANT SELECT ON FUTURE TABLES IN SCHEMA SHOP.BOOKS TO ROLE READER',
    'USE ROLE WRITER',
    'CREATE TABLE SHOP.BOOKS.T AS SELECT 1 AS A',
    'CREATE VIEW SHOP.BOOKS.V AS SELECT A FROM SHOP.BOOKS.T',
    'CREATE STAGE SHOP.BOOKS.S',
    'USE ROLE ACCOUNTADMIN',
    'CREATE TABLE SHOP.SAFE.GOLD (A NUMBER)',
  ])
    await admin.query(sql);
});

it.each([
  // what was granted, or follows from ownership
  ['READER', 'SELECT * FROM SHOP.BOOKS.T', 'done'],
  ['WRITER', 'SELECT * FROM SHOP.BOOKS.V', 'done'],
  ['WRITER', 'INSERT INTO SHOP.BOOKS.T VALUES (2)', 'done'],
  ['SYSADMIN', 'SELECT * FROM SHOP.BOOKS.V', 'done'],
  // tables are not views
  ['READER', 'SELECT * FROM SHOP.BOOKS.V', HIDDEN],
  ['NOBODY', 'SELECT * FROM SHOP.BOOKS.T', HIDDEN],
  ['READER', 'SELECT * FROM SHOP.SAFE.GOLD', HIDDEN],
  ['READER', 'WITH G AS (SELECT * FROM SHOP.SAFE.GOLD) SELECT * FROM SHOP.BOOKS.T, G', HIDDEN],
  ['READER', "SELECT * FROM IDENTIFIER('SHOP.SAFE.GOLD')", HIDDEN],
  // each kind of writing is a privilege of its own
  ['READER', 'INSERT INTO SHOP.BOOKS.T VALUES (2)', REFUSED],
  ['READER', 'UPDATE SHOP.BOOKS.T SET A = 2', REFUSED],
  ['READER', 'DELETE FROM SHOP.BOOKS.T', REFUSED],
  ['READER', 'TRUNCATE TABLE SHOP.BOOKS.T', REFUSED],
  ['READER', 'MERGE INTO SHOP.BOOKS.T USING (SELECT 1 AS B) ON A = B WHEN MATCHED THEN DELETE', REFUSED],
  ['READER', 'DROP TABLE SHOP.BOOKS.T', REFUSED],
  ['READER', 'ALTER TABLE SHOP.BOOKS.T ADD COLUMN B NUMBER', REFUSED],
  ['READER', "COMMENT ON TABLE SHOP.BOOKS.T IS 'mine'", REFUSED],
  ['READER', "COPY INTO SHOP.BOOKS.T FROM '@SHOP.BOOKS.S/x' FILE_FORMAT = (TYPE = JSON)", REFUSED],
  ['READER', 'LIST @SHOP.BOOKS.S', HIDDEN],
  // IF EXISTS asks for nothing where nothing is there
  ['READER', 'DROP VIEW IF EXISTS SHOP.BOOKS.NOPE CASCADE', 'done'],
  ['READER', 'DROP TABLE IF EXISTS SHOP.BOOKS.NOPE', 'done'],
  ['READER', 'DROP STAGE IF EXISTS SHOP.BOOKS.NOPE', 'done'],
  ['READER', 'ALTER TABLE IF EXISTS SHOP.BOOKS.NOPE ADD COLUMN B NUMBER', 'done'],
  ['READER', 'DROP TABLE IF EXISTS SHOP.BOOKS.T', REFUSED],
  // making things; a temporary table needs no privilege, a temporary stage does
  ['READER', 'CREATE TABLE SHOP.BOOKS.X (A NUMBER)', REFUSED],
  ['READER', 'CREATE TABLE IF NOT EXISTS SHOP.BOOKS.T (A NUMBER)', REFUSED],
  ['READER', 'CREATE TEMPORARY TABLE SHOP.BOOKS.X (A NUMBER)', 'done'],
  ['READER', 'DROP TABLE SHOP.BOOKS.X', 'done'],
  ['READER', 'CREATE TEMPORARY STAGE SHOP.BOOKS.X', REFUSED],
  ['READER', 'CREATE VIEW SHOP.BOOKS.X AS SELECT 1 AS A', REFUSED],
  ['WRITER', 'CREATE TABLE SHOP.SAFE.X (A NUMBER)', HIDDEN],
  ['WRITER', 'CREATE SCHEMA IF NOT EXISTS SHOP.BOOKS', REFUSED],
  ['NOBODY', 'CREATE SCHEMA IF NOT EXISTS SHOP.BOOKS', HIDDEN],
  ['WRITER', 'DROP SCHEMA SHOP.BOOKS', REFUSED],
  ['WRITER', 'CREATE DATABASE OTHER', REFUSED],
  ['WRITER', 'CREATE WAREHOUSE OTHER', REFUSED],
  ['WRITER', "CREATE USER OTHER PASSWORD = 'x'", REFUSED],
  ['WRITER', 'CREATE ROLE OTHER', REFUSED],
  ['SYSADMIN', 'CREATE RESOURCE MONITOR M WITH CREDIT_QUOTA = 1', REFUSED],
  // granting is the owner's and SECURITYADMIN's
  ['READER', 'GRANT SELECT ON TABLE SHOP.BOOKS.T TO ROLE NOBODY', REFUSED],
  ['READER', 'GRANT SELECT ON FUTURE TABLES IN SCHEMA SHOP.BOOKS TO ROLE NOBODY', REFUSED],
  ['READER', 'GRANT ROLE WRITER TO ROLE READER', REFUSED],
  ['WRITER', 'GRANT SELECT ON TABLE SHOP.BOOKS.T TO ROLE NOBODY', 'done'],
  ['SECURITYADMIN', 'REVOKE SELECT ON TABLE SHOP.BOOKS.T FROM ROLE NOBODY', 'done'],
  ['USERADMIN', 'SELECT * FROM SHOP.BOOKS.T', '000606'],
  // places
  ['NOBODY', 'USE DATABASE SHOP', '002043'],
  ['READER', 'USE SCHEMA SHOP.SAFE', '002043'],
  ['READER', 'USE WAREHOUSE LOCAL', '002043'],
  ['READER', 'SHOW TABLES IN SCHEMA SHOP.SAFE', '002043'],
  ['READER', 'DESCRIBE TABLE SHOP.SAFE.GOLD', HIDDEN],
])('%s: %s → %s', async (role, sql, answer) => {
  await admin.query('USE WAREHOUSE W');
  expect(await told(role, sql)).toBe(answer);
});

describe('what a role sees', () => {
  const names = (rows: Record<string, unknown>[], column: string): unknown[] => rows.map((row) => row[column]);

  it('is only what it has a privilege on', async () => {
    await admin.query('USE ROLE READER');
    expect(names(await admin.query('SHOW TABLES IN DATABASE SHOP'), 'name')).toEqual(['T']);
    expect(names(await admin.query('SHOW VIEWS IN DATABASE SHOP'), 'name')).toEqual([]);
    expect(names(await admin.query('SHOW SCHEMAS IN DATABASE SHOP'), 'name')).toEqual(['BOOKS', 'INFORMATION_SCHEMA']);
    expect(names(await admin.query('SELECT TABLE_NAME FROM SHOP.INFORMATION_SCHEMA.TABLES'), 'TABLE_NAME')).toEqual([
      'T',
    ]);
    expect(
      names(await admin.query('SELECT SCHEMA_NAME FROM SHOP.INFORMATION_SCHEMA.SCHEMATA ORDER BY 1'), 'SCHEMA_NAME'),
    ).toEqual(['BOOKS', 'INFORMATION_SCHEMA']);
    await admin.query('USE ROLE ACCOUNTADMIN');
  });

  it('is told by SHOW GRANTS', async () => {
    const on = await admin.query('SHOW GRANTS ON TABLE SHOP.BOOKS.T');
    expect(on.map((row) => [row.privilege, row.grantee_name])).toEqual([
      ['OWNERSHIP', 'WRITER'],
      ['SELECT', 'READER'],
    ]);
    expect(await admin.query('SHOW FUTURE GRANTS IN SCHEMA SHOP.BOOKS')).toMatchObject([
      { privilege: 'SELECT', grant_on: 'TABLE', name: 'SHOP.BOOKS.<TABLE>', grantee_name: 'READER' },
    ]);
    const to = await admin.query('SHOW GRANTS TO ROLE READER');
    expect(to.map((row) => `${String(row.privilege)} ${String(row.name)}`).sort()).toEqual([
      'SELECT SHOP.BOOKS.T',
      'USAGE SHOP',
      'USAGE SHOP.BOOKS',
      'USAGE W',
    ]);
    expect(await admin.query('SHOW GRANTS OF ROLE READER')).toMatchObject([
      { granted_to: 'ROLE', grantee_name: 'SYSADMIN' },
    ]);
  });
});

describe('grants and the life of a table', () => {
  it('are those for future tables after it is replaced, and its own ones only with COPY GRANTS', async () => {
    await admin.query('GRANT USAGE ON DATABASE SHOP TO ROLE NOBODY');
    await admin.query('GRANT USAGE ON SCHEMA SHOP.BOOKS TO ROLE NOBODY');
    const both = async (): Promise<string[]> => [
      await told('READER', 'SELECT * FROM SHOP.BOOKS.L'),
      await told('NOBODY', 'SELECT * FROM SHOP.BOOKS.L'),
    ];
    await told('WRITER', 'CREATE TABLE SHOP.BOOKS.L (A NUMBER)');
    await admin.query('GRANT SELECT ON TABLE SHOP.BOOKS.L TO ROLE NOBODY');
    expect(await both()).toEqual(['done', 'done']);
    await told('WRITER', 'CREATE OR REPLACE TABLE SHOP.BOOKS.L COPY GRANTS (A NUMBER)');
    expect(await both()).toEqual(['done', 'done']);
    await told('WRITER', 'ALTER TABLE SHOP.BOOKS.L RENAME TO SHOP.BOOKS.M');
    await told('WRITER', 'ALTER TABLE SHOP.BOOKS.M RENAME TO SHOP.BOOKS.L');
    expect(await both()).toEqual(['done', 'done']);
    await told('WRITER', 'CREATE OR REPLACE TABLE SHOP.BOOKS.L (A NUMBER)');
    expect(await both()).toEqual(['done', HIDDEN]);
  });

  it('go with the owner, who changes by GRANT OWNERSHIP', async () => {
    await told('WRITER', 'CREATE TABLE SHOP.BOOKS.O (A NUMBER)');
    const give = 'GRANT OWNERSHIP ON TABLE SHOP.BOOKS.O TO ROLE READER';
    expect(await told('WRITER', give)).toBe('done'); // its only other holder gets it
    await told('WRITER', 'CREATE TABLE SHOP.BOOKS.P (A NUMBER)');
    expect(await told('WRITER', 'GRANT OWNERSHIP ON TABLE SHOP.BOOKS.P TO ROLE NOBODY')).toBe('003036');
    expect(await told('WRITER', 'GRANT OWNERSHIP ON TABLE SHOP.BOOKS.P TO ROLE NOBODY COPY CURRENT GRANTS')).toBe(
      'done',
    );
    expect(await told('READER', 'SELECT * FROM SHOP.BOOKS.P')).toBe('done');
    expect(await told('WRITER', 'DROP TABLE SHOP.BOOKS.P')).toBe(HIDDEN);
    await admin.query('GRANT USAGE ON DATABASE SHOP TO ROLE NOBODY');
    await admin.query('GRANT USAGE ON SCHEMA SHOP.BOOKS TO ROLE NOBODY');
    expect(await told('NOBODY', 'DROP TABLE SHOP.BOOKS.P')).toBe('done');
    expect(await told('READER', 'DROP TABLE SHOP.BOOKS.O')).toBe('done');
  });

  it('a view reads with its owner’s rights, and no longer than its owner has them', async () => {
    await admin.query('GRANT SELECT ON FUTURE VIEWS IN DATABASE SHOP TO ROLE READER');
    await admin.query('CREATE VIEW SHOP.BOOKS.GOLD AS SELECT A FROM SHOP.SAFE.GOLD');
    await admin.query('GRANT SELECT ON VIEW SHOP.BOOKS.GOLD TO ROLE READER');
    expect(await told('READER', 'SELECT * FROM SHOP.BOOKS.GOLD')).toBe('done');
    await admin.query('GRANT OWNERSHIP ON TABLE SHOP.SAFE.GOLD TO ROLE NOBODY');
    await admin.query('REVOKE ROLE NOBODY FROM ROLE SYSADMIN');
    expect(await told('READER', 'SELECT * FROM SHOP.BOOKS.GOLD')).toBe('002037');
  });
});

it('secondary roles add to reading, not to creating', async () => {
  await admin.query('USE ROLE READER');
  await admin.query('USE SECONDARY ROLES ALL');
  expect((await failure(admin.query('DESCRIBE TABLE SHOP.BOOKS.V')))?.code).toBeUndefined();
  expect((await failure(admin.query('CREATE TABLE SHOP.BOOKS.Y (A NUMBER)')))?.code).toBe(REFUSED);
  await admin.query('USE SECONDARY ROLES NONE');
  await admin.query('USE ROLE ACCOUNTADMIN');
});

it('everything is there again after a restart', async () => {
  const first = await startLocalSnowflake({ dataDir: `${server.dataDir}-kept` });
  const one = await connect(first);
  for (const sql of [
    'CREATE ROLE R',
    'GRANT ROLE R TO USER LOCAL',
    'GRANT USAGE ON DATABASE SEVDESK TO ROLE R',
    'GRANT USAGE ON SCHEMA SEVDESK.RAW TO ROLE R',
    'GRANT SELECT ON FUTURE TABLES IN SCHEMA SEVDESK.RAW TO ROLE R',
    'GRANT USAGE ON WAREHOUSE LOCAL TO ROLE R',
  ])
    await one.query(sql);
  await one.close();
  await first.stop();
  const second = await startLocalSnowflake({ dataDir: `${server.dataDir}-kept` });
  const two = await connect(second, { warehouse: 'LOCAL' });
  await two.query('CREATE TABLE SEVDESK.RAW.T AS SELECT 1 AS A');
  await two.query('USE ROLE R');
  expect(await two.query('SELECT A FROM SEVDESK.RAW.T')).toEqual([{ A: 1 }]);
  expect((await failure(two.query('DELETE FROM SEVDESK.RAW.T')))?.code).toBe(REFUSED);
  await two.close();
  await second.stop();
});

it('tells a role that a name is taken by a table that it may not see, IF NOT EXISTS or not', async () => {
  for (const sql of [
    'CREATE SCHEMA SHOP.CELLAR',
    'GRANT USAGE, CREATE TABLE ON SCHEMA SHOP.CELLAR TO ROLE WRITER',
    'CREATE TABLE SHOP.CELLAR.MASKED (A NUMBER)',
  ])
    await admin.query(sql);
  expect(await told('WRITER', 'CREATE TABLE IF NOT EXISTS SHOP.CELLAR.MASKED (A NUMBER)')).toBe('003041');
  expect(await told('WRITER', 'CREATE TABLE SHOP.CELLAR.MASKED (A NUMBER)')).toBe('003041');
  expect(await told('WRITER', 'CREATE TEMPORARY TABLE SHOP.CELLAR.MASKED (A NUMBER)')).toBe('done');
});
