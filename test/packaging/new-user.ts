import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../ci/run-tool.js';
import { blockWith } from '../support/fenced-blocks.js';
import { startLocalSevdesk, type LocalSevdesk } from '../support/local-sevdesk.js';
import { query, startLocalSnowflake, type LocalSnowflake } from '../support/local-snowflake.js';
import { emptyFolder, packAll } from './packed-packages.js';

const execute = promisify(execFile);
const meltano = path.join(root, '.venvs/meltano/bin/meltano');

// Someone who has Meltano and finds the packages: an empty folder, the commands of the documents, nothing of this repository.
describe('a new user', () => {
  const home = emptyFolder('new-user-');
  const project = path.join(home.path, 'project');
  let sevdesk: LocalSevdesk;
  let snowflake: LocalSnowflake;

  const run = async (command: string, args: string[], cwd = project): Promise<string> => {
    const { MELTANO_PROJECT_ROOT: _root, MELTANO_ENVIRONMENT: _environment, ...env } = process.env;
    const { stdout, stderr } = await execute(command, args, {
      cwd,
      env: { ...env, PATH: `${path.dirname(meltano)}:${env.PATH ?? ''}`, ...settings() },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout + stderr;
  };
  const bash = (script: string): Promise<string> => run('bash', ['-e', '-o', 'pipefail', '-c', script]);
  /** Settings by environment variables, as Meltano documents them for any plugin. */
  const settings = (): Record<string, string> => ({
    TAP_SEVDESK_API_KEY: sevdesk.token,
    TAP_SEVDESK_API_URL: sevdesk.url,
    TARGET_SNOWFLAKE_TS_ACCOUNT: 'local',
    TARGET_SNOWFLAKE_TS_USER: 'local',
    TARGET_SNOWFLAKE_TS_PASSWORD: 'local',
    TARGET_SNOWFLAKE_TS_DATABASE: 'SEVDESK',
    TARGET_SNOWFLAKE_TS_DEFAULT_TARGET_SCHEMA: 'NEW_USER',
    TARGET_SNOWFLAKE_TS_HOST: '127.0.0.1',
    TARGET_SNOWFLAKE_TS_PORT: String(snowflake.port),
    TARGET_SNOWFLAKE_TS_PROTOCOL: 'http',
  });

  beforeAll(async () => {
    [, sevdesk, snowflake] = await Promise.all([
      packAll(path.join(home.path, 'sevdesk-data-platform/packs')),
      startLocalSevdesk({ invoices: 120 }),
      startLocalSnowflake(),
    ]);
  }, 180_000);
  afterAll(async () => {
    await sevdesk.stop();
    await snowflake.stop();
    home.remove();
  });

  it('has invoices in Snowflake after five commands', async () => {
    await run(meltano, ['init', 'project', '--no-usage-stats'], home.path);
    // Migration's commands need the plugins' names only, so a new project and an old one type the same.
    await bash(blockWith(path.join(root, 'docs/migration.md'), 'meltano add'));
    expect(await run(meltano, ['run', 'tap-sevdesk', 'target-snowflake-ts'])).toContain('Run completed');
    expect(await query(snowflake, 'SELECT COUNT(*) AS N FROM SEVDESK.NEW_USER.INVOICES')).toEqual([{ N: 120 }]);

    // The second run knows where the first one ended.
    expect(await run(meltano, ['run', 'tap-sevdesk', 'target-snowflake-ts'])).toContain('Run completed');
    const moved = (await sevdesk.stats()).byPath['/Invoice'];
    expect(moved?.records).toBeLessThan(2 * 120);
  }, 400_000);

  it('pipes file by file without Meltano, as README.md and the tap say', async () => {
    const { TAP_SEVDESK_API_KEY: key = '', TAP_SEVDESK_API_URL: url = '', ...more } = settings();
    const quickStart = blockWith(path.join(root, 'packages/tap-sevdesk/README.md'), '--test=connection')
      .replace('"…"', `"${key}", "api_url": "${url}"`)
      .replace('your-target', 'cat');
    writeFileSync(path.join(project, 'state.json'), '{}');
    expect(await bash(quickStart)).toContain('"type":"RECORD"');

    const target = Object.entries(more).map(([name, value]) => [
      name.replace('TARGET_SNOWFLAKE_TS_', '').toLowerCase(),
      value,
    ]);
    const config = { ...Object.fromEntries(target), port: snowflake.port, default_target_schema: 'BY_HAND' };
    writeFileSync(path.join(project, 'tap.json'), JSON.stringify({ api_key: key, api_url: url }));
    writeFileSync(path.join(project, 'target.json'), JSON.stringify(config));
    await bash(blockWith(path.join(root, 'README.md'), 'target-snowflake-ts --config target.json'));
    expect(await query(snowflake, 'SELECT COUNT(*) AS N FROM SEVDESK.BY_HAND.INVOICES')).toEqual([{ N: 120 }]);
  }, 400_000);
});
