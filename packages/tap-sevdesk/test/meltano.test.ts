import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type LocalSevdesk, startLocalSevdesk } from '../../../test/support/local-sevdesk.js';
import { connect, type LocalSnowflake, startLocalSnowflake } from '../../../test/support/local-snowflake.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const INVOICES = 1000;

/** A Meltano project of its own with the definitions that the packages ship. */
class Project {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'tap-sevdesk-meltano-'));

  constructor(private readonly env: Record<string, string>) {
    writeFileSync(
      path.join(this.folder, 'meltano.yml'),
      'default_environment: dev\nproject_id: tap-sevdesk-test\nsend_anonymous_usage_stats: false\nenvironments:\n  - name: dev\n',
    );
    symlinkSync(path.join(root, 'node_modules'), path.join(this.folder, 'node_modules'));
  }

  start(...args: string[]): ChildProcess {
    return spawn(path.join(root, '.venvs/meltano/bin/meltano'), args, {
      cwd: this.folder,
      env: {
        ...process.env,
        ...this.env,
        MELTANO_SEND_ANONYMOUS_USAGE_STATS: 'false',
        SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs Meltano to its end; answers all that it printed. */
  async run(...args: string[]): Promise<string> {
    const child = this.start(...args);
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    const [code] = (await once(child, 'close')) as [number];
    if (code !== 0) throw new Error(`meltano ${args.join(' ')} ended with ${code}:\n${printed.slice(-3000)}`);
    return printed;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe('tap-sevdesk in a Meltano project', () => {
  let sevdesk: LocalSevdesk;
  let snowflake: LocalSnowflake;
  let project: Project;
  const asked = async (): Promise<URLSearchParams[]> => {
    const { log } = (await sevdesk.admin('GET', '/stats')) as { log: { path: string; query: string }[] };
    return log
      .filter(({ path: endpoint }) => endpoint.endsWith('/Invoice'))
      .map(({ query }) => new URLSearchParams(query));
  };
  const loaded = async (): Promise<Record<string, unknown>> => {
    const session = await connect(snowflake, { database: 'SEVDESK' });
    try {
      const [row] = await session.query(
        "SELECT COUNT(*) AS N, COUNT(DISTINCT ID) AS IDS, COUNT_IF(HEADER = 'changed') AS CHANGED FROM SEVDESK.RAW.INVOICES",
      );
      return row ?? {};
    } finally {
      await session.close();
    }
  };

  beforeAll(async () => {
    const sync = [path.join(root, 'scripts/python.mjs'), 'sync', 'meltano', 'local-snowflake'];
    await promisify(execFile)(process.execPath, sync, { cwd: root });
    [sevdesk, snowflake] = await Promise.all([
      startLocalSevdesk({ invoices: INVOICES, seed: 6 }),
      startLocalSnowflake(),
    ]);
    const session = await connect(snowflake, {});
    await session.query('CREATE DATABASE IF NOT EXISTS SEVDESK');
    await session.close();
    project = new Project({
      TAP_SEVDESK_API_KEY: sevdesk.token,
      TAP_SEVDESK_API_URL: sevdesk.url,
      TAP_SEVDESK_PAGE_SIZE: '20',
      TAP_SEVDESK_CONCURRENCY: '2',
      TAP_SEVDESK__SELECT: '["invoices.*"]',
      ...Object.fromEntries(
        Object.entries({
          account: 'local',
          user: 'local',
          password: 'local',
          warehouse: 'LOCAL_WH',
          database: 'SEVDESK',
          default_target_schema: 'RAW',
          host: snowflake.host,
          port: snowflake.port,
          protocol: 'http',
          batch_size_rows: 100,
        }).map(([name, value]) => [`TARGET_SNOWFLAKE_TS_${name.toUpperCase()}`, String(value)]),
      ),
    });
    await project.run(
      'add',
      '--no-install',
      '--plugin-type',
      'extractor',
      '--from-ref',
      path.join(root, 'packages/tap-sevdesk/meltano/tap-sevdesk.yml'),
      'tap-sevdesk',
    );
    await project.run(
      'add',
      '--no-install',
      '--plugin-type',
      'loader',
      '--from-ref',
      path.join(root, 'packages/target-snowflake-ts/meltano/target-snowflake-ts.yml'),
      'target-snowflake-ts',
    );
  }, 400_000);
  afterAll(async () => {
    project.remove();
    await Promise.all([sevdesk.stop(), snowflake.stop()]);
  });

  it('goes on after it was stopped in its first sync, then moves only changes', async () => {
    await sevdesk.admin('PUT', '/latency', { latencyMs: 250 });
    const first = project.start('run', 'tap-sevdesk', 'target-snowflake-ts');
    let printed = '';
    for (const stream of [first.stdout, first.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    // Stopped in the middle, once Meltano has kept a state of what is loaded by then.
    while ((await asked()).length < 60 || !printed.includes('Incremental state has been updated'))
      await new Promise((resolve) => setTimeout(resolve, 100));
    first.kill('SIGTERM');
    if (first.exitCode === null) await once(first, 'exit');
    await sevdesk.admin('PUT', '/latency', { latencyMs: 0 });

    const state = await project.run('state', 'get', 'dev:tap-sevdesk-to-target-snowflake-ts');
    const reached = Date.parse(/"finished": ?\[\s*\[\s*null,\s*"([^"]+)"/.exec(state)?.[1] ?? '') / 1000;
    expect(reached).toBeGreaterThan(Date.UTC(2010, 0, 1) / 1000);
    const before = await loaded();
    expect(Number(before['N'])).toBeGreaterThan(0);
    expect(Number(before['N'])).toBeLessThan(INVOICES);

    await sevdesk.admin('DELETE', '/stats');
    await project.run('run', 'tap-sevdesk', 'target-snowflake-ts');
    expect(await loaded()).toMatchObject({ N: INVOICES, IDS: INVOICES });
    // What was finished is not asked for again.
    const slices = (await asked()).filter((query) => query.has('createAfter'));
    expect(slices.filter((query) => Number(query.get('createAfter')) < reached - 1)).toEqual([]);

    const { objects } = (await sevdesk.admin('GET', '/dump/Invoice')) as { objects: { id: string }[] };
    await sevdesk.admin('POST', '/edit', {
      edits: objects
        .slice(0, 3)
        .map(({ id }) => ({ op: 'update', model: 'Invoice', id, fields: { header: 'changed' } })),
    });
    await sevdesk.admin('PUT', '/clock', { advanceSeconds: 600 });
    await sevdesk.admin('DELETE', '/stats');
    const third = await project.run('run', 'tap-sevdesk', 'target-snowflake-ts');
    expect(third).toMatch(/record_count[^\n]*\b3\b/);
    expect(await loaded()).toMatchObject({ N: INVOICES, IDS: INVOICES, CHANGED: 3 });
    expect((await asked()).length).toBeLessThanOrEqual(2);
  });
});
