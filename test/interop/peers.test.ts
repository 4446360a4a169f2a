import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { books, createShop } from '../../examples/shop/server.js';
import { root } from '../ci/run-tool.js';
import { startLocalSevdesk, type LocalSevdesk } from '../support/local-sevdesk.js';
import { nodeProgram as node, pythonProgram as env, run } from '../support/run-program.js';
import { connect, startLocalSnowflake, type LocalSnowflake } from '../support/local-snowflake.js';

const TAP_BOOKS = node('examples/dist/tap-books/main.js');
const TAP_SEVDESK = node('packages/tap-sevdesk/bin/tap-sevdesk.js');
const TARGET_FOLDER = node('examples/dist/target-folder/main.js');
const TARGET_SNOWFLAKE = node('packages/target-snowflake-ts/bin/target-snowflake-ts.js');
const PEER_TAP = [env('peer-tap', 'tap-rest-api-msdk')];

const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

// Real programs of others, at their pinned versions.
describe('peers', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'peers-'));
  const file = (name: string, value: unknown): string => {
    writeFileSync(path.join(folder, name), JSON.stringify(value));
    return path.join(folder, name);
  };
  let shop: Server;
  let sevdesk: LocalSevdesk;
  /** What our taps write, by name. */
  const written: Record<string, string> = {};

  beforeAll(async () => {
    shop = createShop();
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((shop.address() as AddressInfo).port)}`;
    written['tap-books'] = await run([
      ...TAP_BOOKS,
      '--config',
      file('books.json', { api_url: url, token: 'example-token' }),
    ]);
    sevdesk = await startLocalSevdesk({ invoices: 60 });
    written['tap-sevdesk'] = await run([
      ...TAP_SEVDESK,
      '--config',
      file('sevdesk.json', { api_url: sevdesk.url, api_key: sevdesk.token, start_date: '2000-01-01T00:00:00Z' }),
    ]);
  });
  afterAll(async () => {
    shop.closeAllConnections();
    shop.close();
    await sevdesk.stop();
    rmSync(folder, { recursive: true });
  });

  it.each(['tap-books', 'tap-sevdesk'])('singer-check-tap accepts what %s writes', async (tap) => {
    const said = await run([env('singer-tools', 'singer-check-tap')], { input: written[tap]! });
    expect(said).toContain('The output is valid.');
    const records = jsonLines(written[tap]!).filter(({ type }) => type === 'RECORD').length;
    expect(said).toContain(`${String(records)} record messages`);
  });

  it.each(['tap-books', 'tap-sevdesk'])('target-jsonl reads what %s writes, record by record', async (tap) => {
    const into = path.join(folder, `jsonl-${tap}`);
    mkdirSync(into);
    const state = await run([env('target-jsonl', 'target-jsonl')], { input: written[tap]!, cwd: into });
    const messages = jsonLines(written[tap]!);
    const read = readdirSync(into)
      .flatMap((name) => jsonLines(readFileSync(path.join(into, name), 'utf8')))
      .map((record) => JSON.stringify(record));
    const sent = messages.flatMap(({ type, record }) => (type === 'RECORD' ? [JSON.stringify(record)] : []));
    expect(read.sort()).toEqual(sent.sort());
    expect(JSON.parse(state.trim().split('\n').at(-1)!)).toEqual(
      messages.findLast(({ type }) => type === 'STATE')!['value'],
    );
  });

  it('target-duckdb loads what tap-books writes, every book with its price', async () => {
    const database = path.join(folder, 'peers.duckdb');
    await run(
      [
        env('target-duckdb', 'target-duckdb'),
        '--config',
        file('duckdb.json', { path: database, default_target_schema: 'main' }),
      ],
      { input: written['tap-books']! },
    );
    const script = `import duckdb, json, sys; print(json.dumps(duckdb.connect(sys.argv[1]).execute("select id, title, price from main.books order by id").fetchall()))`;
    const rows = JSON.parse(await run([env('target-duckdb', 'python'), '-c', script, database])) as unknown;
    expect(rows).toEqual(books.map(({ id, title, price }) => [id, title, price]));
  });

  it('a target on the Python SDK reads the BATCH files that tap-books writes', async () => {
    const batches = file('batches.json', {
      batch_config: { storage: { root: path.join(folder, 'batches') }, batch_size: 50 },
    });
    const messages = await run([...TAP_BOOKS, '--config', path.join(folder, 'books.json'), '--config', batches]);
    expect(jsonLines(messages).map(({ type }) => type)).toEqual([
      'SCHEMA',
      'STATE',
      'BATCH',
      'BATCH',
      'BATCH',
      'STATE',
    ]);
    const state = await run([env('singer-sdk', 'python'), path.join(root, 'bench/sdk/read.py')], { input: messages });
    expect(JSON.parse(state.trim())).toEqual(jsonLines(messages).at(-1)!['value']);
  });

  describe('tap-rest-api-msdk', () => {
    let messages: string;
    let expected: string[];
    let snowflake: LocalSnowflake;
    beforeAll(async () => {
      snowflake = await startLocalSnowflake();
      const config = file('peer-tap.json', {
        api_url: sevdesk.url,
        pagination_request_style: 'simple_offset_paginator',
        pagination_response_style: 'offset',
        pagination_page_size: 1000,
        pagination_initial_offset: 0,
        pagination_limit_per_page_param: 'limit',
        pagination_next_page_param: 'offset',
        offset_records_jsonpath: '$.objects',
        streams: [
          {
            name: 'invoices',
            path: '/Invoice',
            headers: { Authorization: sevdesk.token },
            params: { showAll: 'true' },
            primary_keys: ['id'],
            records_path: '$.objects[*]',
            num_inference_records: 50,
          },
        ],
      });
      messages = await run([...PEER_TAP, '--config', config]);
      expected = jsonLines(messages).flatMap(({ type, record }) =>
        type === 'RECORD' ? [String((record as { id: unknown }).id)] : [],
      );
    });
    afterAll(() => snowflake.stop());

    it('is read by the example target', async () => {
      expect(expected.length).toBeGreaterThan(50);
      await run([...TARGET_FOLDER, '--config', file('folder.json', { folder: path.join(folder, 'from-peer') })], {
        input: messages,
      });
      const rows = jsonLines(readFileSync(path.join(folder, 'from-peer/invoices.jsonl'), 'utf8'));
      expect(rows.map(({ id }) => String(id)).sort()).toEqual([...expected].sort());
    });

    it('is loaded by target-snowflake-ts', async () => {
      const config = file('snowflake.json', {
        account: 'local',
        user: 'local',
        password: 'local',
        host: snowflake.host,
        port: snowflake.port,
        protocol: 'http',
        database: 'SEVDESK',
        default_target_schema: 'RAW',
        warehouse: 'LOCAL',
      });
      await run([...TARGET_SNOWFLAKE, '--config', config], { input: messages });
      const client = await connect(snowflake, { database: 'SEVDESK', schema: 'RAW' });
      try {
        const rows = await client.query('SELECT "ID" FROM "SEVDESK"."RAW"."INVOICES"');
        expect(rows.map(({ ID }) => String(ID)).sort()).toEqual([...new Set(expected)].sort());
      } finally {
        await client.close();
      }
    });
  });
});
