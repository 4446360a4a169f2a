import { beforeAll, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import type { ConnectionOptions } from '@singer-io-ts/snowflake-session/driver';
import { connect, failure } from '../../../test/support/local-snowflake.js';
import { useLocalSnowflake } from '../../../test/support/use-local-snowflake.js';

const server = useLocalSnowflake();
const admin = server.session();

const pair = (): { pem: string; key: string; publicPem: string } => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem,
    key: publicPem.replace(/-----.*-----|\n/g, ''),
  };
};
const [mine, rotated, stranger] = [pair(), pair(), pair()];
const byKey = (username: string, privateKey: string): Partial<ConnectionOptions> => ({
  username,
  authenticator: 'SNOWFLAKE_JWT',
  privateKey,
});

beforeAll(async () => {
  for (const sql of [
    'CREATE ROLE MACHINE',
    'CREATE WAREHOUSE W',
    'CREATE WAREHOUSE HIDDEN',
    'GRANT USAGE ON WAREHOUSE W TO ROLE MACHINE',
    'GRANT USAGE ON DATABASE SEVDESK TO ROLE MACHINE',
    `CREATE USER ROBOT TYPE = SERVICE DEFAULT_ROLE = MACHINE DEFAULT_WAREHOUSE = W DEFAULT_NAMESPACE = SEVDESK
       TIMEZONE = 'Europe/Berlin' RSA_PUBLIC_KEY = '${mine.key}' RSA_PUBLIC_KEY_2 = '${rotated.key}'`,
    'GRANT ROLE MACHINE TO USER ROBOT',
    "CREATE USER PERSON PASSWORD = 'Secret 1' DEFAULT_ROLE = MACHINE",
    "CREATE USER LEFT_US PASSWORD = 'Secret 1' DISABLED = TRUE",
    "CREATE NETWORK POLICY ELSEWHERE ALLOWED_IP_LIST = ('203.0.113.7')",
    "CREATE NETWORK POLICY HERE ALLOWED_IP_LIST = ('127.0.0.0/8', '203.0.113.7')",
  ])
    await admin.query(sql);
});

/** The code of a refused sign-in, or role, warehouse and database of the session. */
async function signIn(options: Partial<ConnectionOptions>): Promise<unknown> {
  try {
    const client = await connect(server, options);
    const [row] = await client.query('SELECT CURRENT_ROLE() AS R, CURRENT_WAREHOUSE() AS W, CURRENT_DATABASE() AS D');
    await client.close();
    return Object.values(row ?? {});
  } catch (error) {
    return String((error as { code: unknown }).code);
  }
}

it.each<[string, Partial<ConnectionOptions>, unknown]>([
  ['a key', byKey('ROBOT', mine.pem), ['MACHINE', 'W', 'SEVDESK']],
  ['the second key', byKey('robot', rotated.pem), ['MACHINE', 'W', 'SEVDESK']],
  ['another key', byKey('ROBOT', stranger.pem), '390144'],
  ['a key of nobody', byKey('NO_SUCH_USER', mine.pem), '390144'],
  ['a service user’s password', { username: 'ROBOT', password: 'x' }, '390100'],
  ['an unknown user', { username: 'NO_SUCH_USER' }, '390100'],
  ['a wrong password', { username: 'PERSON', password: 'secret 1' }, '390100'],
  ['a disabled user', { username: 'LEFT_US', password: 'Secret 1' }, '390101'],
  ['a default role that is not granted', { username: 'PERSON', password: 'Secret 1' }, '390186'],
  ['another role', { username: 'PERSON', password: 'Secret 1', role: 'PUBLIC' }, ['PUBLIC', null, null]],
  ['a role that is not there', { role: 'NO_SUCH_ROLE' }, '390189'],
  ['a role that is not the user’s', { ...byKey('ROBOT', mine.pem), role: 'SYSADMIN' }, '390189'],
  ['a warehouse that is not there', { warehouse: 'NOPE' }, ['ACCOUNTADMIN', null, null]],
  ['a warehouse of others', { ...byKey('ROBOT', mine.pem), warehouse: 'HIDDEN' }, ['MACHINE', null, 'SEVDESK']],
  ['a database that is not there', { database: 'NOPE' }, ['ACCOUNTADMIN', 'LOCAL', null]],
])('answers %s', async (_, options, answer) => {
  expect(await signIn(options)).toEqual(answer);
});

