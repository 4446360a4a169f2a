import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createShop } from '../../../examples/shop/server.js';
import { fencedBlocks } from '../../../test/support/fenced-blocks.js';

const root = path.resolve(import.meta.dirname, '../../..');

function runShell(script: string): Promise<{ stdout: string; code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, NODE_OPTIONS: '', TAP_BOOKS_TOKEN: 'example-token' },
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ stdout, code }));
  });
}

/** The number of a run is its time. */
const withoutTime = (text: string): string => text.replaceAll(/"run":\d+/g, '"run":0');

describe('the tutorial', () => {
  const blocks = fencedBlocks(path.join(root, 'docs/sdk/tutorial.md'));
  let shop: Server;
  let url: string;
  beforeAll(async () => {
    shop = createShop();
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    shop.closeAllConnections();
    shop.close();
  });

  it('shows the code of the examples, letter by letter', () => {
    const shown = blocks.filter(({ about }) => about.startsWith('examples/'));
    expect(shown.map(({ about }) => about)).toEqual([
      'examples/tap-books/tap.ts',
      'examples/tap-books/main.ts',
      'examples/target-folder/target.ts',
      'examples/target-folder/main.ts',
    ]);
    for (const { about, text } of shown) expect(text).toBe(readFileSync(path.join(root, about), 'utf8'));
  });

  it('keeps its promise: a tap in 30 lines', () => {
    const lines = readFileSync(path.join(root, 'examples/tap-books/tap.ts'), 'utf8').split('\n');
    expect(lines.filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(30);
  });

  it('has commands that do what it says', async () => {
    const commands = blocks.flatMap((block, i) =>
      block.language === 'sh' && block.about === '' ? [{ script: block.text, next: blocks[i + 1] }] : [],
    );
    expect(commands.length).toBeGreaterThanOrEqual(6);
    for (const { script, next } of commands) {
      const { stdout, code } = await runShell(script.replaceAll('http://127.0.0.1:18350', url));
      expect({ script, code }).toEqual({ script, code: 0 });
      if (next?.language === 'text') expect(withoutTime(stdout)).toBe(withoutTime(next.text));
    }
  });
});
