import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  connect,
  failure,
  query,
  startLocalSnowflake,
  type LocalSnowflake,
} from '../../../test/support/local-snowflake.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

let folder: string;
let server: LocalSnowflake;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'local-snowflake-test-'));
  server = await startLocalSnowflake({ dataDir: path.join(folder, 'data') });
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command to its end. */
const command = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, PYTHONPATH: path.join(root, 'local/snowflake') };
    const python = path.join(root, '.venvs/local-snowflake/bin/python');
    execFile(python, ['-m', 'local_snowflake', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

const keyPair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });

const refusal = async (options: Parameters<typeof connect>[1]) =>
  String((await failure(connect(server, options)))?.code);

it('explains its options', async () => {
  const { code, stdout } = await command('--help');
  expect(code).toBe(0);
  for (const option of ['--port', '--data', '--memory-limit', '--public-key']) expect(stdout).toContain(option);
});

it('refuses bad usage in one line that says what to do, with exit code 2', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, 'x');
  const free = ['--port', '0', '--data'];
  const cases: [RegExp, string[]][] = [
    [
      /port \d+ on 127\.0\.0\.1 cannot be used: .*--port/,
      ['--port', String(server.port), '--data', path.join(folder, 'x')],
    ],
    [/--port must be a number from 0 to 65535, not 'abc'/, ['--port', 'abc', '--data', path.join(folder, 'x')]],
    [/data folder .*data is in use by another process/, [...free, path.join(folder, 'data')]],
    [/--data must be a folder; it is empty/, [...free, '']],
    [/data folder .* cannot be written: Not a directory/, [...free, path.join(file, 'x')]],
    [
      /--memory-limit must be a size such as 2GB, not 'much'/,
      [...free, path.join(folder, 'm'), '--memory-limit', 'much'],
    ],
    [/not a public key in PEM form/, [...free, path.join(folder, 'k'), '--public-key', file]],
  ];
  const answers = await Promise.all(cases.map(([, args]) => command(...args)));
  for (const [index, { code, stderr }] of answers.entries()) {
    expect(stderr).toMatch(cases[index]![0]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  }
});

it('refuses a wrong password, an unknown user and an unregistered key', async () => {
  expect(await refusal({ password: 'wrong' })).toBe('390100');
  expect(await refusal({ username: 'nobody' })).toBe('390100');
  expect(await refusal({ authenticator: 'SNOWFLAKE_JWT', privateKey: keyPair().privateKey })).toBe('390144');
});

it('accepts a registered key pair, and a token equal to the password', async () => {
  const { publicKey, privateKey } = keyPair();
  const text = publicKey.replace(/-----.*-----|\n/g, '');
  await query(server, `ALTER USER local SET RSA_PUBLIC_KEY = '${text}'`);
  const user = (options: Parameters<typeof connect>[1]) =>
    query(server, 'SELECT CURRENT_USER() AS U', undefined, options);
  expect(await user({ authenticator: 'SNOWFLAKE_JWT', privateKey })).toEqual([{ U: 'LOCAL' }]);
  expect(await user({ authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token: 'local' })).toEqual([{ U: 'LOCAL' }]);
  expect(await user({ authenticator: 'OAUTH', token: 'local' })).toEqual([{ U: 'LOCAL' }]);
  expect(await refusal({ authenticator: 'OAUTH', token: 'wrong' })).toBe('390100');
});

it('holds the platform database at once, and signs in to one that is not there yet', async () => {
  expect(
    await query(server, 'SELECT CURRENT_DATABASE() D, CURRENT_SCHEMA() S', undefined, {
      database: 'SEVDESK',
      schema: 'RAW',
    }),
  ).toEqual([{ D: 'SEVDESK', S: 'RAW' }]);
  expect(await query(server, 'SELECT CURRENT_DATABASE() D', undefined, { database: 'NOT_YET' })).toEqual([{ D: null }]);
});

it('drops temporary tables and stages with their session', async () => {
  const place = { database: 'SEVDESK', schema: 'RAW' };
  const first = await connect(server, place);
  await first.query('CREATE TEMPORARY TABLE TEMP_T AS SELECT 1 A');
  await first.query('CREATE TEMPORARY STAGE TEMP_S');
  expect(await first.query('SELECT A FROM SEVDESK.RAW.TEMP_T')).toEqual([{ A: 1 }]);
  await expect(query(server, 'SELECT * FROM TEMP_T', undefined, place)).rejects.toMatchObject({ code: '002003' });
  await expect(query(server, 'LIST @TEMP_S', undefined, place)).rejects.toMatchObject({ code: '002003' });
  await first.close();
  await expect(query(server, 'SELECT * FROM TEMP_T', undefined, place)).rejects.toMatchObject({ code: '002003' });
});

it('keeps committed data, keys and stages through SIGKILL, and nothing of an open transaction', async () => {
  const dataDir = path.join(folder, 'kept');
  const file = path.join(folder, 'row.json');
  await writeFile(file, '{"a":1}\n');
  const { publicKey, privateKey } = keyPair();
  const before = await startLocalSnowflake({ dataDir });
  const sf = await connect(before, { database: 'SEVDESK', schema: 'RAW' });
  await sf.query('CREATE TABLE T (A NUMBER(38,0), V VARCHAR(10))');
  await sf.query("INSERT INTO T VALUES (1, 'x')");
  await sf.query('CREATE STAGE ST');
  await sf.query(`PUT 'file://${file}' @ST AUTO_COMPRESS = FALSE`);
  await sf.query(`ALTER USER local SET RSA_PUBLIC_KEY = '${publicKey.replace(/-----.*-----|\n/g, '')}'`);
  await sf.query('BEGIN');
  await sf.query("INSERT INTO T VALUES (2, 'open')");
  await before.kill();

  const after = await startLocalSnowflake({ dataDir });
  const again = await connect(after, {
    authenticator: 'SNOWFLAKE_JWT',
    privateKey,
    database: 'SEVDESK',
    schema: 'RAW',
  });
  expect(await again.query('SELECT * FROM T')).toEqual([{ A: 1, V: 'x' }]);
  expect((await again.query('DESCRIBE TABLE T')).map((row) => row['type'])).toEqual(['NUMBER(38,0)', 'VARCHAR(10)']);
  expect((await again.query('LIST @ST')).map((row) => row['name'])).toEqual(['st/row.json']);
  await again.close();
  expect(await after.stop()).toBe(0);
});