it.each(['warehouse=NOPE', 'databaseName=NOPE', 'databaseName=SEVDESK&schemaName=NOPE'])(
  'refuses %s where the client asks for validation, as the Python connector can',
  async (query) => {
    const asking = async (validates: boolean): Promise<unknown> => {
      const data = {
        LOGIN_NAME: 'local',
        PASSWORD: 'local',
        SESSION_PARAMETERS: { CLIENT_VALIDATE_DEFAULT_PARAMETERS: validates },
      };
      const answer = await fetch(`${server.url}/session/v1/login-request?${query}`, {
        method: 'POST',
        body: JSON.stringify({ data }),
      });
      return ((await answer.json()) as { code: unknown }).code;
    };
    expect(await asking(true)).toBe('390201');
    expect(await asking(false)).toBeNull();
  },
);

it('without a warehouse, the first statement that computes fails', async () => {
  const client = await connect(server, { warehouse: 'NOPE', database: 'SEVDESK', schema: 'RAW' });
  await client.query('CREATE TABLE T (A NUMBER)');
  expect(await client.query('SELECT 1 AS A')).toEqual([{ A: 1 }]);
  expect((await failure(client.query('SELECT * FROM T')))?.code).toBe('000606');
  expect((await failure(client.query('INSERT INTO T VALUES (1)')))?.code).toBe('000606');
  expect((await failure(client.query('USE WAREHOUSE NOPE')))?.code).toBe('002043');
  await client.query('USE WAREHOUSE W');
  await client.query('INSERT INTO T VALUES (1)');
  await client.close();
});

it('a session begins with what is set on its user', async () => {
  const client = await connect(server, byKey('ROBOT', mine.pem));
  expect(await client.query("SHOW PARAMETERS LIKE 'TIMEZONE'")).toMatchObject([
    { value: 'Europe/Berlin', level: 'USER' },
  ]);
  await client.close();
});

it('lets in from the addresses of the user’s network policy only', async () => {
  await admin.query('ALTER USER ROBOT SET NETWORK_POLICY = ELSEWHERE');
  expect(await signIn(byKey('ROBOT', mine.pem))).toBe('390422');
  await admin.query('ALTER USER ROBOT SET NETWORK_POLICY = HERE');
  expect(await signIn(byKey('ROBOT', mine.pem))).toEqual(['MACHINE', 'W', 'SEVDESK']);
  await admin.query('ALTER USER ROBOT UNSET NETWORK_POLICY');
  expect((await failure(admin.query('ALTER USER ROBOT SET NETWORK_POLICY = NOPE')))?.code).toBe('002003');
});

it.each([
  ['a placeholder', '<public key of the loader>'],
  ['a key with its delimiters', mine.publicPem],
  ['a private key', mine.pem.replace(/-----.*-----|\n/g, '')],
  ['a part of a key', mine.key.slice(0, 100)],
])('refuses %s as a public key', async (_, key) => {
  expect((await failure(admin.query(`CREATE USER X TYPE = SERVICE RSA_PUBLIC_KEY = '${key}'`)))?.code).toBe('391305');
  expect((await failure(admin.query(`ALTER USER ROBOT SET RSA_PUBLIC_KEY = '${key}'`)))?.code).toBe('391305');
});

it('refuses a password for a user of TYPE = SERVICE, now and later', async () => {
  expect((await failure(admin.query("CREATE USER X TYPE = SERVICE PASSWORD = 'x'")))?.code).toBe('001420');
  expect((await failure(admin.query("ALTER USER ROBOT SET PASSWORD = 'x'")))?.code).toBe('001420');
});
