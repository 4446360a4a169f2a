import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { testTap } from '@singer-io-ts/sdk/testing';
import { tap } from '../src/tap.js';

/** The API as far as the tap uses it. */
const api = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://api');
  const items = [
    { id: 1, name: 'First', updated_at: '2026-01-01T00:00:00Z' },
    { id: 2, name: null, updated_at: '2026-01-02T00:00:00Z' },
  ];
  const changed = items.filter((item) => item.updated_at >= (searchParams.get('updated_since') ?? ''));
  const data = searchParams.get('page') === '1' ? changed : [];
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
});

describe('tap-example', () => {
  const config: Record<string, string> = { token: 'test' };
  before(async () => {
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    config['api_url'] = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  });
  after(() => {
    api.closeAllConnections();
    api.close();
  });

  testTap({ tap, config, test });
});
