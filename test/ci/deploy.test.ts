import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from './run-tool.js';

// The whole way of a release, on a local folder in place of a host: what a host adds is systemd and SSH.
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
  async function repack(revision: string): Promise<string> {
    const copy = path.join(work, `${revision}.tar.gz`);
    const folder = path.join(work, 'repack');
    await runCommand('bash', [
      '-c',
      `rm -rf ${folder} && mkdir ${folder} && tar -xzf ${archive} -C ${folder} && mv ${folder}/* ${folder}/${revision} && tar -czf ${copy} -C ${folder} ${revision}`,
    ]);
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

  it('refuses what is no release and leaves the current one alone', async () => {
    const before = current();
    const bad = path.join(work, 'bad.tar.gz');
    writeFileSync(path.join(work, 'note.txt'), 'no release');
    await runCommand('tar', ['-czf', bad, '-C', work, 'note.txt']);
    await expect(install('true', bad)).rejects.toThrow('is no release');
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
