import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createShop } from '../../examples/shop/server.js';
import { root, runCommand } from '../ci/run-tool.js';
import { blockWith, fencedBlocks } from '../support/fenced-blocks.js';
import { emptyFolder, packAll, type PackedPackage } from './packed-packages.js';

const TUTORIAL = path.join(root, 'docs/sdk/tutorial.md');
const CREATE_SINGER = path.join(root, 'packages/create-singer/README.md');
const INSTALL_MS = 300_000;

/** The number of a run is its time. */
const withoutTime = (text: string): string => text.replaceAll(/"run":\d+/g, '"run":0');

/** Types a block of commands into a shell; resolves to what they print, and rejects with all of it when one fails. */
function typed(script: string, cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', TAP_BOOKS_TOKEN: 'example-token' },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${script}\nended with ${String(code)}:\n${stdout}${stderr}`));
    });
  });
}

// What a stranger has: a clone beside an empty folder, and no package on npm. Their commands are those of the documents, letter by letter.
describe('documents, followed in an empty folder', () => {
  const home = emptyFolder('documents-');
  const project = path.join(home.path, 'books');
  let packages: PackedPackage[];
  let shop: Server;
  let shopUrl: string;

  beforeAll(async () => {
    const clone = path.join(home.path, 'sevdesk-data-platform');
    packages = await packAll(path.join(clone, 'packs'));
    const sources = await runCommand('git', ['ls-files', 'examples']);
    for (const file of sources.trim().split('\n')) cpSync(path.join(root, file), path.join(clone, file));
    mkdirSync(project);
    shop = createShop();
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    shopUrl = `http://127.0.0.1:${String((shop.address() as AddressInfo).port)}`;
  }, INSTALL_MS);
  afterAll(() => {
    shop.closeAllConnections();
    shop.close();
    home.remove();
  });

  it(
    'the tutorial prints what it shows',
    async () => {
      const blocks = fencedBlocks(TUTORIAL);
      const commands = blocks.filter(({ language, about }) => language === 'sh' && about !== 'background');
      expect(commands[0]?.about).toBe('once');
      for (const block of commands) {
        const printed = await typed(block.text.replaceAll('http://127.0.0.1:18350', shopUrl), project);
        const shown = blocks[blocks.indexOf(block) + 1];
        if (block.about === '' && shown?.language === 'text')
          expect(withoutTime(printed)).toBe(withoutTime(shown.text));
      }
    },
    INSTALL_MS,
  );

  it('every package compiles with the checks of its own types on, and no other package installed', async () => {
    const lines = packages.flatMap(({ name, manifest }) =>
      Object.keys(manifest.exports ?? {})
        .filter((entry) => !entry.endsWith('.json'))
        .map((entry) => path.posix.join(name, entry))
        .map((specifier, i) => `export * as all${String(i)}_${name.replaceAll(/\W/g, '_')} from '${specifier}';\n`),
    );
    expect(lines.length).toBeGreaterThan(6);
    home.write('books/all.ts', lines.join(''));
    const tsc = path.join(root, 'node_modules/.bin/tsc');
    for (const [module, resolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      await typed(
        `${tsc} --noEmit --strict --exactOptionalPropertyTypes --skipLibCheck false --target es2022 --module ${module ?? ''} --moduleResolution ${resolution ?? ''} all.ts`,
        project,
      );
    }
  }, 120_000);

  it(
    'create-singer starts a project that passes its suite',
    async () => {
      await typed(blockWith(CREATE_SINGER, 'npx create-singer'), project);
      expect(readdirSync(project)).toEqual(expect.arrayContaining(['tap-shop', 'target-lake']));
      const tested = await typed(blockWith(CREATE_SINGER, 'cd tap-shop'), project);
      expect(tested).toMatch(/fail 0/);
      const { dependencies } = JSON.parse(readFileSync(path.join(project, 'tap-shop/package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      expect(dependencies['@singer-io-ts/sdk']).toMatch(/^file:.*\.tgz$/);
    },
    INSTALL_MS,
  );
});
