import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  lstatSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startLocalSevdesk } from '../support/local-sevdesk.js';
import { startLocalSnowflake } from '../support/local-snowflake.js';
import { root, runCommand } from './run-tool.js';

const isRoot = process.getuid?.() === 0;
/** The service user: nobody knows it, and everything that it needs it must have been given. */
const serviceUid = isRoot ? 10_877 : (process.getuid?.() ?? 0);
/** A Python that every user may run. */
const systemPython = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The files below a folder that others than their owner may read or change. */
function openFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const found = lstatSync(path.join(folder, name), { throwIfNoEntry: false });
    return found?.isFile() === true && (found.mode & 0o077) !== 0;
  });
}

// The whole way of a release, on a local folder in place of a host: what a host adds is systemd itself and SSH.
describe('deploying', () => {
  const work = mkdtempSync(path.join(tmpdir(), 'deploy-'));
  const base = path.join(work, 'host');
  const archive = path.join(work, 'release.tar.gz');
  const env = (health: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    SEVDESK_PLATFORM_DIR: base,
    RESTART_COMMAND: `echo restarted >> ${work}/restarts`,
    HEALTH_COMMAND: health,
    ...more,
  });
  const install = (health: string, from = archive, more = {}): Promise<string> =>
    runCommand('bash', ['deploy/install.sh', from], env(health, more));
  const current = (): string => readlinkSync(path.join(base, 'current'));

  /** The same release under another revision's name, as a later commit would make it. */
  async function repack(revision: string, file?: string, text = ''): Promise<string> {
    const copy = path.join(work, `${revision}.tar.gz`);
    const folder = path.join(work, 'repack');
    await runCommand('bash', [
      '-c',
      `rm -rf ${folder} && mkdir ${folder} && tar -xzf ${archive} -C ${folder} && mv ${folder}/* ${folder}/${revision}`,
    ]);
    if (file) writeFileSync(path.join(folder, revision, file), text);
    await runCommand('tar', ['-czf', copy, '-C', folder, revision]);
    return copy;
  }

  afterAll(() => rmSync(work, { recursive: true, force: true }));

  it('installs a release, keeps it when it is healthy, goes back when the next one is not, and rolls back on demand', async () => {
    const revision = (await runCommand('git', ['rev-parse', 'HEAD'])).trim();
    await runCommand('bash', ['deploy/package.sh', archive]);

    expect(await install('node_modules/.bin/tap-sevdesk --version && .venvs/meltano/bin/meltano --version')).toContain(
      `deployed ${revision}`,
    );
    expect(current()).toBe(`releases/${revision}`);
    expect(readFileSync(path.join(base, 'current/REVISION'), 'utf8').trim()).toBe(revision);
    expect(existsSync(path.join(base, 'current/dbt/target/manifest.json'))).toBe(true);

    // The first release showed that installing works; these are about switching.
    const installed = { INSTALL_COMMAND: 'true' };
    const second = await repack('a'.repeat(40));
    const third = await repack('b'.repeat(40));
    await expect(install(`test "$(basename "$(pwd -P)")" = ${revision}`, second, installed)).rejects.toThrow(
      /is not healthy[\s\S]*went back/,
    );
    expect(current()).toBe(`releases/${revision}`);

    await install('true', third, installed);
    expect(current()).toBe(`releases/${'b'.repeat(40)}`);
    await runCommand('bash', ['deploy/install.sh', '--rollback'], env('true'));
    expect(current()).toBe(`releases/${revision}`);
    expect(readFileSync(path.join(work, 'restarts'), 'utf8').split('\n').length).toBeGreaterThan(4);
  }, 600_000);

  it('runs as a user who can read the release only, and takes back one whose code location cannot be loaded', async () => {
    if (!existsSync(archive)) await runCommand('bash', ['deploy/package.sh', archive]);
    const host = path.join(work, 'real');
    const shared = path.join(host, 'shared');
    const bin = path.join(work, 'bin');
    const units = path.join(work, 'units');
    chmodSync(work, 0o755);
    for (const folder of [host, shared, bin, units]) mkdirSync(folder, { recursive: true, mode: 0o755 });
    chmodSync(shared, 0o700);
    if (isRoot) chownSync(shared, serviceUid, serviceUid);
    symlinkSync(path.join(root, 'test/ci/systemctl-stub.mjs'), path.join(bin, 'systemctl'));
    const snowflake = await startLocalSnowflake();
    const sevdesk = await startLocalSevdesk({ invoices: 40 });
    const deployEnv = {
      SEVDESK_PLATFORM_DIR: host,
      SYSTEMD_UNIT_DIR: units,
      SERVICE_UID: String(serviceUid),
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      INSTALL_COMMAND: `ln -s ${root}/node_modules . && PYTHON=${systemPython} node scripts/python.mjs sync meltano dbt orchestration`,
    };
    const deploy = (from: string, more: NodeJS.ProcessEnv = {}): Promise<string> =>
      runCommand('bash', ['deploy/install.sh', from], { ...deployEnv, ...more });
    try {
      const settings = {
        SEVDESK_API_KEY: sevdesk.token,
        TAP_SEVDESK_API_URL: sevdesk.url,
        SNOWFLAKE_HOST: snowflake.host,
        SNOWFLAKE_PORT: snowflake.port,
        SNOWFLAKE_PROTOCOL: 'http',
        TARGET_SNOWFLAKE_TS_HOST: snowflake.host,
        TARGET_SNOWFLAKE_TS_PORT: snowflake.port,
        TARGET_SNOWFLAKE_TS_PROTOCOL: 'http',
        SNOWFLAKE_ACCOUNT: 'local',
        SNOWFLAKE_USER: 'local',
        SNOWFLAKE_PASSWORD: 'local',
        SNOWFLAKE_WAREHOUSE: 'LOCAL',
        SNOWFLAKE_ROLE: 'LOCAL',
        SNOWFLAKE_DATABASE: 'SEVDESK',
        SNOWFLAKE_SCHEMA: 'RAW',
        DAGSTER_URL: 'https://dagster.example.com',
        DAGSTER_PORT: await freePort(),
        WEBHOOK_PORT: await freePort(),
        WEBHOOK_SHARED_SECRET: 'a-secret-of-the-deploy-test-0123',
        CODE_LOCATION_SOCKET: path.join(shared, 'code.sock'),
        PIPELINE_SCHEDULES: 'off',
        POLL_SEVDESK: 'off',
      };
      const envFile = path.join(shared, '.env');
      writeFileSync(
        envFile,
        Object.entries(settings)
          .map(([name, value]) => `${name}=${String(value)}\n`)
          .join(''),
        { mode: 0o600 },
      );
      if (isRoot) chownSync(envFile, serviceUid, serviceUid);

      // Nothing was ever loaded: that there are no figures yet is told, and fails no deploy.
      const first = await deploy(archive);
      expect(first).toMatch(/• Figures[\s\S]*✔ Services[\s\S]*deployed/);
      const release = readlinkSync(path.join(host, 'current'));

      const asService = (command: string): Promise<string> => {
        const drop = isRoot
          ? ['setpriv', '--reuid', String(serviceUid), '--regid', String(serviceUid), '--clear-groups']
          : ['env'];
        const files = '--env-file=deploy/systemd/platform.env --env-file=.env';
        const inRelease = `cd ${host}/current && umask 077 && HOME=${shared} exec node ${files} -e "process.exit(require('child_process').spawnSync('bash', ['-c', process.argv[1]], { stdio: 'inherit' }).status)" '${command}'`;
        return runCommand(drop[0] ?? '', [...drop.slice(1), 'bash', '-c', inRelease]);
      };
      await asService('.venvs/meltano/bin/meltano --environment=prod run tap-sevdesk target-snowflake-ts');
      if (isRoot) await expect(asService('touch orchestration/changed')).rejects.toThrow(/denied/i);
      expect(openFiles(shared)).toEqual([]);

      // A file of the next release cannot be read: its code location is never loaded.
      const broken = await repack(
        'c'.repeat(40),
        'looker/views/revenue_by_month.view.lkml',
        'view: x { dimension: y { sql: ',
      );
      await expect(deploy(broken, { SERVICES_READY_SECONDS: '45' })).rejects.toThrow(/is not healthy[\s\S]*went back/);
      expect(readlinkSync(path.join(host, 'current'))).toBe(release);
      // One that is whole is kept.
      expect(await deploy(await repack('d'.repeat(40)))).toContain('deployed');
    } finally {
      await runCommand('node', ['test/ci/systemctl-stub.mjs', 'stop-all'], deployEnv);
      await sevdesk.stop();
      await snowflake.stop();
    }
  }, 1_800_000);

  it('refuses what is no release and leaves the current one alone', async () => {
    const before = current();
    const bad = path.join(work, 'bad.tar.gz');
    writeFileSync(path.join(work, 'note.txt'), 'no release');
    await runCommand('tar', ['-czf', bad, '-C', work, 'note.txt']);
    await expect(install('true', bad)).rejects.toThrow('is no release');
    const cut = path.join(work, 'cut.tar.gz');
    writeFileSync(cut, readFileSync(bad).subarray(0, 60));
    await expect(install('true', cut)).rejects.toThrow('is cut off');
    await expect(install('true', path.join(work, 'none.tar.gz'))).rejects.toThrow('is not there');
    expect(current()).toBe(before);
  });

  it('mirrors looker/ with its history into the repository that Looker reads', async () => {
    const mirror = path.join(work, 'mirror.git');
    await runCommand('git', ['init', '--quiet', '--bare', mirror]);
    await runCommand('bash', ['deploy/mirror-lookml.sh'], { LOOKML_MIRROR_URL: mirror });
    const files = await runCommand('git', ['--git-dir', mirror, 'ls-tree', '--name-only', 'main']);
    expect(files).toContain('manifest.lkml');
    expect(await runCommand('bash', ['deploy/mirror-lookml.sh'], { LOOKML_MIRROR_URL: '' })).toContain('no mirror');
  });
});
