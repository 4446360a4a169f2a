import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../ci/run-tool.js';
import { query } from '../support/local-snowflake.js';

// The embedded servers as a person starts them: by npm, in the foreground, ended by a signal to npm.
describe('npm run local:…', () => {
  const data = mkdtempSync(path.join(tmpdir(), 'local-servers-'));
  afterAll(() => rmSync(data, { recursive: true, force: true }));

  async function serve(script: string, args: string[], use: (url: string) => Promise<void>): Promise<void> {
    const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
      cwd: root,
      env: { ...process.env, LOCAL_DIR: data },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    let url = '';
    try {
      for await (const line of createInterface({ input: child.stdout })) {
        url = /ready on (http:\/\/127\.0\.0\.1:\d+\S*)$/.exec(line)?.[1] ?? '';
        if (url !== '') break;
      }
      expect(url).not.toBe('');
      child.stdout.resume();
      await use(url);
    } finally {
      child.kill('SIGTERM');
    }
    await ended;
    // Nobody is left behind.
    await expect(fetch(url, { signal: AbortSignal.timeout(5000) })).rejects.toThrow();
  }

  it('snowflake: takes the database of the platform, lets the loader of the environment `local` in, and goes at a signal', async () => {
    await serve('local:snowflake', ['--port', '0', '--data', path.join(data, 'snowflake')], async (url) => {
      const { hostname: host, port } = new URL(url);
      const rows = await query({ host, port: Number(port), url }, 'SELECT CURRENT_DATABASE() AS D', undefined, {
        database: 'SEVDESK',
      });
      expect(rows).toEqual([{ D: 'SEVDESK' }]);
      const loader = {
        username: 'SEVDESK_LOADER',
        authenticator: 'SNOWFLAKE_JWT',
        privateKeyPath: path.join(data, 'keys/loader.p8'),
        role: 'SEVDESK_LOADER',
      };
      expect(await query({ host, port: Number(port), url }, 'SELECT CURRENT_ROLE() AS R', undefined, loader)).toEqual([
        { R: 'SEVDESK_LOADER' },
      ]);
    });
  });

  it('sevdesk: answers with the number of invoices asked for and goes at a signal', async () => {
    await serve('local:sevdesk', ['--port', '0', '--invoices', '50', '--seed', '3'], async (url) => {
      const headers = { Authorization: '0123456789abcdef0123456789abcdef' };
      const answer = await fetch(`${url}/Invoice?limit=2&countAll=true&showAll=true`, { headers });
      expect(await answer.json()).toMatchObject({
        total: '50',
        objects: [{ objectName: 'Invoice' }, { objectName: 'Invoice' }],
      });
    });
  });

  it('ecb: serves the reference rates and goes at a signal', async () => {
    await serve('local:ecb', ['--port', '0'], async (url) => {
      const answer = await fetch(`${url}/stats/eurofxref/eurofxref-daily.xml`);
      expect(await answer.text()).toMatch(/currency=['"]USD['"]/);
    });
  });
});
