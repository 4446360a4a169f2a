import {
  connect,
  startLocalSnowflake,
  type LocalSnowflake,
  type SnowflakeClient,
} from '../../../test/support/local-snowflake.js';

let server: LocalSnowflake;
let sf: SnowflakeClient;

beforeAll(async () => {
  server = await startLocalSnowflake();
  sf = await connect(server);
  await sf.query('CREATE DATABASE D');
  await sf.query('CREATE SCHEMA D.RAW');
});

afterAll(async () => {
  await sf.close();
  expect(await server.stop()).toBe(0);
});

it('answers a query', async () => {
  expect(await sf.query('SELECT 1 AS A, ? AS B', ['x'])).toEqual([{ A: 1, B: 'x' }]);
});
