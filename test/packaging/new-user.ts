import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../ci/run-tool.js';
import { startLocalSevdesk, type LocalSevdesk } from '../support/local-sevdesk.js';
import { query, startLocalSnowflake, type LocalSnowflake } from '../support/local-snowflake.js';
import { emptyFolder, packAll, type PackedPackage } from './packed-packages.js';

const execute = promisify(execFile);
const meltano = path.join(root, '.venvs/meltano/bin/meltano');

// Someone who has Meltano and finds the packages: an empty folder, the commands of the documents, nothing of this repository.
describe('a new user', () => {
  const home = emptyFolder('new-user-');
  const project = path.join(home.path, 'project');
  let packages: PackedPackage[];
  let sevdesk: LocalSevdesk;
  let snowflake: LocalSnowflake;

  const run = async (command: string, args: string[], cwd = project): Promise<string> => {
    const { MELTANO_PROJECT_ROOT: _root, MELTANO_ENVIRONMENT: _environment, ...env } = process.env;
    const { stdout, stderr } = await execute(command, args, {
      cwd,
      env: { ...env, ...settings() },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout + stderr;
  };
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
    [packages, sevdesk, snowflake] = await Promise.all([
      packAll(home.path),
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
    await run('npm', ['init', '--yes']);
    await run('npm', [
      'install',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      ...packages.map(({ tarball }) => tarball),
    ]);
    for (const [type, name] of [
      ['extractor', 'tap-sevdesk'],
      ['loader', 'target-snowflake-ts'],
    ] as const) {
      const definition = `node_modules/${name}/meltano/${name}.yml`;
      expect(existsSync(path.join(project, definition))).toBe(true);
      await run(meltano, ['add', '--from-ref', definition, '--plugin-type', type, name]);
    }
    expect(await run(meltano, ['run', 'tap-sevdesk', 'target-snowflake-ts'])).toContain('Run completed');
    expect(await query(snowflake, 'SELECT COUNT(*) AS N FROM SEVDESK.NEW_USER.INVOICES')).toEqual([{ N: 120 }]);

    // The second run knows where the first one ended.
    expect(await run(meltano, ['run', 'tap-sevdesk', 'target-snowflake-ts'])).toContain('Run completed');
    const moved = (await sevdesk.stats()).byPath['/Invoice'];
    expect(moved?.records).toBeLessThan(2 * 120);
  }, 400_000);
});
