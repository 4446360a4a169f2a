import { failure } from '../../../test/support/local-snowflake.js';
import { SEVDESK_RAW, useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

const server = useLocalSnowflake();
const sf = server.session(SEVDESK_RAW);

it('keeps 36 digits of a DECFLOAT, orders them as numbers and casts them to other types', async () => {
  await sf.query('CREATE OR REPLACE TABLE MEASURES (ID NUMBER, V DECFLOAT)');
  const values = ['12345678901234567890.1234567890123456', '-7.25', '3e200', '0', '-7.125', '0.000001'];
  for (const [index, value] of values.entries())
    await sf.query(`INSERT INTO MEASURES SELECT ${String(index)}, '${value}'::DECFLOAT`);
  await sf.query('INSERT INTO MEASURES VALUES (6, 8.5), (7, NULL)');
  const rows = await sf.query('SELECT V FROM MEASURES ORDER BY V');
  expect(rows.map((row) => row['V'])).toEqual(['-7.25', '-7.125', '0', '0.000001', '8.5', values[0], '3e200', null]);
  expect(
    await sf.query(
      'SELECT V::NUMBER(10,1)::VARCHAR AS N, V::VARCHAR AS T, TO_VARIANT(V)::VARCHAR AS J FROM MEASURES WHERE ID = 1',
    ),
  ).toEqual([{ N: '-7.3', T: '-7.25', J: '-7.25' }]);
  await sf.query(
    "MERGE INTO MEASURES T USING (SELECT 8.50::DECFLOAT AS V) S ON T.V = S.V WHEN MATCHED THEN UPDATE SET V = '9'",
  );
  expect(await sf.query('SELECT V FROM MEASURES WHERE ID = 6')).toEqual([{ V: '9' }]);
  expect(await failure(sf.query("SELECT 'eleven'::DECFLOAT"))).toMatchObject({ code: '100038' });
  const columns = await sf.query('DESCRIBE TABLE MEASURES');
  expect(columns[1]).toMatchObject({ name: 'V', type: 'DECFLOAT' });
});
