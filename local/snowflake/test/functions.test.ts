import { SEVDESK_RAW, useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

const server = useLocalSnowflake();
const sf = server.session(SEVDESK_RAW);

beforeAll(async () => {
  await sf.query('CREATE OR REPLACE TABLE SALES (CITY VARCHAR, DAY DATE, AMOUNT NUMBER(38,2), DOC VARIANT)');
  await sf.query(`INSERT INTO SALES SELECT COLUMN1, COLUMN2::DATE, COLUMN3::NUMBER(38,2), PARSE_JSON(COLUMN4) FROM VALUES
    ('Berlin', '2026-01-01', '10.10', '{"tags":["a","b"],"n":{"x":1.5}}'), ('Berlin', '2026-01-02', '20.20', '{"tags":[]}'), ('Köln', '2026-01-05', '30.30', NULL)`);
});

/** Each statement's values, as the driver gives them; texts of timestamps are Snowflake's default format. */
const EXPECTED: [string, unknown[]][] = [
  // -- objects and arrays: JSON null is NULL, anything else becomes an array of one
  [
    "SELECT TO_OBJECT(PARSE_JSON('null')) IS NULL A, PARSE_JSON('null')::OBJECT IS NULL B, PARSE_JSON('null')::ARRAY IS NULL C, TO_JSON(TO_ARRAY(PARSE_JSON('5'))) D",
    [true, true, true, '[5]'],
  ],
  // -- numbers: exact, never through a double
  [
    'SELECT SUM(AMOUNT) A, SUM(AMOUNT)::VARCHAR B, MAX(AMOUNT) C, COUNT_IF(AMOUNT > 15) D FROM SALES',
    [60.6, '60.60', 30.3, 2],
  ],
  [
    "SELECT '12345678901234567890123456789.123456789'::NUMBER(38,9)::VARCHAR A, 99999999999999999999999999999999999999::VARCHAR B",
    ['12345678901234567890123456789.123456789', '99999999999999999999999999999999999999'],
  ],
  [
    'SELECT ROUND(10.125, 2) A, TRUNC(10.129, 2) B, DIV0(1, 0) C, ZEROIFNULL(NULL) D, NULLIFZERO(0) E, 7 % 4 F',
    [10.13, 10.12, 0, 0, null, 3],
  ],
  [
    "SELECT TRY_TO_NUMBER('x') A, TRY_TO_NUMBER('1.239', 10, 2) B, TO_NUMBER('12') C, TO_DOUBLE('1.5') D, TRY_TO_BOOLEAN('maybe') E",
    [null, 1.24, 12, 1.5, null],
  ],
  ['SELECT MEDIAN(AMOUNT) A FROM SALES', [20.2]],
  // -- dates and times
  [
    "SELECT DATEADD(month, 1, '2026-01-31'::DATE)::VARCHAR A, DATEDIFF(day, '2026-01-01'::DATE, '2026-02-01'::DATE) B, LAST_DAY('2026-02-03'::DATE)::VARCHAR C",
    ['2026-02-28', 31, '2026-02-28'],
  ],
  [
    "SELECT DATE_TRUNC('month', '2026-01-15'::DATE)::DATE::VARCHAR A, YEAR('2026-01-15'::DATE) B, DAYOFWEEKISO('2026-01-04'::DATE) C",
    ['2026-01-01', 2026, 7],
  ],
  [
    "SELECT CONVERT_TIMEZONE('UTC', 'Europe/Berlin', '2025-12-31 23:30:00'::TIMESTAMP_NTZ)::DATE::VARCHAR A, CONVERT_TIMEZONE('Europe/Berlin', '2026-07-01T22:30:00Z'::TIMESTAMP_TZ)::DATE::VARCHAR B",
    ['2026-01-01', '2026-07-02'],
  ],
  [
    "SELECT '2026-01-01 00:00:00 +01:00'::TIMESTAMP_TZ = '2025-12-31T23:00:00Z'::TIMESTAMP_TZ A, '2026-01-01T00:00:00+01:00'::TIMESTAMP_NTZ::VARCHAR B",
    [true, '2026-01-01 00:00:00.000'],
  ],
  [
    "SELECT TO_TIMESTAMP_NTZ(1767322645)::VARCHAR A, TO_TIMESTAMP_NTZ(1767322645123, 3)::VARCHAR B, TO_TIMESTAMP_TZ(COLUMN1)::VARCHAR C FROM VALUES ('2026-01-01T00:00:00+01:00')",
    ['2026-01-02 02:57:25.000', '2026-01-02 02:57:25.123', '2026-01-01 00:00:00.000 +0100'],
  ],
  [
    "SELECT TRY_TO_TIMESTAMP_TZ('x') A, TRY_TO_DATE('2026-13-01') B, TRY_CAST('2026-03-08' AS TIMESTAMP_NTZ)::VARCHAR C, TRY_TO_TIMESTAMP_NTZ('') D",
    [null, null, '2026-03-08 00:00:00.000', null],
  ],
  [
    `SELECT TO_VARCHAR('2026-01-02 03:04:05.678'::TIMESTAMP_NTZ, 'YYYY-MM-DD"T"HH24:MI:SS.FF3') A, TO_CHAR('2026-01-02'::DATE, 'DD.MM.YYYY') B`,
    ['2026-01-02T03:04:05.678', '02.01.2026'],
  ],
  [
    "SELECT TO_DATE('20260102', 'YYYYMMDD')::VARCHAR A, DATE_PART('epoch_second', '1970-01-02'::TIMESTAMP_NTZ) B",
    ['2026-01-02', 86400],
  ],
  [
    "SELECT DATEADD('day', 1, DAY) A, DATEADD(hour, 1, DAY)::VARCHAR B, DATEADD(month, -PAYMENTS, DAY) C, DATEADD(year, 1, '2026-01-01'::TIMESTAMP_NTZ)::VARCHAR D FROM (SELECT DAY, 1 PAYMENTS FROM SALES ORDER BY DAY LIMIT 1)",
    ['2026-01-02', '2026-01-01 01:00:00.000', '2025-12-01', '2027-01-01 00:00:00.000'],
  ],
  // -- text
  [
    "SELECT SPLIT_PART('a-b-c', '-', 2) A, INITCAP('hello wORLD') B, UPPER('ü') C, LEFT('abc', 2) D, LPAD('7', 3, '0') E",
    ['b', 'Hello World', 'Ü', 'ab', '007'],
  ],
  [
    "SELECT REGEXP_REPLACE('a1b22', '[0-9]+', '#') A, REGEXP_SUBSTR('a1b22', '[0-9]+', 1, 2) B, REGEXP_LIKE('abc', 'a.*') C, REGEXP_COUNT('abab', 'ab') D, REGEXP_REPLACE('aBc', 'b', 'x', 1, 0, 'i') E",
    ['a#b#', '22', true, 2, 'axc'],
  ],
  [
    "SELECT 'x' LIKE ANY ('a', 'x') A, 'ABC' ILIKE 'abc' B, CONTAINS('abc', 'b') C, COALESCE(NULL, 'd') D, NVL2(NULL, 1, 2) E, IFF(TRUE, 1, 2) F",
    [true, true, true, 'd', 2, 1],
  ],
  [
    "SELECT MD5('a') A, SHA2('a') B, TO_BINARY('aGk=', 'BASE64')::VARCHAR C",
    ['0cc175b9c0f1b6a831c399e269772661', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb', '6869'],
  ],
  // -- VARIANT
  [
    "SELECT DOC:n.x::NUMBER(10,2) A, DOC['tags'][1]::VARCHAR B, DOC:\"tags\"[0] C, TYPEOF(DOC:tags) D, ARRAY_SIZE(DOC:tags) E FROM SALES WHERE DAY = '2026-01-01'",
    [1.5, 'b', 'a', 'ARRAY', 2],
  ],
  [
    "SELECT OBJECT_CONSTRUCT('a', 1, 'b', NULL) A, ARRAY_CONSTRUCT(1, 'x') B, PARSE_JSON('\"s\"')::VARCHAR C, TRY_PARSE_JSON('{') D, TO_VARIANT('t') E",
    [{ a: 1 }, [1, 'x'], 's', null, 't'],
  ],
  [
    "SELECT PARSE_JSON('{\"a\":1.50}'):a::VARCHAR A, IS_NULL_VALUE(PARSE_JSON('null')) B, OBJECT_KEYS(PARSE_JSON('{\"k\":1}'))[0]::VARCHAR C",
    ['1.5', true, 'k'],
  ],
  // -- over rows
  [
    "SELECT CITY FROM SALES QUALIFY ROW_NUMBER() OVER (PARTITION BY CITY ORDER BY DAY DESC) = 1 AND CITY > 'C'",
    ['Köln'],
  ],
  [
    "SELECT LISTAGG(CITY, ',') WITHIN GROUP (ORDER BY DAY) A, ARRAY_AGG(AMOUNT) WITHIN GROUP (ORDER BY DAY) B, MAX_BY(CITY, AMOUNT) C FROM SALES",
    ['Berlin,Berlin,Köln', [10.1, 20.2, 30.3], 'Köln'],
  ],
  ['SELECT ROUND(RATIO_TO_REPORT(AMOUNT) OVER (), 3) A FROM SALES ORDER BY AMOUNT DESC LIMIT 1', [0.5]],
  ['SELECT COUNT(*) A FROM (SELECT CITY, SUM(AMOUNT) FROM SALES GROUP BY ALL)', [2]],
  [
    "SELECT * FROM (SELECT CITY, AMOUNT FROM SALES) PIVOT (SUM(AMOUNT) FOR CITY IN ('Berlin', 'Köln')) AS p (BERLIN, KOELN)",
    [30.3, 30.3],
  ],
  ['WITH SALES AS (SELECT * FROM SALES WHERE AMOUNT > 15), x AS (SELECT COUNT(*) N FROM SALES) SELECT N FROM x', [2]],
];

it.each(EXPECTED)('%s', async (sql, values) => {
  const [row] = await sf.query(sql);
  const plain = JSON.parse(JSON.stringify(Object.values(row ?? {}))) as unknown[];
  expect(plain).toEqual(values);
});

it('flattens arrays, with and without rows for empty ones, and objects', async () => {
  expect(
    await sf.query(
      'SELECT s.DAY::VARCHAR DAY, f.INDEX, f.VALUE::VARCHAR V FROM SALES s, LATERAL FLATTEN(INPUT => s.DOC:tags) f ORDER BY 1, 2',
    ),
  ).toEqual([
    { DAY: '2026-01-01', INDEX: 0, V: 'a' },
    { DAY: '2026-01-01', INDEX: 1, V: 'b' },
  ]);
  expect(
    await sf.query(
      'SELECT s.DAY::VARCHAR DAY, f.VALUE::VARCHAR V FROM SALES s, LATERAL FLATTEN(INPUT => s.DOC:tags, OUTER => TRUE) f ORDER BY 1, 2',
    ),
  ).toEqual([
    { DAY: '2026-01-01', V: 'a' },
    { DAY: '2026-01-01', V: 'b' },
    { DAY: '2026-01-02', V: null },
    { DAY: '2026-01-05', V: null },
  ]);
  expect(
    await sf.query(
      'SELECT KEY, VALUE::NUMBER V FROM TABLE(FLATTEN(INPUT => PARSE_JSON(\'{"b":2,"a":1}\'))) ORDER BY KEY',
    ),
  ).toEqual([
    { KEY: 'a', V: 1 },
    { KEY: 'b', V: 2 },
  ]);
});

it('joins each row to the last one before it', async () => {
  expect(
    await sf.query(`SELECT s.DAY::VARCHAR DAY, r.RATE FROM SALES s ASOF JOIN (SELECT COLUMN1::DATE D, COLUMN2 RATE FROM VALUES ('2026-01-02', 1), ('2026-01-04', 2)) r
      MATCH_CONDITION (s.DAY >= r.D) ORDER BY 1`),
  ).toEqual([
    { DAY: '2026-01-01', RATE: null },
    { DAY: '2026-01-02', RATE: 1 },
    { DAY: '2026-01-05', RATE: 2 },
  ]);
});

it('names columns without an alias as Snowflake does', async () => {
  const [row] = await sf.query("SELECT COUNT(*), MAX(AMOUNT), 1 + 1, 'x', DOC:n FROM SALES GROUP BY DOC LIMIT 1");
  expect(Object.keys(row!)).toEqual(['COUNT(*)', 'MAX(AMOUNT)', '1 + 1', "'x'", 'DOC:N']);
});

it('gives bound values to their question marks in the order of the text, a WITH before what follows it', async () => {
  const rows = await sf.query(
    `WITH A AS (SELECT ? AS X), B AS (SELECT X, ? AS Y FROM A WHERE X <> ?)
     SELECT X, Y, ? AS Z FROM B WHERE Y = ? AND X IN (SELECT ?) ORDER BY X LIMIT 1`,
    ['first', 'second', 'third', 'fourth', 'second', 'first'],
  );
  expect(rows).toEqual([{ X: 'first', Y: 'second', Z: 'fourth' }]);
});

it('binds values of every kind, and lists of them as one statement', async () => {
  await sf.query('CREATE OR REPLACE TABLE BOUND (A NUMBER(38,2), B VARCHAR, C BOOLEAN, D FLOAT)');
  await sf.query('INSERT INTO BOUND VALUES (?, ?, ?, ?)', [1, "it's", true, 0.5]);
  const { statement } = await sf.run('INSERT INTO BOUND VALUES (?, ?, ?, ?)', [
    [2, 'two', false, 1.5],
    [3, null, true, 2.5],
  ]);
  expect(statement.getNumUpdatedRows()).toBe(2);
  expect(await sf.query('SELECT * FROM BOUND WHERE A > :1 ORDER BY A', [1])).toEqual([
    { A: 2, B: 'two', C: false, D: 1.5 },
    { A: 3, B: null, C: true, D: 2.5 },
  ]);
});

it('runs several statements of one request, and statements whose answer is fetched later', async () => {
  await sf.query(
    'CREATE OR REPLACE TABLE MANY (A NUMBER); INSERT INTO MANY VALUES (1); SELECT * FROM MANY',
    undefined,
    { parameters: { MULTI_STATEMENT_COUNT: 0 } },
  );
  expect(await sf.query('SELECT A FROM MANY')).toEqual([{ A: 1 }]);
  const { statement } = await sf.run('SELECT 42 AS A', undefined, { asyncExec: true });
  const later = await sf.connection.getResultsFromQueryId({ sqlText: '', queryId: statement.getQueryId() });
  const rows = await new Promise((resolve, reject) => {
    const found: unknown[] = [];
    later
      .streamRows()
      .on('error', reject)
      .on('data', (row: unknown) => found.push(row))
      .on('end', () => resolve(found));
  });
  expect(rows).toEqual([{ A: 42 }]);
});

it('reads an earlier answer with RESULT_SCAN', async () => {
  await sf.query('SHOW TABLES IN SCHEMA SEVDESK.RAW');
  expect(await sf.query('SELECT "name" FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE "name" = \'SALES\'')).toEqual([
    { name: 'SALES' },
  ]);
});
