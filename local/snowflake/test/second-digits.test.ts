import { SEVDESK_RAW, useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

// Types that keep fewer than nine digits of a fraction of a second. No page says how Snowflake makes a value fit; here digits are cut off.

const server = useLocalSnowflake();
const sf = server.session(SEVDESK_RAW);
const NTZ = '2024-01-01 23:59:59.987654';

const shown = (columns: string): string =>
  `SELECT ${columns
    .split(' ')
    .map(
      (name) =>
        `TO_VARCHAR(${name}, '${name === 'T0' || name === 'T3' ? '' : 'YYYY-MM-DD '}HH24:MI:SS.FF6') AS ${name}`,
    )
    .join(', ')} FROM SHORT ORDER BY ID`;

const KEPT = {
  N3: '2024-01-01 23:59:59.987000',
  N0: '2024-01-01 23:59:59.000000',
  L6: '2024-01-01 23:59:59.987654',
  Z0: '2024-01-01 23:59:59.000000',
  T0: '23:59:59.000000',
  T3: '23:59:59.987000',
};

beforeAll(async () => {
  await sf.query(
    'CREATE OR REPLACE TABLE SHORT (ID INT, N3 TIMESTAMP_NTZ(3), N0 DATETIME(0), L6 TIMESTAMP_LTZ(6), Z0 TIMESTAMP_TZ(0), T0 TIME(0), T3 TIME(3))',
  );
});

it('tells the digits in the catalog', async () => {
  const rows = await sf.query(
    "SELECT COLUMN_NAME, DATETIME_PRECISION AS DIGITS FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'SHORT' ORDER BY ORDINAL_POSITION",
  );
  expect(rows.map((row) => row['DIGITS'])).toEqual([null, 3, 0, 6, 0, 0, 3]);
  const types = (await sf.query('DESCRIBE TABLE SHORT')).map((row) => row['type']);
  expect(types).toEqual([
    'NUMBER(38,0)',
    'TIMESTAMP_NTZ(3)',
    'TIMESTAMP_NTZ(0)',
    'TIMESTAMP_LTZ(6)',
    'TIMESTAMP_TZ(0)',
    'TIME(0)',
    'TIME(3)',
  ]);
});

it.each([
  [
    'texts',
    `INSERT INTO SHORT VALUES (1, '${NTZ}', '${NTZ}', '${NTZ}', '${NTZ}', '23:59:59.987654', '23:59:59.987654')`,
  ],
  [
    'timestamps with an offset',
    `INSERT INTO SHORT SELECT 1, Z, Z, Z, Z, Z::TIME, Z::TIME FROM (SELECT '${NTZ} +00:00'::TIMESTAMP_TZ AS Z)`,
  ],
  [
    'an update',
    `UPDATE SHORT SET N3 = '${NTZ}'::TIMESTAMP_NTZ, N0 = '${NTZ}', L6 = '${NTZ}', Z0 = '${NTZ}'::TIMESTAMP_LTZ, T0 = '23:59:59.987654'::TIME, T3 = '23:59:59.987654'`,
  ],
  [
    'a merge',
    `MERGE INTO SHORT USING (SELECT 1 AS ID, '${NTZ}'::TIMESTAMP_TZ AS Z, '23:59:59.987654'::TIME AS T) S ON SHORT.ID = S.ID WHEN MATCHED THEN UPDATE SET N3 = S.Z, N0 = S.Z, L6 = S.Z, Z0 = S.Z, T0 = S.T, T3 = S.T`,
  ],
])('cuts off what the type does not keep: %s', async (what, sql) => {
  await sf.query('TRUNCATE TABLE SHORT');
  if (what === 'an update' || what === 'a merge') await sf.query('INSERT INTO SHORT (ID) VALUES (1)');
  await sf.query(sql);
  expect(await sf.query(shown(Object.keys(KEPT).join(' ')))).toEqual([KEPT]);
});

it('cuts off in casts, before 1970 too', async () => {
  const [row] = await sf.query(
    "SELECT '1969-12-31 23:59:59.999'::TIMESTAMP_NTZ(0)::VARCHAR AS N, '2024-01-01 00:00:00.1299 +02:00'::TIMESTAMP_TZ(2)::VARCHAR AS Z, " +
      "TO_VARCHAR('10:00:00.999'::TIME(1), 'HH24:MI:SS.FF3') AS T, TRY_CAST('none' AS TIMESTAMP_NTZ(3)) AS X, TO_VARIANT('2024-01-01 00:00:00.999')::TIMESTAMP_NTZ(0)::VARCHAR AS V",
  );
  expect(row).toEqual({
    N: '1969-12-31 23:59:59.000',
    Z: '2024-01-01 00:00:00.120 +0200',
    T: '10:00:00.900',
    X: null,
    V: '2024-01-01 00:00:00.000',
  });
});
