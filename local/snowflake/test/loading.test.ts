import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { failure } from '../../../test/support/local-snowflake.js';
import { SEVDESK_RAW, useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

let folder: string;
const server = useLocalSnowflake();
const sf = server.session(SEVDESK_RAW);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'local-snowflake-test-'));
  await sf.query('CREATE TEMPORARY STAGE ST');
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Stages lines (or text) under a path and resolves to what PUT answered. */
async function stage(where: string, name: string, content: string | unknown[]) {
  const text =
    typeof content === 'string'
      ? content
      : content.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  const file = path.join(folder, name);
  await writeFile(file, name.endsWith('.gz') ? gzipSync(text) : text);
  return sf.query(`PUT 'file://${file}' '${where}' AUTO_COMPRESS = FALSE OVERWRITE = TRUE`);
}

describe('names that an object has twice', () => {
  const LINES = [
    '{"a":1,"a":2,"r":{"it\'s":"x","it\'s":"y"}}',
    '{"a":3,"r":{"v":{"k":1,"k":{"j":1,"j":2}}}}',
    '{"a":4,"r":{"s":"{{{"}}',
  ];
  const copy = (format: string): string =>
    `COPY INTO TWICE FROM (SELECT $1:a, $1['r']['it''s']::VARCHAR, $1:r:v FROM @ST/twice) FILE_FORMAT = (TYPE = JSON ${format})`;
  beforeAll(async () => {
    await stage('@ST/twice', 'twice.json', LINES);
    await sf.query('CREATE OR REPLACE TABLE TWICE (A INT, S VARCHAR, V VARIANT)');
  });

  it('are an error by default, at the top, on the way to a value, and in one', async () => {
    await sf.query('CREATE OR REPLACE FILE FORMAT JS TYPE = JSON');
    for (const what of ['$1:a', "$1['r']['it''s']::VARCHAR", '$1:r:v', '$1'])
      expect(await failure(sf.query(`SELECT ${what} AS X FROM @ST/twice (FILE_FORMAT => 'JS')`))).toMatchObject({
        code: '100069',
      });
    expect(await failure(sf.query(copy('')))).toMatchObject({ code: '100069' });
  });

  it('leave the last value where ALLOW_DUPLICATE says so', async () => {
    await sf.query(copy('ALLOW_DUPLICATE = TRUE'));
    expect(await sf.query('SELECT A, S, TO_JSON(V) AS V FROM TWICE ORDER BY A')).toEqual([
      { A: 2, S: 'y', V: null },
      { A: 3, S: null, V: '{"k":{"j":2}}' },
      { A: 4, S: null, V: null },
    ]);
    await sf.query('CREATE OR REPLACE TABLE WHOLE (V VARIANT)');
    await sf.query('COPY INTO WHOLE FROM @ST/twice FILE_FORMAT = (TYPE = JSON ALLOW_DUPLICATE = TRUE)');
    expect(await sf.query('SELECT V:a::INT AS A, V:r:v:k:j::INT AS J FROM WHOLE ORDER BY A')).toEqual([
      { A: 2, J: null },
      { A: 3, J: 2 },
      { A: 4, J: null },
    ]);
  });
});

it('takes only what the driver has encrypted, and keeps it decrypted', async () => {
  await stage('@ST/secret', 'plain.json', '{"a":"as it was"}\n');
  expect(await sf.query('SELECT $1:a::VARCHAR AS A FROM @ST/secret')).toEqual([{ A: 'as it was' }]);
  const answer = await fetch(`http://127.0.0.1:${server.port}/stages/user-local/plain.json`, {
    method: 'PUT',
    body: '{}',
  });
  expect(answer.status).toBe(400);
  expect(await sf.query("LIST '@~/plain'")).toEqual([]);
});

it('puts, lists and removes files of named, user and table stages', async () => {
  await sf.query('CREATE OR REPLACE TABLE OWN (V VARIANT)');
  for (const [where, shown] of [
    ['@"SEVDESK"."RAW"."ST"/dir', 'st/dir/a.json.gz'],
    ['@~/dir', 'dir/a.json.gz'],
    ['@%OWN', 'a.json.gz'],
  ] as const) {
    expect(await stage(where, 'a.json.gz', [{ a: 1 }])).toMatchObject([
      { source: 'a.json.gz', status: 'UPLOADED', targetSize: expect.any(Number) },
    ]);
    expect(await sf.query(`LIST '${where}'`)).toMatchObject([
      { name: shown, md5: expect.stringMatching(/^[0-9a-f]{32}$/) },
    ]);
    await sf.query(`COPY INTO OWN FROM '${where}' FILE_FORMAT = (TYPE = JSON)`);
    expect(await sf.query(`REMOVE '${where}'`)).toEqual([{ name: shown, result: 'removed' }]);
    expect(await sf.query(`LIST '${where}'`)).toEqual([]);
  }
  expect(await sf.query('SELECT COUNT(*) AS N FROM OWN')).toEqual([{ N: 3 }]);
});

