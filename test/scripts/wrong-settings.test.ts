import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../ci/run-tool.js';

const folder = mkdtempSync(path.join(tmpdir(), 'wrong-settings-'));
const file = path.join(folder, 'a-file');
writeFileSync(file, '');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script and resolves to its exit code and what it wrote to stderr. */
async function runScript(script: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [`scripts/${script}.mjs`, ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LOCAL_DIR: path.join(folder, 'local'), NO_OPEN: '1', ...env },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

describe('a script whose settings cannot be used', () => {
  it.each<[script: string, args: string[], env: Record<string, string>, named: string[]]>([
    ['start', [], { LOCAL_SNOWFLAKE_PORT: 'abc', LOCAL_ECB_PORT: '-1' }, ['LOCAL_SNOWFLAKE_PORT', 'LOCAL_ECB_PORT']],
    ['start', [], { LOCAL_SEVDESK_PORT: '70000', PYTHON: '/no/python' }, ['LOCAL_SEVDESK_PORT', 'PYTHON']],
    ['start', [], { LOCAL_DIR: file, PYTHON: process.execPath }, ['PYTHON', 'LOCAL_DIR']],
    ['start', [], { LOCAL_DIR: path.join(file, 'below') }, ['LOCAL_DIR']],
    [
      'close-month',
      ['2026-10'],
      { LOCAL_SNOWFLAKE_PORT: '0', LOCAL_SNOWFLAKE_MEMORY: 'lots' },
      ['LOCAL_SNOWFLAKE_MEMORY'],
    ],
    ['doctor', ['--environment', 'local'], { LOCAL_ECB_PORT: '1.5' }, ['LOCAL_ECB_PORT']],
    [
      'dashboard',
      ['--local'],
      { LOCAL_SNOWFLAKE_PORT: '70000', DASHBOARD_PORT: 'abc', DASHBOARD_LISTEN: 'here', DASHBOARD_SIGN_IN: 'maybe' },
      ['LOCAL_SNOWFLAKE_PORT', 'DASHBOARD_PORT', 'DASHBOARD_LISTEN', 'DASHBOARD_SIGN_IN'],
    ],
    ['close-month', ['2026-10'], { DBT_TARGET: 'production' }, ['DBT_TARGET']],
    ['close-month', ['2026-10'], { DBT_TARGET: 'local', LOCAL_SNOWFLAKE_PORT: ' x' }, ['LOCAL_SNOWFLAKE_PORT']],
    ['certify', ['--only', 'lokcs', '--recordings', file], {}, ['--only', '--recordings']],
    ['bench', ['platform'], { BENCH_SIZES: '10,0', BENCH_HOURS: 'x' }, ['BENCH_SIZES', 'BENCH_HOURS']],
    ['pack', ['--into', file], {}, ['--into']],
    ['local-sevdesk', ['--seed', 'y'], { LOCAL_SEVDESK_PORT: 'x' }, ['LOCAL_SEVDESK_PORT', '--seed']],
    ['local-sevdesk', [], { LOCAL_SEVDESK_TODAY: 'tomorrow' }, ['LOCAL_SEVDESK_TODAY']],
    ['local-sevdesk', ['--port', '0', '--data', path.join(file, 'data')], {}, ['--data']],
    ['local-ecb', [], { LOCAL_ECB_PORT: 'x', LOCAL_ECB_UNTIL: '2026-02-30' }, ['LOCAL_ECB_PORT', 'LOCAL_ECB_UNTIL']],
    [
      'local-snowflake',
      ['--threads', '0'],
      { LOCAL_SNOWFLAKE_PORT: '70000', LOCAL_SNOWFLAKE_MEMORY: 'lots' },
      ['LOCAL_SNOWFLAKE_PORT', 'LOCAL_SNOWFLAKE_MEMORY', '--threads'],
    ],
  ])('%s %j %j names all of them, a line each, and exits with 2', async (script, args, env, named) => {
    const { code, stderr } = await runScript(script, args, env);
    const lines = stderr.trim().split('\n');
    expect(lines).toEqual(named.map((name) => expect.stringContaining(name) as unknown));
    expect(code).toBe(2);
  });
});
