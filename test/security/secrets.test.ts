import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../ci/run-tool.js';
import { startLocalSevdesk, type LocalSevdesk } from '../support/local-sevdesk.js';
import { startLocalSnowflake, type LocalSnowflake } from '../support/local-snowflake.js';

const API_KEY = 'aaaabbbbccccddddeeeeffff00001111';
const PASSWORD = 'p4ss-w0rd-never-shown';
const PASSPHRASE = 'passphrase-never-shown';
const RECORD_VALUE = 'value-of-a-record-never-shown';
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE },
});
/** A line from the middle of the key: no key is printed whole or in part. */
const KEY_LINE = privateKey.split('\n')[5] ?? '';
const SECRETS = [API_KEY, PASSWORD, PASSPHRASE, KEY_LINE];

// Whatever goes wrong, at whatever log level: no secret and no record value in anything a command prints or leaves behind.
describe('secrets', () => {
  const work = mkdtempSync(path.join(tmpdir(), 'secrets-'));
  const temporary = path.join(work, 'tmp');
  let sevdesk: LocalSevdesk;
  let snowflake: LocalSnowflake;

  beforeAll(async () => {
    [sevdesk, snowflake] = await Promise.all([
      startLocalSevdesk({ invoices: 40, token: API_KEY }),
      startLocalSnowflake(),
    ]);
  });
  afterAll(async () => {
    await sevdesk.stop();
    await snowflake.stop();
    rmSync(work, { recursive: true, force: true });
  });

  async function printed(
    command: string,
    settings: object,
    { input = '', env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {},
  ): Promise<{ output: string; code: number | null }> {
    const config = path.join(work, 'config.json');
    writeFileSync(config, JSON.stringify(settings), { mode: 0o600 });
    const child = spawn(path.join(root, 'node_modules/.bin', command), ['--config', config], {
      cwd: work,
      env: { ...process.env, LOG_LEVEL: 'debug', ...env },
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    if (command.startsWith('target')) child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    else child.stdout.resume();
    child.stdin.on('error', () => undefined).end(input);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { output, code };
  }

  const tapFaults: [string, object[], object][] = [
    ['sign-in refused', [{ kind: 'unauthorized' }], {}],
    ['server errors', [{ kind: 'status', status: 500 }], { max_retries: 1 }],
    ['HTML instead of JSON', [{ kind: 'html200' }], { max_retries: 1 }],
    ['cut-off JSON', [{ kind: 'cut' }], { max_retries: 1 }],
    ['connection reset', [{ kind: 'reset' }], { max_retries: 1 }],
    ['an address with a password in it', [], { api_url: `http://user:${PASSWORD}@127.0.0.1:9/api/v1`, max_retries: 0 }],
  ];
  it.each(tapFaults)('tap-sevdesk at level debug: %s', async (_what, faults, change) => {
    if (faults.length > 0) await sevdesk.admin('POST', '/faults', { faults });
    try {
      const { output, code } = await printed('tap-sevdesk', { api_key: API_KEY, api_url: sevdesk.url, ...change });
      expect(code).not.toBe(0);
      expect(output).toContain('ERROR');
      for (const secret of SECRETS) expect(output).not.toContain(secret);
      expect(output).not.toMatch(/authorization/i);
    } finally {
      await sevdesk.heal();
    }
  });

  const schema =
    '{"type":"SCHEMA","stream":"s","schema":{"properties":{"id":{"type":"integer"},"n":{"type":"integer"},"at":{"type":"string","format":"date"}}},"key_properties":["id"]}';
  const record = (fields: object): string =>
    JSON.stringify({ type: 'RECORD', stream: 's', record: { id: 1, ...fields } });
  const targetFaults: [string, object, string][] = [
    ['a refused password', { password: PASSWORD }, record({})],
    ['a refused key pair', { private_key: privateKey, private_key_passphrase: PASSPHRASE }, record({})],
    ['a wrong passphrase', { private_key: privateKey, private_key_passphrase: `${PASSPHRASE}-wrong` }, record({})],
    [
      'a key that is none',
      { private_key: `-----BEGIN PRIVATE KEY-----\n${KEY_LINE}\n-----END PRIVATE KEY-----` },
      record({}),
    ],
    ['an unreachable host', { password: PASSWORD, port: 9 }, record({})],
    ['a record that does not fit', { password: 'local' }, record({ n: RECORD_VALUE })],
    ['a line that is no JSON', { password: 'local' }, `{"type":"RECORD","stream":"s","record":{"n":"${RECORD_VALUE}"`],
    ['a row that the warehouse refuses', { password: 'local', validate_records: false }, record({ n: RECORD_VALUE })],
  ];
  it.each(targetFaults)('target-snowflake-ts at level debug: %s', async (_what, change, line) => {
    const { output, code } = await printed(
      'target-snowflake-ts',
      {
        account: 'local',
        user: 'local',
        database: 'SEVDESK',
        default_target_schema: 'SECRETS',
        host: '127.0.0.1',
        port: snowflake.port,
        protocol: 'http',
        login_timeout_seconds: 10,
        ...change,
      },
      { input: `${schema}\n${line}\n`, env: { TMPDIR: work } },
    );
    expect(code).not.toBe(0);
    expect(output).toContain('ERROR');
    for (const secret of [...SECRETS, RECORD_VALUE]) expect(output).not.toContain(secret);
    // Nothing stays behind: no spool, no driver log.
    expect(readdirSync(work).filter((name) => name !== 'config.json' && name !== path.basename(temporary))).toEqual([]);
  });

  it('are in no committed file', () => {
    const suspicious =
      /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\n[A-Za-z0-9+/=]{40}|xox[bp]-\d{6,}|ghp_[A-Za-z0-9]{30}|npm_[A-Za-z0-9]{30}/;
    const files = readdirSync(path.join(root, 'fixtures'), { recursive: true }).map((file) =>
      path.join(root, 'fixtures', String(file)),
    );
    for (const file of [...files, path.join(root, 'meltano.yml'), path.join(root, '.env.example')]) {
      if (statSync(file).isFile()) expect([file, suspicious.test(readFileSync(file, 'latin1'))]).toEqual([file, false]);
    }
  });
});