it('copies typed paths of JSON lines with their exact digits, whatever the keys are called', async () => {
  const keys = ['plain', "it's", 'a"b', 'a.b:c', 'with space', '$money', 'ünïcödé 😀', '~/path', 'back\\slash', '0'];
  const record = Object.fromEntries(keys.map((key, index) => [key, `value ${index}`]));
  const numbers =
    '"int":12345678901234567890123456789012345678,"dec":12345678901234567890123456789.123456789,"small":0.1,"exp":1.5e3';
  const times = '"ts":"2026-03-29T01:59:59.123456+02:00","d":"2026-01-02","t":"03:04:05"';
  const rest = '"f":1.25,"b":true,"n":null,"o":{"deep":[1,{"x":12345678901234567890.123456789}]}';
  await stage('@ST/exact', 'exact.json.gz', [
    `{"n":7,"r":{${JSON.stringify(record).slice(1, -1)},${numbers},${times},${rest}}}`,
    '{"n":8,"r":{}}',
  ]);
  await sf.query(`CREATE OR REPLACE TEMPORARY TABLE E (N NUMBER, ${keys.map((_, i) => `K${i} VARCHAR`).join(', ')}, I NUMBER(38,0), D NUMBER(38,9), SM NUMBER(38,9),
    EX NUMBER(38,0), TS TIMESTAMP_TZ, NTZ TIMESTAMP_NTZ, DT DATE, TM TIME, F FLOAT, B BOOLEAN, NUL VARCHAR, O VARIANT, DEEP NUMBER(38,9), FILE VARCHAR, ROW_NUMBER NUMBER)`);
  const paths = keys.map((key) => `$1['r']['${key.replaceAll('\\', '\\\\').replaceAll("'", "''")}']::VARCHAR`);
  const answer =
    await sf.query(`COPY INTO E FROM (SELECT $1:n::NUMBER, ${paths.join(', ')}, $1['r']['int']::NUMBER(38,0), $1:r.dec::NUMBER(38,9), $1:r."small"::NUMBER(38,9),
    $1:r.exp::NUMBER, $1:r.ts::TIMESTAMP_TZ, $1:r.ts::TIMESTAMP_NTZ, $1:r.d::DATE, $1:r.t::TIME, $1:r.f::FLOAT, $1:r.b::BOOLEAN, $1:r.n::VARCHAR, $1['r']['o'], $1:r.o.deep[1].x::NUMBER(38,9),
    METADATA$FILENAME, METADATA$FILE_ROW_NUMBER FROM '@ST/exact') FILES = ('exact.json.gz') FILE_FORMAT = (TYPE = JSON COMPRESSION = GZIP) ON_ERROR = ABORT_STATEMENT`);
  expect(answer).toMatchObject([
    {
      file: 'st/exact/exact.json.gz',
      status: 'LOADED',
      rows_parsed: 2,
      rows_loaded: 2,
      errors_seen: 0,
      first_error: null,
    },
  ]);
  const [first, second] = await sf.query('SELECT * FROM E ORDER BY N', undefined, {
    fetchAsString: ['Number', 'Date'],
  });
  keys.forEach((_, index) => expect(first![`K${index}`]).toBe(`value ${index}`));
  expect(first).toMatchObject({
    I: '12345678901234567890123456789012345678',
    D: '12345678901234567890123456789.123456789',
    SM: '0.100000000',
    EX: '1500',
    TS: '2026-03-29 01:59:59.123 +0200',
    NTZ: expect.stringContaining('2026-03-29 01:59:59.123'),
    DT: '2026-01-02',
    TM: '03:04:05',
    F: '1.25',
    B: true,
    NUL: null,
    DEEP: '12345678901234567890.123456789',
    FILE: 'exact/exact.json.gz',
    ROW_NUMBER: '1',
  });
  expect(second).toMatchObject({ N: '8', I: 'NULL', O: null });
  expect(await sf.query('SELECT O::VARCHAR AS O FROM E WHERE N = 7')).toEqual([
    { O: '{"deep":[1,{"x":12345678901234567890.123456789}]}' },
  ]);
});

