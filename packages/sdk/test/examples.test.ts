import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseJson, type JsonObject } from '@singer-io-ts/sdk';
import { testTap, testTarget } from '@singer-io-ts/sdk/testing';
import { books, createShop } from '../../../examples/shop/server.js';
import { tap } from '../../../examples/tap-books/tap.js';
import { target } from '../../../examples/target-folder/target.js';

describe('the example tap', () => {
  let shop: Server;
  const config: JsonObject = { token: 'example-token' };
  beforeAll(async () => {
    shop = createShop();
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    config['api_url'] = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    shop.closeAllConnections();
    shop.close();
  });

  it('has books to read', () => expect(books.length).toBeGreaterThan(100));
  testTap({ tap, config, everyProperty: true });
});

describe('the example target', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'target-folder-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  testTarget({
    target,
    config: (caseName) => ({ folder: path.join(folder, caseName) }),
    appends: true,
    rows: async (stream, caseName) =>
      readFileSync(path.join(folder, caseName, `${encodeURIComponent(stream)}.jsonl`), 'utf8')
        .trim()
        .split('\n')
        .map((line) => parseJson(line) as JsonObject),
  });
});
