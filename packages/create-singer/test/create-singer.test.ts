import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../../..');
const CREATE = path.join(root, 'packages/create-singer/bin/create-singer.js');

describe('npm create singer', () => {
  // Inside the repository, so that what the new project depends on is found without a registry.
  let folder: string;
  beforeAll(() => {
    mkdirSync(path.join(root, '.local/test'), { recursive: true });
    folder = mkdtempSync(path.join(root, '.local/test/create-singer-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Types what the project's README says, but for the installation; the API that it speaks of is stood in for. */
  async function followReadme(kind: string, project: string): Promise<void> {
    const readme = readFileSync(path.join(project, 'README.md'), 'utf8');
    const typed = /^```sh\n([^]*?)^```$/m.exec(readme)?.[1] ?? '';
    const api = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[]}');
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${String((api.address() as AddressInfo).port)}`;
    const script = typed.replace(/^npm .*\n/gm, '').replace('https://api.example.com', address);
    writeFileSync(path.join(project, 'messages.singer'), '{"type":"STATE","value":{"bookmarks":{"a":{}}}}\n');
    try {
      const { stdout } = await promisify(execFile)('bash', ['-ec', script], {
        cwd: project,
        env: { PATH: process.env['PATH'] },
      });
      if (kind === 'tap') expect(stdout).toBe('no problems\n');
      else expect(readFileSync(path.join(project, 'state.json'), 'utf8')).toBe('{"bookmarks":{"a":{}}}\n');
    } finally {
      api.closeAllConnections();
      api.close();
    }
  }

  const create = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [CREATE, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });

  it.each([
    ['tap', 'tap-my-shop'],
    ['target', 'target-my-lake'],
  ])(
    'starts a %s that passes its conformance suite as it is',
    async (kind, name) => {
      expect(create(kind, name)).toMatchObject({ status: 0, stderr: '' });
      const project = path.join(folder, name);
      const files = readdirSync(project, { recursive: true, encoding: 'utf8' });
      const texts = files
        .filter((file) => /\.\w+$/.test(file))
        .map((file) => readFileSync(path.join(project, file), 'utf8'));
      expect(
        [...files, ...texts].filter((text) => /example(?!\.com)/i.test(text.replace(/'Example'|label: Example/g, ''))),
      ).toEqual([]);
      expect(files).toEqual(
        expect.arrayContaining([
          '.gitignore',
          'package.json',
          `bin/${name}.js`,
          `meltano/${name}.yml`,
          `test/${kind}.test.ts`,
        ]),
      );
      const run = promisify(execFile);
      const env = { PATH: process.env['PATH'] };
      const { stdout } = await run('npm', ['test', '--silent'], { cwd: project, env }).catch((error: unknown) => {
        const { stdout: out, stderr } = error as { stdout: string; stderr: string };
        throw new Error(`${out}\n${stderr}`);
      });
      expect(stdout).toMatch(/fail 0/);
      expect(Number(/pass (\d+)/.exec(stdout)?.[1])).toBeGreaterThan(15);
      const version = await run(process.execPath, [`bin/${name}.js`, '--version'], { cwd: project, env });
      expect(version.stdout).toBe(`${name} 0.1.0\n`);
      await followReadme(kind, project);
    },
    120_000,
  );

  it.each([
    [[], /^usage:/],
    [['plugin', 'x'], /^usage:/],
    [['tap', 'shop'], /a tap is called tap-…/],
    [['tap', 'tap-Shop'], /a tap is called tap-…/],
    [['tap', 'tap-../x'], /a tap is called tap-…/],
    [['target', 'tap-x'], /a target is called target-…/],
    [['tap', 'tap-full'], /already exists and is not empty/],
  ])('ends with 2 and one line for %j, and writes nothing', (args, message) => {
    mkdirSync(path.join(folder, 'tap-full'), { recursive: true });
    writeFileSync(path.join(folder, 'tap-full/file'), '');
    const result = create(...args);
    expect(result).toMatchObject({ status: 2, stdout: '' });
    expect(result.stderr).toMatch(message);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(path.join(folder, 'tap-full/package.json'))).toBe(false);
  });
});