it('tells JSON null from a missing path in a VARIANT', async () => {
  await stage('@ST/null', 'null.json', [{ n: 1, v: null }, { n: 2 }, { n: 3, v: { a: null } }]);
  await sf.query('CREATE OR REPLACE TEMPORARY TABLE NU (N NUMBER, V VARIANT, W VARIANT)');
  await sf.query(
    "COPY INTO NU FROM (SELECT $1['n']::NUMBER, $1['v'], NULLIF($1['v'], PARSE_JSON('null')) FROM @ST/null) FILE_FORMAT = (TYPE = JSON)",
  );
  expect(
    await sf.query('SELECT N, V IS NULL AS MISSING, IS_NULL_VALUE(V) AS JSON_NULL, W IS NULL AS W FROM NU ORDER BY N'),
  ).toEqual([
    { N: 1, MISSING: false, JSON_NULL: true, W: true },
    { N: 2, MISSING: true, JSON_NULL: null, W: true },
    { N: 3, MISSING: false, JSON_NULL: false, W: false },
  ]);
});

it('copies a list of files, one answer row for each, and refuses the whole statement for a missing one', async () => {
  for (const i of [1, 2, 3])
    await stage(
      '@ST/list',
      `part-${i}.json.gz`,
      Array.from({ length: i }, (_, row) => ({ id: i * 10 + row })),
    );
  await stage('@ST/list', 'empty.json.gz', []);
  await sf.query('CREATE OR REPLACE TABLE L (ID NUMBER)');
  const copy = (files: string) =>
    sf.query(`COPY INTO L FROM (SELECT $1['id']::NUMBER FROM @ST/list) FILES = (${files}) FILE_FORMAT = (TYPE = JSON)`);
  expect(
    (await copy("'part-1.json.gz', 'part-3.json.gz', 'empty.json.gz'")).map((row) => [row['file'], row['rows_loaded']]),
  ).toEqual([
    ['st/list/part-1.json.gz', 1],
    ['st/list/part-3.json.gz', 3],
    ['st/list/empty.json.gz', 0],
  ]);
  expect(await failure(copy("'part-2.json.gz', 'gone.json.gz'"))).toMatchObject({
    message: expect.stringContaining('gone.json.gz'),
  });
  expect(await sf.query('SELECT COUNT(*) AS N FROM L')).toEqual([{ N: 4 }]);
});

it.each([
  ['a cast', '{"id":2,"amount":"abc"}', '100038', "Numeric value 'abc' is not recognized"],
  ['a number too large', '{"id":2,"amount":12345678901234567890}', '100038', ''],
  ['a NULL where none may be', '{"amount":1}', '100072', 'NULL result in a non-nullable column'],
])('names file, line and column of %s, and loads nothing', async (_, line, code, message) => {
  await stage('@ST/bad', 'bad.json.gz', [{ id: 1, amount: 1 }, line, { id: 3, amount: 'later' }]);
  await sf.query('CREATE OR REPLACE TABLE BAD (ID NUMBER NOT NULL, AMOUNT NUMBER(10,2))');
  const error = await failure(
    sf.query(
      "COPY INTO BAD FROM (SELECT $1['id']::NUMBER, $1['amount']::NUMBER(10,2) FROM @ST/bad) FILE_FORMAT = (TYPE = JSON)",
    ),
  );
  expect(error?.code).toBe(code);
  expect(error?.message).toContain(message);
  expect(error?.message).toMatch(
    /File 'bad\/bad\.json\.gz', line 2, character \d+\s+Row 2, column "BAD"\["(ID|AMOUNT)":[12]\]/,
  );
  expect(await sf.query('SELECT COUNT(*) AS N FROM BAD')).toEqual([{ N: 0 }]);
});

it('refuses a line that is no JSON', async () => {
  await stage('@ST/broken', 'broken.json', ['{"a":1}', '{"a":']);
  await sf.query('CREATE OR REPLACE TABLE BR (V VARIANT)');
  expect(await failure(sf.query('COPY INTO BR FROM @ST/broken FILE_FORMAT = (TYPE = JSON)'))).toMatchObject({
    code: '100069',
    message: expect.stringContaining('broken.json'),
  });
});

