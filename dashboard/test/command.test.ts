import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LocalSnowflake } from '../../test/support/local-snowflake.js';
import { query, startLocalSnowflake } from '../../test/support/local-snowflake.js';
import { accountSettings, runDashboard, startDashboard } from './support/command.js';

let snowflake: LocalSnowflake;

beforeAll(async () => {
  snowflake = await startLocalSnowflake();
});

afterAll(async () => {
  await snowflake.stop();
});

const settings = (changes: Record<string, string> = {}): Record<string, string> => ({
  ...accountSettings(snowflake, 'SEVDESK'),
  ...changes,
});

describe('npm run dashboard', () => {
  it.each([
    [
      'an account without a user',
      { SNOWFLAKE_USER: '' },
      /SNOWFLAKE_USER\) is missing, which sign-in by password needs/,
    ],
    [
      'neither key nor password',
      { SNOWFLAKE_PASSWORD: '' },
      /nothing to sign in with: set private_key_path \(SNOWFLAKE_PRIVATE_KEY_PATH\).* password \(SNOWFLAKE_PASSWORD\)/,
    ],
    [
      'a key that is not there',
      { SNOWFLAKE_PRIVATE_KEY_PATH: 'no/such/key.p8' },
      /the file no\/such\/key\.p8 .*SNOWFLAKE_PRIVATE_KEY_PATH\) cannot be read/,
    ],
    [
      'a port that is none',
      { DASHBOARD_PORT: '99999' },
      /DASHBOARD_PORT is "99999"\. It must be a whole number from 0 to 65535/,
    ],
    ['an age that is none', { DASHBOARD_MAX_AGE_MINUTES: 'two' }, /DASHBOARD_MAX_AGE_MINUTES is "two"/],
  ])('ends with 2 and one clear line for %s', async (_name, changes, complaint) => {
    const { code, stdout, stderr } = await runDashboard(settings(changes));
    expect(stderr).toMatch(complaint);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('ends with 2 when its port is in use, and names the setting', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await runDashboard(settings({ DASHBOARD_PORT: String(port) }));
    taken.close();
    expect(stderr).toMatch(new RegExp(`Port ${port} is in use\\. Set DASHBOARD_PORT`));
    expect(code).toBe(2);
  });

  it('ends with 3 when the sign-in is refused, and keeps the password to itself', async () => {
    const { code, stderr } = await runDashboard(settings({ SNOWFLAKE_PASSWORD: 'not-the-Passw0rd' }));
    expect(stderr).toMatch(/refused sign-in by password/);
    expect(stderr).not.toContain('not-the-Passw0rd');
    expect(code).toBe(3);
  });

  it('signs in with a key pair, encrypted with a passphrase, and no password', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'for the test' },
    });
    const folder = await mkdtemp(path.join(tmpdir(), 'dashboard-key-'));
    await writeFile(path.join(folder, 'key.p8'), privateKey, { mode: 0o600 });
    await query(snowflake, `alter user local set rsa_public_key='${publicKey.replace(/-----.*?-----|\n/g, '')}'`);
    const key = {
      SNOWFLAKE_PASSWORD: '',
      SNOWFLAKE_PRIVATE_KEY_PATH: path.join(folder, 'key.p8'),
      SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'for the test',
    };
    // A user of the dashboard's own comes before the one that loads.
    const own = {
      ...key,
      SNOWFLAKE_USER: 'loader',
      DASHBOARD_SNOWFLAKE_USER: 'local',
      SNOWFLAKE_PRIVATE_KEY_PATH: 'the/loaders.p8',
      DASHBOARD_SNOWFLAKE_PRIVATE_KEY_PATH: key.SNOWFLAKE_PRIVATE_KEY_PATH,
    };
    try {
      expect(await (await startDashboard(settings(own))).stop()).toBe(0);
      const dashboard = await startDashboard(settings(key));
      expect(await dashboard.stop()).toBe(0);
      const { code, stderr } = await runDashboard(
        settings({ ...key, SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'another one' }),
      );
      expect(stderr).toMatch(/SNOWFLAKE_PRIVATE_KEY_PASSPHRASE\) does not open the private key/);
      expect(stderr).not.toContain('another one');
      expect(code).toBe(2);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('ends with 1 when nobody answers', async () => {
    const { code, stderr } = await runDashboard(settings({ SNOWFLAKE_PORT: '1' }));
    // The driver and the dashboard's own look at the port both notice; whichever is first, this is what is told.
    expect(stderr).toContain('Nothing answers at http://127.0.0.1:1. Check SNOWFLAKE_HOST and SNOWFLAKE_PORT.');
    expect(code).toBe(1);
  });

  it('ends with 2 for an option that there is not', async () => {
    const { code, stderr } = await runDashboard(settings(), ['--remote']);
    expect(stderr).toMatch(/no option --remote/);
    expect(code).toBe(2);
  });

  it('serves on loopback, answers no other host name, and ends with 0 on SIGTERM', async () => {
    const dashboard = await startDashboard(settings());
    const health = await fetch(`${dashboard.url}/`);
    expect(health.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(await statusFor(dashboard.url, 'evil.example')).toBe(421);
    expect(await statusFor(dashboard.url, 'localhost')).not.toBe(421);
    expect(await dashboard.stop()).toBe(0);
  });

  it('signs in anew when its session is gone, and shows the help page while nobody answers', async () => {
    const dashboard = await startDashboard(settings({ DASHBOARD_ALLOWED_HOSTS: 'figures.example' }));
    try {
      expect(await statusFor(dashboard.url, 'figures.example')).toBe(503);
      const before = snowflake;
      await before.stop();
      const down = await fetch(`${dashboard.url}/?lang=en`);
      expect([down.status, await down.text()]).toEqual([503, expect.stringContaining('Snowflake does not answer')]);
      snowflake = await startLocalSnowflake({ port: before.port });
      const again = await fetch(`${dashboard.url}/?lang=en`);
      expect(await again.text()).toContain('The dashboard’s tables are missing');
    } finally {
      await dashboard.stop();
    }
  });
});

/** The status of a request that names another host than it is sent to, as a page of that host would send it. */
async function statusFor(url: string, host: string): Promise<number> {
  const sent = request(url, { headers: { Host: host } }).end();
  const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume: () => void }];
  response.resume();
  return response.statusCode;
}
