import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../ci/run-tool.js';
import { startLocalSevdesk, type LocalSevdesk } from '../support/local-sevdesk.js';
import { query, startLocalSnowflake, type LocalSnowflake } from '../support/local-snowflake.js';

interface Outcome {
  code: number | null;
  stdout: string;
  /** Lines of the log at level error. */
  errors: string[];
  stderr: string;
}

const PASSWORD = 'not-the-password-7319';
const API_KEY = 'fedcba9876543210fedcba9876543210';

// Both commands as a person uses them in a shell.
describe('tap-sevdesk and target-snowflake-ts by hand', () => {
  const work = mkdtempSync(path.join(tmpdir(), 'by-hand-'));
  let sevdesk: LocalSevdesk;
  let snowflake: LocalSnowflake;
  let tapConfig: Record<string, unknown>;
  let targetConfig: Record<string, unknown>;

  beforeAll(async () => {
    [sevdesk, snowflake] = await Promise.all([startLocalSevdesk({ invoices: 300 }), startLocalSnowflake()]);
    tapConfig = { api_key: sevdesk.token, api_url: sevdesk.url };
    targetConfig = {
      account: 'local',
      user: 'local',
      password: 'local',
      database: 'SEVDESK',
      default_target_schema: 'BY_HAND',
      warehouse: 'LOCAL',
      host: '127.0.0.1',
      port: snowflake.port,
      protocol: 'http',
    };
  });
  afterAll(async () => {
    await sevdesk.stop();
    await snowflake.stop();
    rmSync(work, { recursive: true, force: true });
  });

  function run(command: string, args: string[], input?: string): Outcome {
    const { status, stdout, stderr } = spawnSync(path.join(root, 'node_modules/.bin', command), args, {
      encoding: 'utf8',
      input: input ?? '',
      cwd: work,
      maxBuffer: 256 * 1024 * 1024,
      timeout: 120_000,
    });
    return { code: status, stdout, stderr, errors: stderr.split('\n').filter((line) => line.includes(' ERROR ')) };
  }
  function config(name: string, value: unknown): string {
    const file = path.join(work, name);
    writeFileSync(file, JSON.stringify(value));
    return file;
  }
  const tap = (settings: Record<string, unknown>, ...args: string[]): Outcome =>
    run('tap-sevdesk', ['--config', config('tap.json', settings), ...args]);
  const target = (settings: Record<string, unknown>, input: string): Outcome =>
    run('target-snowflake-ts', ['--config', config('target.json', settings)], input);

  /** One clear line, the right code, no stack, no secret, nothing on stdout that a reader would take for messages. */
  function expectClearFailure(outcome: Outcome, code: number, says: RegExp): void {
    expect({ code: outcome.code, errors: outcome.errors.length, stderr: outcome.stderr }).toEqual({
      code,
      errors: 1,
      stderr: outcome.stderr,
    });
    expect(outcome.errors[0]).toMatch(says);
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
    for (const secret of [PASSWORD, API_KEY]) expect(outcome.stderr + outcome.stdout).not.toContain(secret);
  }

  it('move everything through a file', async () => {
    const extracted = tap(tapConfig);
    expect(extracted.code).toBe(0);
    const loaded = target(targetConfig, extracted.stdout);
    expect(loaded.code).toBe(0);
    const states = loaded.stdout.trim().split('\n');
    const messages = extracted.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; value?: unknown });
    // A target hands on the state itself, which is what --state takes.
    expect(JSON.parse(states.at(-1) ?? '')).toEqual(messages.filter(({ type }) => type === 'STATE').at(-1)?.value);
    const [count] = await query(
      snowflake,
      'SELECT COUNT(*) AS N, COUNT(DISTINCT ID) AS IDS FROM SEVDESK.BY_HAND.INVOICES',
    );
    expect(count).toEqual({ N: 300, IDS: 300 });

    writeFileSync(path.join(work, 'state.json'), states.at(-1) ?? '');
    const again = tap(tapConfig, '--state', path.join(work, 'state.json'));
    expect(again.code).toBe(0);
    expect(again.stdout.split('\n').filter((line) => line.includes('"type":"RECORD","stream":"invoices"'))).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, number, RegExp]>([
    ['no key', { api_key: undefined }, 2, /api_key.*TAP_SEVDESK_API_KEY/],
    ['a key of the wrong form', { api_key: 'too-short' }, 2, /api_key.*TAP_SEVDESK_API_KEY/],
    ['a wrong key', { api_key: API_KEY }, 3, /api_key|token|sign-in|refused/i],
    ['an unknown setting', { pagesize: 10 }, 2, /unknown setting "pagesize".*page_size/],
    ['a setting out of range', { page_size: 5000 }, 2, /page_size.*TAP_SEVDESK_PAGE_SIZE/],
    ['an unreachable host', { api_url: 'http://127.0.0.1:9/api/v1', max_retries: 0 }, 1, /127\.0\.0\.1/],
  ])('tap: %s', (_what, change, code, says) => {
    const outcome = tap({ ...tapConfig, ...change });
    expectClearFailure(outcome, code, says);
    expect(outcome.stdout).not.toContain('"RECORD"');
  });

  const schema =
    '{"type":"SCHEMA","stream":"bad","schema":{"properties":{"id":{"type":"integer"},"n":{"type":["integer","null"]}}},"key_properties":["id"]}';
  it.each<[string, string, Record<string, unknown>, number, RegExp]>([
    ['no account', schema, { account: undefined }, 2, /account.*TARGET_SNOWFLAKE_TS_ACCOUNT/],
    ['an unknown setting', schema, { pasword: 'x' }, 2, /unknown setting "pasword".*password/],
    [
      'a wrong password',
      `${schema}\n{"type":"RECORD","stream":"bad","record":{"id":1}}`,
      { password: PASSWORD },
      3,
      /user|password|sign-in|refused/i,
    ],
    [
      'an unreachable host',
      `${schema}\n{"type":"RECORD","stream":"bad","record":{"id":1}}`,
      { port: 9 },
      1,
      /127\.0\.0\.1/,
    ],
    [
      'a cut-off line',
      `${schema}\n{"type":"RECORD","stream":"bad","record":{"id":1}}\n{"type":"RECORD","stream":"bad","rec`,
      {},
      1,
      /line 3/,
    ],
    ['a record before its schema', '{"type":"RECORD","stream":"bad","record":{"id":1}}', {}, 1, /line 1.*SCHEMA/],
    [
      'a record that does not fit',
      `${schema}\n{"type":"RECORD","stream":"bad","record":{"id":1,"n":"${PASSWORD}"}}`,
      {},
      1,
      /line 2.*"bad".*n must be/,
    ],
    ['what is no JSON', 'Traceback (most recent call last):', {}, 1, /line 1/],
  ])('target: %s', async (_what, input, change, code, says) => {
    expectClearFailure(target({ ...targetConfig, ...change }, input), code, says);
    const tables = await query(
      snowflake,
      "SELECT COUNT(*) AS N FROM SEVDESK.INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'BAD'",
    );
    expect(tables).toEqual([{ N: 0 }]);
  });

  it.each(['tap-sevdesk', 'target-snowflake-ts'])('%s: files that are not there or hold something else', (command) => {
    expectClearFailure(run(command, ['--config', 'nowhere.json']), 2, /nowhere\.json/);
    writeFileSync(path.join(work, 'broken.json'), `{"api_key": "${API_KEY}", "password": "${PASSWORD}"`);
    expectClearFailure(run(command, ['--config', path.join(work, 'broken.json')]), 2, /broken\.json.*JSON/);
    expectClearFailure(run(command, ['--confg', 'x.json']), 2, /confg/);
  });

  it.each(['tap-sevdesk', 'target-snowflake-ts'])('%s: tells what it is', (command) => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'packages', command, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(run(command, ['--version']).stdout).toBe(`${command} ${version}\n`);
    expect(run(command, ['--help']).stdout).toContain('--config');
    const about = JSON.parse(run(command, ['--about', '--format', 'json']).stdout) as {
      name: string;
      settings: { properties: object };
    };
    expect(about.name).toBe(command);
    expect(Object.keys(about.settings.properties).length).toBeGreaterThan(5);
  });
});