it('copies CSV, columns by name, and purges', async () => {
  await stage('@ST/csv', 'c.csv', 'id,name,amount\n1,"a, ""q""",1.5\n2,,\n3,\\N,3\n');
  await sf.query('CREATE OR REPLACE TABLE C (ID NUMBER, NAME VARCHAR, AMOUNT NUMBER(38,9))');
  await sf.query(
    `COPY INTO C FROM @ST/csv FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1 FIELD_OPTIONALLY_ENCLOSED_BY = '"' NULL_IF = ('\\\\N')) PURGE = TRUE`,
  );
  expect(await sf.query('SELECT * FROM C ORDER BY ID')).toEqual([
    { ID: 1, NAME: 'a, "q"', AMOUNT: 1.5 },
    { ID: 2, NAME: null, AMOUNT: null },
    { ID: 3, NAME: null, AMOUNT: 3 },
  ]);
  expect(await sf.query('LIST @ST/csv')).toEqual([]);
  await stage('@ST/match', 'm.json', [{ name: 'n', ID: 9, unknown: 1 }]);
  await sf.query('COPY INTO C FROM @ST/match FILE_FORMAT = (TYPE = JSON) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE');
  expect(await sf.query('SELECT * FROM C WHERE ID = 9')).toEqual([{ ID: 9, NAME: 'n', AMOUNT: null }]);
});

it('merges deduplicated staged rows with conditions, counts and quoted names', async () => {
  await sf.query('CREATE OR REPLACE TABLE M ("ID" NUMBER, "Na""me" VARCHAR, "AT" TIMESTAMP_NTZ, "DELETED" BOOLEAN)');
  await sf.query(
    "INSERT INTO M SELECT 1, 'old', '2026-01-01', FALSE UNION ALL SELECT 2, 'newer', '2026-06-01', FALSE UNION ALL SELECT 3, 'gone', '2026-01-01', FALSE",
  );
  await sf.query(
    'CREATE OR REPLACE TEMPORARY TABLE S (N NUMBER, ID NUMBER, NAME VARCHAR, "AT" TIMESTAMP_NTZ, DEL BOOLEAN)',
  );
  await sf.query(`INSERT INTO S SELECT 1, 1, 'first', '2026-02-01', FALSE UNION ALL SELECT 2, 1, 'second', '2026-02-01', FALSE UNION ALL
    SELECT 3, 2, 'older', '2026-02-01', FALSE UNION ALL SELECT 4, 3, 'x', '2026-02-01', TRUE UNION ALL SELECT 5, 4, 'new', NULL, FALSE`);
  expect(
    await sf.query(`MERGE INTO M t USING (SELECT * FROM S QUALIFY ROW_NUMBER() OVER (PARTITION BY ID ORDER BY N DESC) = 1) s ON t."ID" = s.ID
      WHEN MATCHED AND s.DEL THEN DELETE
      WHEN MATCHED AND NOT COALESCE(s."AT" < t."AT", FALSE) THEN UPDATE SET t."Na""me" = s.NAME, "AT" = s."AT"
      WHEN NOT MATCHED THEN INSERT ("ID", "Na""me") VALUES (s.ID, UPPER(s.NAME))`),
  ).toEqual([{ 'number of rows inserted': 1, 'number of rows updated': 1, 'number of rows deleted': 1 }]);
  expect(await sf.query('SELECT "ID", "Na""me" FROM M ORDER BY 1')).toEqual([
    { ID: 1, 'Na"me': 'second' },
    { ID: 2, 'Na"me': 'newer' },
    { ID: 4, 'Na"me': 'NEW' },
  ]);
});

it('refuses a target row that several source rows match', async () => {
  await sf.query('CREATE OR REPLACE TABLE ND AS SELECT 1 ID, 0 V');
  const merge =
    'MERGE INTO ND t USING (SELECT 1 ID, COLUMN1 V FROM VALUES (1), (2)) s ON t.ID = s.ID WHEN MATCHED THEN UPDATE SET V = s.V';
  expect(await failure(sf.query(merge))).toMatchObject({ code: '100090' });
  expect(await sf.query('SELECT V FROM ND')).toEqual([{ V: 0 }]);
});

it('refuses text that is longer than its column, however it comes', async () => {
  await sf.query('CREATE OR REPLACE TABLE SHORT (ID NUMBER, S VARCHAR(3))');
  await sf.query("INSERT INTO SHORT VALUES (1, 'abc'), (2, NULL)");
  await stage('@ST/short', 'short.json', [
    { id: 4, s: 'ok' },
    { id: 5, s: 'too long' },
  ]);
  for (const sql of [
    "INSERT INTO SHORT VALUES (3, 'abcd')",
    "INSERT INTO SHORT (S, ID) SELECT 'abcd', 3",
    "UPDATE SHORT SET S = 'abcd'",
    "MERGE INTO SHORT t USING (SELECT 1 ID) s ON t.ID = s.ID WHEN MATCHED THEN UPDATE SET S = 'abcd'",
    "MERGE INTO SHORT t USING (SELECT 9 ID) s ON t.ID = s.ID WHEN NOT MATCHED THEN INSERT (ID, S) VALUES (s.ID, 'abcd')",
    "COPY INTO SHORT FROM (SELECT $1['id']::NUMBER, $1['s']::VARCHAR FROM @ST/short) FILE_FORMAT = (TYPE = JSON)",
  ])
    expect(await failure(sf.query(sql))).toMatchObject({
      code: '100078',
      message: expect.stringContaining('is too long'),
    });
  expect(await sf.query('SELECT * FROM SHORT ORDER BY ID')).toEqual([
    { ID: 1, S: 'abc' },
    { ID: 2, S: null },
  ]);
});

