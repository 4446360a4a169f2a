import { expect, it } from '@jest/globals';
import { failure } from '../../../test/support/local-snowflake.js';
import { SEVDESK_RAW, useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

const server = useLocalSnowflake();
const sf = server.session(SEVDESK_RAW);
const other = server.session(SEVDESK_RAW);

/** The columns of a table as the other session knows them: by DESCRIBE, by INFORMATION_SCHEMA, and by reading it. */
async function columns(table: string): Promise<unknown> {
  const described = (await other.query(`DESCRIBE TABLE ${table}`)).map((row) => row['name']);
  const [schema, name] = table.includes('.') ? table.split('.') : ['RAW', table];
  const listed = await other.query(
    `SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = '${String(schema)}' AND TABLE_NAME = '${String(name)}' ORDER BY ORDINAL_POSITION`,
  );
  expect(listed.map((row) => row['COLUMN_NAME'])).toEqual(described);
  await other.query(`SELECT ${described.map((column) => `"${String(column)}"`).join(', ')} FROM ${table}`);
  return described;
}

/** The code with which the other session is told that a table is not there. */
const missing = async (table: string): Promise<unknown> =>
  (await failure(other.query(`DESCRIBE TABLE ${table}`)))?.code;

const HIDDEN = '002003';

it('tells every session at once what a statement of another has changed, also one in an open transaction', async () => {
  await sf.query('CREATE TABLE OPENED (X NUMBER)');
  await other.query('BEGIN');
  await other.query('INSERT INTO OPENED VALUES (1)');
  await other.query('INSERT INTO OPENED SELECT 2 FROM INFORMATION_SCHEMA.DATABASES');
  expect(await missing('MOVED')).toBe(HIDDEN);
  await sf.query('CREATE TABLE MOVED (A NUMBER, B VARCHAR)');
  expect(await columns('MOVED')).toEqual(['A', 'B']);
  await sf.query('ALTER TABLE MOVED ADD COLUMN C DATE');
  await sf.query('ALTER TABLE MOVED RENAME COLUMN B TO "b"');
  expect(await columns('MOVED')).toEqual(['A', 'b', 'C']);
  await sf.query('ALTER TABLE MOVED DROP COLUMN C');
  await sf.query('CREATE TABLE SECOND (Z FLOAT)');
  await sf.query('ALTER TABLE MOVED SWAP WITH SECOND');
  expect(await columns('MOVED')).toEqual(['Z']);
  expect(await columns('SECOND')).toEqual(['A', 'b']);
  await sf.query('ALTER TABLE SECOND RENAME TO THIRD');
  expect(await columns('THIRD')).toEqual(['A', 'b']);
  expect(await missing('SECOND')).toBe(HIDDEN);
  await sf.query('CREATE OR REPLACE TABLE THIRD AS SELECT 1 AS ONE');
  expect(await columns('THIRD')).toEqual(['ONE']);
  await sf.query('CREATE VIEW SHOWN AS SELECT ONE AS FIRST FROM THIRD');
  expect(await columns('SHOWN')).toEqual(['FIRST']);
  await sf.query("COMMENT ON TABLE THIRD IS 'number three'");
  expect(await other.query("SHOW TABLES LIKE 'THIRD'")).toMatchObject([{ comment: 'number three' }]);
  await sf.query('DROP VIEW SHOWN');
  await sf.query('DROP TABLE THIRD');
  expect(await missing('THIRD')).toBe(HIDDEN);
  expect(await missing('SHOWN')).toBe(HIDDEN);
  expect(await other.query('SELECT * FROM OPENED ORDER BY X')).toEqual([{ X: 1 }, { X: 2 }]);
  await other.query('ROLLBACK');
});

it('keeps tables apart that are temporary, in another schema, or of a schema that was dropped', async () => {
  await sf.query('CREATE TABLE ONE_NAME (PERMANENT NUMBER)');
  await sf.query('CREATE TEMPORARY TABLE ONE_NAME (TEMPORARY NUMBER)');
  expect((await sf.query('DESCRIBE TABLE ONE_NAME')).map((row) => row['name'])).toEqual(['TEMPORARY']);
  expect(await columns('ONE_NAME')).toEqual(['PERMANENT']);
  await sf.query('ALTER TABLE ONE_NAME ADD COLUMN MORE NUMBER');
  expect((await sf.query('DESCRIBE TABLE ONE_NAME')).map((row) => row['name'])).toEqual(['TEMPORARY', 'MORE']);
  await sf.query('DROP TABLE ONE_NAME');
  expect((await sf.query('DESCRIBE TABLE ONE_NAME')).map((row) => row['name'])).toEqual(['PERMANENT']);
  await sf.query('CREATE SCHEMA SEVDESK.SIDE');
  await sf.query('CREATE TABLE SEVDESK.SIDE.ONE_NAME (ELSEWHERE NUMBER)');
  expect(await columns('SIDE.ONE_NAME')).toEqual(['ELSEWHERE']);
  await sf.query('DROP SCHEMA SEVDESK.SIDE');
  expect(await missing('SIDE.ONE_NAME')).toBe(HIDDEN);
  await sf.query('CREATE SCHEMA SEVDESK.SIDE');
  expect(await missing('SIDE.ONE_NAME')).toBe(HIDDEN);
});

it('makes a table again from itself', async () => {
  await sf.query("CREATE TABLE AGAIN AS SELECT 1 AS ID, 'a' AS LABEL UNION ALL SELECT 2, 'b'");
  await sf.query('CREATE OR REPLACE TABLE AGAIN AS SELECT ID, LABEL, ID * 10 AS TENFOLD FROM AGAIN');
  await sf.query('CREATE OR REPLACE TABLE AGAIN CLONE AGAIN');
  expect(await sf.query('SELECT * FROM AGAIN ORDER BY ID')).toEqual([
    { ID: 1, LABEL: 'a', TENFOLD: 10 },
    { ID: 2, LABEL: 'b', TENFOLD: 20 },
  ]);
});

it('creates nothing in the schema that is read-only', async () => {
  await sf.query('CREATE SCHEMA IF NOT EXISTS INFORMATION_SCHEMA');
  for (const sql of ['TABLE INFORMATION_SCHEMA.MINE (A NUMBER)', 'VIEW INFORMATION_SCHEMA.MINE AS SELECT 1 AS A'])
    expect((await failure(sf.query(`CREATE ${sql}`)))?.code).toBe('003001');
});

it('drops no column of a clustering key, whatever it is called by then', async () => {
  const key = async (): Promise<unknown> =>
    (await sf.query(`SELECT CLUSTERING_KEY FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'HEAPED'`))[0]?.[
      'CLUSTERING_KEY'
    ];
  await sf.query('CREATE TABLE HEAPED (A NUMBER, B DATE, C NUMBER) CLUSTER BY (TO_CHAR(B), C)');
  expect(await key()).toBe('LINEAR(TO_CHAR(B), C)');
  await sf.query('ALTER TABLE HEAPED RENAME COLUMN C TO D');
  for (const name of ['B', 'D'])
    expect(await failure(sf.query(`ALTER TABLE HEAPED DROP COLUMN ${name}`))).toBeDefined();
  await sf.query('ALTER TABLE HEAPED CLUSTER BY (A)');
  await sf.query('ALTER TABLE HEAPED DROP COLUMN B');
  expect(await failure(sf.query('ALTER TABLE HEAPED DROP COLUMN A'))).toBeDefined();
  await sf.query('ALTER TABLE HEAPED DROP CLUSTERING KEY');
  await sf.query('ALTER TABLE HEAPED DROP COLUMN A');
  expect(await key()).toBeNull();
  expect((await sf.query('DESCRIBE TABLE HEAPED')).map((row) => row['name'])).toEqual(['D']);
});
