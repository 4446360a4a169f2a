import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { parseJson, type JsonObject } from '@singer-io-ts/sdk';
import { extract, testTap, testTarget } from '@singer-io-ts/sdk/testing';
import { books, createShop } from '../../../examples/shop/server.js';
import { tap } from '../../../examples/tap-books/tap.js';
import { tap as sqliteTap } from '../../../examples/tap-sqlite/tap.js';
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

describe('the example tap of a database', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tap-sqlite-'));
  const config = { file: path.join(folder, 'plant.db'), changed_column: 'changed' };
  const change = (sql: string): void => {
    const database = new sqlite.Database(config.file);
    database.exec(sql);
    database.close();
  };
  change(`
    CREATE TABLE pumps (id INTEGER PRIMARY KEY, "odd ""name" TEXT, serial INTEGER, photo BLOB, changed DATETIME);
    INSERT INTO pumps VALUES (1, 'a', 9007199254740993, x'00ff', '2026-01-01T00:00:00Z'), (2, 'b', 2, NULL, '2026-01-02T00:00:00Z');
    CREATE TABLE tags (pump INTEGER, tag TEXT, weight DECIMAL(5, 2), PRIMARY KEY (tag, pump));
    INSERT INTO tags VALUES (1, 'x', 1.5);
  `);
  afterAll(() => rmSync(folder, { recursive: true }));

  testTap({ tap: sqliteTap, config });

  it('has a stream for each table, and reads what has changed', async () => {
    const first = await extract({ tap: sqliteTap, config });
    expect(first.text).toContain('"odd \\"name":"a","serial":9007199254740993,"photo":"AP8="');
    expect(first.schema('tags')).toMatchObject({ key_properties: ['tag', 'pump'] });
    change("INSERT INTO pumps VALUES (3, 'c', 3, NULL, '2026-01-03T00:00:00Z')");
    const second = await extract({ tap: sqliteTap, config, state: first.lastState });
    expect(second.records('pumps').map(({ record }) => record['id'])).toEqual([2, 3]);
  });
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