it('reads gzip, zstd and plain files side by side, each as it is compressed', async () => {
  await stage('@ST/mixed', 'a.json.gz', [{ id: 1 }]);
  await stage('@ST/mixed', 'b.json', [{ id: 2 }]);
  // what zstd makes of '{"id":3}' and a line feed; this must run where Node has no zstd, too
  await writeFile(path.join(folder, 'c.json.zst'), Buffer.from('28b52ffd00584900007b226964223a337d0a', 'hex'));
  await sf.query(`PUT 'file://${path.join(folder, 'c.json.zst')}' '@ST/mixed' AUTO_COMPRESS = FALSE`);
  await sf.query('CREATE OR REPLACE TABLE MIXED (ID NUMBER)');
  await sf.query("COPY INTO MIXED FROM (SELECT $1:id::NUMBER FROM '@ST/mixed') FILE_FORMAT = (TYPE = JSON)");
  expect(await sf.query('SELECT ID FROM MIXED ORDER BY ID')).toEqual([{ ID: 1 }, { ID: 2 }, { ID: 3 }]);
  const zstdOnly = "FILES = ('c.json.zst') FILE_FORMAT = (TYPE = JSON COMPRESSION = ZSTD)";
  await sf.query(`COPY INTO MIXED FROM (SELECT $1:id::NUMBER FROM '@ST/mixed') ${zstdOnly} FORCE = TRUE`);
  expect(await sf.query('SELECT COUNT(*) AS N FROM MIXED')).toEqual([{ N: 4 }]);
});

it('lists file formats, and finds them by quoted names in either case', async () => {
  await sf.query(`CREATE OR REPLACE FILE FORMAT "lines-1" TYPE = 'JSON'`);
  expect(await sf.query("SHOW FILE FORMATS LIKE 'LINES%' IN SCHEMA RAW")).toMatchObject([
    { name: 'lines-1', database_name: 'SEVDESK', schema_name: 'RAW', type: 'JSON' },
  ]);
  await stage('@~/formats', 'a.json', [{ id: 1 }]);
  expect(await sf.query(`SELECT $1:id::NUMBER AS ID FROM @~/formats (FILE_FORMAT => RAW."lines-1")`)).toEqual([
    { ID: 1 },
  ]);
  await sf.query('ALTER SESSION SET QUOTED_IDENTIFIERS_IGNORE_CASE = TRUE');
  await sf.query(`CREATE OR REPLACE FILE FORMAT "lines-2" TYPE = 'JSON'`);
  expect(await sf.query(`SELECT $1:id::NUMBER AS ID FROM '@~/formats' (FILE_FORMAT => RAW."lines-2")`)).toEqual([
    { ID: 1 },
  ]);
  await sf.query('ALTER SESSION UNSET QUOTED_IDENTIFIERS_IGNORE_CASE');
});

it('orders the rows of a window by SEQ8(), the last one of a file winning', async () => {
  await stage('@~/sequence', 'a.json', [
    { id: 1, v: 'old' },
    { id: 2, v: 'only' },
    { id: 1, v: 'new' },
  ]);
  await sf.query("CREATE OR REPLACE FILE FORMAT LINES TYPE = 'JSON'");
  await sf.query('CREATE OR REPLACE TABLE SEQUENCED (ID NUMBER, V VARCHAR)');
  await sf.query(`MERGE INTO SEQUENCED d USING (SELECT $1:id::NUMBER AS id, $1:v::VARCHAR AS v FROM '@~/sequence' (FILE_FORMAT => LINES)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY SEQ8() DESC) = 1) s ON d.id = s.id
    WHEN MATCHED THEN UPDATE SET d.v = s.v WHEN NOT MATCHED THEN INSERT (ID, V) VALUES (s.id, s.v)`);
  expect(await sf.query('SELECT * FROM SEQUENCED ORDER BY ID')).toEqual([
    { ID: 1, V: 'new' },
    { ID: 2, V: 'only' },
  ]);
});
