import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const HOLDERS = ['loader', 'transformer', 'reporter', 'dashboard'];

interface Unmet {
  user: string;
  sql: string;
  needs: string;
  error: string;
}

let folder: string;
let publicKey: string;
let filled: string;
let unmet: Map<string, Unmet[]>;

const setUpSql = (...args: string[]) => run(process.execPath, [path.join(root, 'scripts/set-up-sql.mjs'), ...args]);
const keys = (file: string): string[] => HOLDERS.flatMap((name) => [`--${name}`, file]);

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'set-up-'));
  publicKey = path.join(folder, 'key.pub');
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(publicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(path.join(folder, 'key.p8'), pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  filled = (await setUpSql(...keys(publicKey), '--address', '203.0.113.7', '--address', '198.51.100.0/24')).stdout;
  writeFileSync(path.join(folder, 'filled.sql'), filled);
  const python = path.join(root, '.venvs/local-snowflake/bin/python');
  const { stdout } = await run(
    python,
    [path.join(root, 'test/grants/needed_grants.py'), path.join(folder, 'filled.sql')],
    {
      env: { ...process.env, PYTHONPATH: path.join(root, 'local/snowflake'), PYTHONDONTWRITEBYTECODE: '1' },
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  unmet = new Map(Object.entries(JSON.parse(stdout) as Record<string, Unmet[]>));
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('set-up.sql, run twice, gives each user what it needs', () => {
  expect(
    unmet
      .get('')
      ?.map(({ user, sql, needs, error }) => `${user}: ${sql} needs ${needs || 'what was refused'}: ${error}`),
  ).toEqual([]);
});

it('set-up.sql grants nothing that nobody needs: without any one GRANT somebody is refused what it is for', () => {
  const taken = [...unmet.keys()].filter((grant) => grant !== '');
  expect(taken.length).toBeGreaterThan(20);
  const unnoticed = taken.filter((grant) => !unmet.get(grant)?.some(({ needs }) => needs === grant));
  expect(unnoticed).toEqual([]);
});

it('fills in keys and addresses, and leaves no placeholder', () => {
  expect(filled).toContain("ALLOWED_IP_LIST = ('203.0.113.7', '198.51.100.0/24')");
  expect(filled.replaceAll(/--.*$/gm, '')).not.toMatch(/[<>]/);
});

it.each([
  ['missing keys', () => ['--address', '203.0.113.7'], /--loader FILE, .*--dashboard FILE are missing/],
  ['a missing address', () => keys(publicKey), /--address IP is missing/],
  ['a private key', () => [...keys(path.join(folder, 'key.p8')), '--address', '1.2.3.4'], /is a private key/],
  ['a placeholder', () => [...keys(publicKey), '--address', '<address of your host>'], /is not an IPv4 address/],
])('refuses %s', async (_, args, message) => {
  await expect(setUpSql(...args())).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(message),
  });
});
