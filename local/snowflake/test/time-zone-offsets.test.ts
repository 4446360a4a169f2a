import { SEVDESK_RAW, useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

const server = useLocalSnowflake();
const sf = server.session({ ...SEVDESK_RAW, fetchAsString: ['Date', 'Number', 'JSON'] });

/** The rows as the texts that Snowflake shows; the driver has no null where it gives texts. */
const rows = async (sql: string) =>
  (await sf.query(sql)).map((row) => Object.values(row).map((value) => (value === 'NULL' ? null : value)));

beforeAll(async () => {
  await sf.query('CREATE TABLE SEEN (I INT, AT TIMESTAMP_TZ, NOTE VARCHAR(40))');
  await sf.query(
    "INSERT INTO SEEN (I, AT) VALUES (1, '2024-03-01 10:00:00 +05:45'), (2, '2024-03-01 05:15:00 +01:00'), " +
      "(3, '2024-03-01 23:30:00 -08:00'), (4, NULL)",
  );
});

const first = '2024-03-01 10:00:00.000 +0545';
const second = '2024-03-01 05:15:00.000 +0100';
const third = '2024-03-01 23:30:00.000 -0800';

it.each<[does: string, sql: string, expected: (string | null)[][]]>([
  ['keeps the offset in a column', 'SELECT AT FROM SEEN ORDER BY I', [[first], [second], [third], [null]]],
  [
    'takes parts, dates and texts in the value’s own offset',
    "SELECT HOUR(AT), AT::DATE, AT::TIMESTAMP_NTZ::VARCHAR, TO_CHAR(AT, 'HH24:MI TZH:TZM'), AT || '' FROM SEEN WHERE I = 3",
    [['23', '2024-03-01', '2024-03-01 23:30:00.000', '23:30 -08:00', third]],
  ],
  [
    'adds and truncates at the same offset',
    "SELECT DATEADD(HOUR, 1, AT), DATE_TRUNC('DAY', AT), DATEADD(MONTH, 1, MAX(AT)), AT + INTERVAL '1 DAY' FROM SEEN WHERE I = 1 GROUP BY AT",
    [
      [
        '2024-03-01 11:00:00.000 +0545',
        '2024-03-01 00:00:00.000 +0545',
        '2024-04-01 10:00:00.000 +0545',
        '2024-03-02 10:00:00.000 +0545',
      ],
    ],
  ],
  [
    'joins equal instants',
    'SELECT A.I, B.I AS OTHER FROM SEEN A JOIN SEEN B ON A.AT = B.AT AND A.I < B.I',
    [['1', '2']],
  ],
  ['groups equal instants', 'SELECT COUNT(*) FROM SEEN GROUP BY AT ORDER BY 1 DESC', [['2'], ['1'], ['1']]],
  [
    'groups them by an alias',
    'SELECT AT AS T, MAX(I) FROM SEEN WHERE I < 3 GROUP BY T',
    [[expect.any(String), '2']] as never,
  ],
  ['counts them once', 'SELECT COUNT(DISTINCT AT), COUNT(*) FROM (SELECT DISTINCT AT FROM SEEN)', [['2', '3']]],
  ['counts them once under a star', 'SELECT COUNT(*) FROM (SELECT DISTINCT * FROM (SELECT AT FROM SEEN))', [['3']]],
  ['unites them', 'SELECT COUNT(*) FROM (SELECT AT FROM SEEN UNION SELECT AT FROM SEEN)', [['3']]],
  ['finds them by IN', 'SELECT COUNT(*) FROM SEEN WHERE AT IN (SELECT AT FROM SEEN WHERE I = 1)', [['2']]],
  [
    'partitions by them',
    'SELECT I FROM SEEN QUALIFY ROW_NUMBER() OVER (PARTITION BY AT ORDER BY I DESC) = 1 ORDER BY I',
    [['2'], ['3'], ['4']],
  ],
  [
    'passes the value through CASE, COALESCE, window functions and queries',
    "WITH C AS (SELECT I, COALESCE(AT, '2020-01-01 00:00:00 +02:00'::TIMESTAMP_TZ) AS X FROM SEEN) " +
      'SELECT CASE WHEN I = 4 THEN X END, LAG(X) OVER (ORDER BY I), HOUR(X) FROM C ORDER BY I DESC LIMIT 1',
    [['2020-01-01 00:00:00.000 +0200', third, '0']],
  ],
  [
    'makes one of parts, of a zone and by a format',
    "SELECT TIMESTAMP_TZ_FROM_PARTS(2024, 1, 2, 3, 4, 5, 0, 'America/Los_Angeles'), CONVERT_TIMEZONE('Asia/Kathmandu', AT), " +
      "TO_TIMESTAMP_TZ('02.01.2024 +04:00', 'DD.MM.YYYY TZH:TZM') FROM SEEN WHERE I = 2",
    [['2024-01-02 03:04:05.000 -0800', '2024-03-01 10:00:00.000 +0545', '2024-01-02 00:00:00.000 +0400']],
  ],
  [
    'counts hours between instants and days between dates',
    "SELECT DATEDIFF(HOUR, '2024-03-01 04:15:00Z'::TIMESTAMP_TZ, AT), DATEDIFF(DAY, '2024-03-01 04:15:00Z'::TIMESTAMP_TZ, AT) FROM SEEN WHERE I = 3",
    [['27', '0']],
  ],
  [
    'writes the offset into a VARIANT',
    "SELECT AT::VARIANT::VARCHAR, TYPEOF(AT::VARIANT), OBJECT_CONSTRUCT('a', AT):a::VARCHAR FROM SEEN WHERE I = 1",
    [[first, 'TIMESTAMP_TZ', first]],
  ],
])('%s', async (_does, sql, expected) => {
  expect(await rows(sql)).toEqual(expected);
});

it('keeps offsets through INSERT, UPDATE, MERGE, CREATE TABLE … AS, views and defaults', async () => {
  await sf.query('CREATE TABLE COPIED AS SELECT I, AT, DATEADD(DAY, 1, AT) AS NEXT FROM SEEN WHERE AT IS NOT NULL');
  await sf.query(
    "CREATE TABLE KEPT (I INT, AT TIMESTAMP_TZ NOT NULL DEFAULT '2024-01-01 00:00:00 +05:30', WALL TIMESTAMP_NTZ, L TIMESTAMP_LTZ)",
  );
  await sf.query('INSERT INTO KEPT (I) VALUES (0)');
  await sf.query("INSERT INTO KEPT (I, AT) VALUES (7, DEFAULT), (8, '2024-01-01 00:00:00 +03:00')");
  await sf.query('INSERT INTO KEPT SELECT I, AT, AT, AT FROM COPIED WHERE I < 3');
  await sf.query('UPDATE KEPT SET AT = C.NEXT FROM COPIED C WHERE C.I = KEPT.I AND C.I = 1');
  await sf.query(
    'MERGE INTO KEPT K USING (SELECT I, AT, NEXT FROM COPIED) C ON K.I = C.I AND K.AT = C.AT ' +
      'WHEN MATCHED AND C.NEXT > K.AT THEN UPDATE SET K.AT = C.NEXT WHEN NOT MATCHED THEN INSERT (I, AT) VALUES (C.I + 10, C.AT)',
  );
  await sf.query('CREATE VIEW SHOWN AS SELECT I, AT, WALL, L FROM KEPT');
  expect(await rows('SELECT * FROM SHOWN ORDER BY I')).toEqual([
    ['0', '2024-01-01 00:00:00.000 +0530', null, null],
    ['1', '2024-03-02 10:00:00.000 +0545', '2024-03-01 10:00:00.000', '2024-03-01 04:15:00.000 +0000'],
    ['2', '2024-03-02 05:15:00.000 +0100', '2024-03-01 05:15:00.000', '2024-03-01 04:15:00.000 +0000'],
    ['7', '2024-01-01 00:00:00.000 +0530', null, null],
    ['8', '2024-01-01 00:00:00.000 +0300', null, null],
    ['11', first, null, null],
    ['13', third, null, null],
  ]);
  expect(await sf.query('DESCRIBE TABLE COPIED')).toMatchObject([
    { type: 'NUMBER(38,0)' },
    { type: 'TIMESTAMP_TZ(9)' },
    { type: 'TIMESTAMP_TZ(9)' },
  ]);
});
