import { failure } from '../../../test/support/local-snowflake.js';
import { SEVDESK_RAW, useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

const server = useLocalSnowflake();
const sf = server.session(SEVDESK_RAW);

beforeAll(async () => {
  await sf.query(
    'CREATE TABLE BOOKS (ISBN VARCHAR, PAGES NUMBER(6,0), PRICE NUMBER(8,2), PRINTED DATE, NOTES VARIANT)',
  );
  await sf.query("INSERT INTO BOOKS SELECT '1', 120, 9.90, '2023-03-04', PARSE_JSON('{\"shelf\":3}')");
  await sf.query('CREATE TABLE NOTE (N VARIANT)');
  await sf.query('CREATE STAGE CRATE');
});

const refused: Record<string, string[]> = {
  'a function of another database': [
    "SELECT STRPTIME('2024', '%Y')",
    'SELECT LIST_SORT([2, 1])',
    "SELECT STRING_AGG(ISBN, ',') FROM BOOKS",
    'SELECT ARRAY_LENGTH([1], 1)',
    'SELECT GEN_RANDOM_UUID()',
    'SELECT TO_HEX(1)',
    'SELECT EPOCH(CURRENT_TIMESTAMP())',
    'SELECT IF(TRUE, 1, 2)',
    'SELECT ISNULL(1, 2)',
  ],
  'a file or a table function of another database': [
    "SELECT * FROM READ_CSV('/etc/hosts')",
    "SELECT * FROM READ_PARQUET('x.parquet')",
    "SELECT * FROM '/etc/hosts'",
    "SELECT * FROM GLOB('*')",
    'SELECT * FROM DUCKDB_TABLES()',
    'SELECT * FROM GENERATE_SERIES(1, 3)',
    'SELECT UNNEST([1, 2])',
    "CREATE VIEW SPY AS SELECT * FROM READ_TEXT('/etc/passwd')",
    "CREATE TABLE SPY (A VARCHAR DEFAULT READ_TEXT('/etc/passwd'))",
    "ATTACH '/tmp/x.db'",
    "COPY BOOKS TO '/tmp/x.csv'",
    'PRAGMA database_list',
    'INSTALL httpfs',
  ],
  'syntax of another database': [
    'FROM BOOKS SELECT ISBN',
    'SELECT PAGES | 1 FROM BOOKS',
    'SELECT 7 >> 1',
    'SELECT 2 ^ 3',
    'SELECT 2 ** 3',
    'SELECT PAGES == 120 FROM BOOKS',
    "SELECT '2024-01-01'::TIMESTAMP AT TIME ZONE 'UTC'",
    'SELECT MAX(PAGES) FILTER (WHERE PAGES > 1) FROM BOOKS',
    'SELECT * FROM BOOKS A SEMI JOIN BOOKS B ON A.ISBN = B.ISBN',
    'DELETE FROM BOOKS WHERE FALSE RETURNING ISBN',
    "INSERT INTO BOOKS (ISBN) VALUES ('2') ON CONFLICT DO NOTHING",
    'SELECT [1, 2, 3][1:2]',
    'SELECT ISBN FROM BOOKS INTERSECT ALL SELECT ISBN FROM BOOKS',
  ],
  'a wrong number of arguments': [
    "SELECT UPPER('a', 'b')",
    'SELECT COALESCE(1)',
    'SELECT ZEROIFNULL()',
    "SELECT SPLIT_PART('a', 'b')",
    'SELECT ROUND(1, 2, 3, 4)',
    "SELECT PARSE_JSON('1', 's', 'x')",
  ],
  'a type that is not there': [
    'CREATE TABLE ODD (A UINTEGER)',
    'CREATE TABLE ODD (A SERIAL)',
    'CREATE TABLE ODD (A HUGEINT)',
    'CREATE TABLE ODD (A TIMESTAMP_TZ(12))',
    'CREATE TABLE ODD (A INTEGER(5))',
    'CREATE TABLE ODD (A NUMBER(39,0))',
    'CREATE TABLE ODD (A VARCHAR[])',
    'SELECT 1::JSONB',
  ],
  'a reserved word as a name': [
    'CREATE TABLE ODD (SELECT NUMBER)',
    'CREATE TABLE ODD (QUALIFY NUMBER)',
    'CREATE TABLE WHERE (A NUMBER)',
    'SELECT 1 AS "A", 2 AS FROM',
    'CREATE TABLE ODD (START DATE)',
  ],
  'a definition that contradicts itself': [
    'CREATE OR REPLACE VIEW IF NOT EXISTS V AS SELECT 1 AS A',
    'CREATE TABLE ODD (A NUMBER, UNIQUE (B))',
    'CREATE TABLE ODD (A NUMBER) CLUSTER BY (C)',
    'CREATE TABLE ODD AS SELECT ISBN, ISBN FROM BOOKS',
    'CREATE TABLE ODD (A NUMBER, a NUMBER)',
    'ALTER TABLE BOOKS ADD COLUMN EXTRA NUMBER AFTER ISBN',
    'TRUNCATE TABLE BOOKS RESTRICT',
  ],
  'a COPY that cannot be': [
    'COPY INTO BOOKS (PAGES) FROM (SELECT $1:p::NUMBER * 2 FROM @CRATE) FILE_FORMAT = (TYPE = JSON)',
    'COPY INTO BOOKS (ISBN) FROM (SELECT LOWER($1:i::VARCHAR) FROM @CRATE) FILE_FORMAT = (TYPE = JSON)',
    'COPY INTO BOOKS (ISBN) FROM (SELECT $1:i::VARCHAR FROM @CRATE LIMIT 1) FILE_FORMAT = (TYPE = JSON)',
    'COPY INTO BOOKS (PAGES) FROM (SELECT MAX($1:p::NUMBER) FROM @CRATE) FILE_FORMAT = (TYPE = JSON)',
    'COPY INTO NOTE FROM @CRATE FILE_FORMAT = (TYPE = JSON SKIP_HEADER = 1)',
    'COPY INTO NOTE FROM @CRATE FILE_FORMAT = (TYPE = TOML)',
    'COPY INTO NOTE FROM @CRATE FILE_FORMAT = (TYPE = JSON) ON_ERROR = IGNORE',
    'COPY INTO NOTE FROM @CRATE FILE_FORMAT = (TYPE = JSON) SPEED = FAST',
    'COPY INTO BOOKS FROM @CRATE FILE_FORMAT = (TYPE = JSON)',
  ],
  'a value that is not one': [
    "SELECT '2024-06-01T08:00:00+02'::TIMESTAMP_TZ",
    "SELECT '2024/06/01'::DATE",
    "SELECT '31.12.2024'::DATE",
    "SELECT 'now'::TIMESTAMP_NTZ",
    "SELECT 'infinity'::DATE",
    "SELECT '25:00'::TIME",
    "SELECT '12_345'::NUMBER",
    "SELECT 'maybe'::BOOLEAN",
    'SELECT TRY_CAST(7 AS DATE)',
    'SELECT PARSE_JSON(\'{"k":1,"k":1}\')',
    "SELECT REGEXP_REPLACE('a', '(?=a)', 'b')",
    "INSERT INTO BOOKS (NOTES) VALUES (OBJECT_CONSTRUCT('a', 1))",
  ],
};

it.each(Object.entries(refused))('refuses %s', async (_kind, statements) => {
  const answered = [];
  for (const sql of statements) if (!(await failure(sf.query(sql)))) answered.push(sql);
  expect(answered).toEqual([]);
});

it('answers the neighbours of what it refuses', async () => {
  const fine = [
    "SELECT LISTAGG(ISBN, ',') FROM BOOKS",
    'SELECT ISBN FROM BOOKS INTERSECT SELECT ISBN FROM BOOKS',
    'SELECT BITOR(PAGES, 1), BITSHIFTRIGHT(8, 1), POWER(2, 3) FROM BOOKS',
    'CREATE TABLE FINE1 ("SELECT" NUMBER, "ORDER" TIMESTAMP_TZ(9), A CHAR VARYING(5), B DOUBLE PRECISION)',
    'CREATE TABLE FINE2 (A NUMBER, UNIQUE (A)) CLUSTER BY (A)',
    'COPY INTO BOOKS (ISBN, PAGES) FROM (SELECT TRIM($1:i::VARCHAR), NVL($1:p::NUMBER, 0) FROM @CRATE) FILE_FORMAT = (TYPE = JSON)',
    'COPY INTO NOTE FROM @CRATE FILE_FORMAT = (TYPE = JSON STRIP_OUTER_ARRAY = TRUE)',
    "SELECT '2024-06-01T08:00:00+02:00'::TIMESTAMP_TZ, '06/01/2024'::DATE, '8:05 PM'::TIME",
    "INSERT INTO BOOKS (NOTES) SELECT OBJECT_CONSTRUCT('a', 1)",
    "SELECT TRY_CAST('7' AS NUMBER), DATEADD(DAY, 1, '2024-01-01'::DATE) + INTERVAL '1 day'",
  ];
  for (const sql of fine) expect([sql, await failure(sf.query(sql))]).toEqual([sql, undefined]);
});
