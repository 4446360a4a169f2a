import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { root, runCommand } from '../ci/run-tool.js';
import { emptyFolder, packAll, type PackedPackage } from './packed-packages.js';

const execute = promisify(execFile);

// Published packages, as someone who installs them meets them. The tarballs stand in for the registry.
describe('published packages', () => {
  const tarballs = emptyFolder('packed-');
  let packages: PackedPackage[];
  const plugins = (): PackedPackage[] => packages.filter(({ name }) => /^(?:tap|target)-/.test(name));

  beforeAll(async () => {
    packages = await packAll(tarballs.path);
  }, 120_000);
  afterAll(() => tarballs.remove());

  it('hold what is needed and nothing else', () => {
    for (const { name, files, manifest } of packages) {
      const needed = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', ...Object.values(manifest.bin ?? {})];
      expect([name, files]).toEqual([name, expect.arrayContaining(needed)]);
      const stray = files.filter((file) =>
        /(?:^|\/)(?:src|test|tests|node_modules)\/|\.test\.|\.tsbuildinfo$|\.env|\.log$/.test(file),
      );
      expect([name, stray]).toEqual([name, []]);
    }
    for (const { name, files } of plugins()) {
      expect([name, files]).toEqual([
        name,
        expect.arrayContaining([`meltano/${name}.yml`, 'dist/index.js', 'dist/index.d.ts']),
      ]);
    }
  });

  it('pass the checks of publint', async () => {
    for (const { folder } of packages)
      await runCommand('npx', ['--no-install', 'publint', `packages/${folder}`, '--strict', '--pack', 'npm']);
  }, 120_000);

  it.each([
    ['npm', ['npx', '--no-install', 'npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts']],
    ['pnpm', ['npx', '--yes', 'pnpm@10', 'install', '--ignore-scripts', '--no-frozen-lockfile']],
    // Yarn 4: Yarn 1 refuses Node 20 for a part of Snowflake's driver that asks for 22 (its --ignore-engines helps).
    ['yarn', ['npx', '--yes', '@yarnpkg/cli-dist@4', 'install', '--mode=skip-build', '--no-immutable']],
  ])(
    'work when %s installs them into an empty folder, in ES modules and CommonJS',
    async (manager, [command = '', ...args]) => {
      const project = emptyFolder(`install-${manager}-`);
      try {
        const dependencies = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]));
        project.write(
          'package.json',
          JSON.stringify({
            name: 'adopter',
            private: true,
            dependencies,
            resolutions: dependencies,
            pnpm: { overrides: dependencies },
          }),
        );
        project.write(
          'esm.mjs',
          `import { parseJson } from '@singer-io-ts/sdk'; ${plugins()
            .map(({ name }) => `await import('${name}');`)
            .join(' ')} console.log(typeof parseJson);`,
        );
        project.write(
          'cjs.cjs',
          `const { parseJson } = require('@singer-io-ts/sdk'); ${plugins()
            .map(({ name }) => `require('${name}');`)
            .join(' ')} console.log(typeof parseJson);`,
        );
        // Yarn takes an empty lock file as the mark of a project of its own.
        project.write('yarn.lock', '');
        const env = { ...process.env, YARN_NODE_LINKER: 'node-modules', YARN_ENABLE_TELEMETRY: '0' };
        await execute(command, args, { cwd: project.path, env });
        for (const file of ['esm.mjs', 'cjs.cjs']) {
          const { stdout, stderr } = await execute(process.execPath, [file], { cwd: project.path });
          expect([file, stdout.trim(), stderr]).toEqual([file, 'function', '']);
        }
        for (const { name } of plugins()) {
          const bin = path.join(project.path, 'node_modules/.bin', name);
          const { stdout } = await execute(bin, ['--version']);
          expect(stdout).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\\n$`));
        }
      } finally {
        project.remove();
      }
    },
    300_000,
  );

  it('would be published by the release script, each in the order of dependencies', async () => {
    const output = await runCommand('bash', ['scripts/release/publish.sh', '--dry-run']);
    const order = [...output.matchAll(/^\+ (\S+)@\d/gm)].map(([, name]) => name);
    expect(new Set(order)).toEqual(new Set(packages.map(({ name }) => name)));
    expect(order[0]).toBe('@singer-io-ts/sdk');
  }, 180_000);

  it('depend on few packages, each of which README.md accounts for', async () => {
    for (const { name, folder, manifest } of packages) {
      const readme = await runCommand('cat', [path.join(root, 'packages', folder, 'README.md')]);
      for (const dependency of Object.keys(manifest.dependencies ?? {})) {
        expect([name, dependency, readme.includes(`\`${dependency}\``)]).toEqual([name, dependency, true]);
      }
    }
  });
});
