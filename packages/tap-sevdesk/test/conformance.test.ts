import type { JsonObject } from '@singer-io-ts/sdk';
import { testTap } from '@singer-io-ts/sdk/testing';
import { type LocalSevdesk, startLocalSevdesk } from '../../../test/support/local-sevdesk.js';
import { createTap } from '../src/tap.js';

describe('tap-sevdesk as any tap', () => {
  let sevdesk: LocalSevdesk;
  const config: JsonObject = { api_key: 'f'.repeat(32), max_requests_per_second: 0 };
  beforeAll(async () => {
    sevdesk = await startLocalSevdesk({ invoices: 200, seed: 4, token: 'f'.repeat(32) });
    config['api_url'] = sevdesk.url;
  });
  afterAll(async () => {
    await sevdesk.stop();
  });

  testTap({ tap: createTap(), config });
});
