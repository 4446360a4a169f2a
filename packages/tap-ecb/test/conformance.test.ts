import path from 'node:path';
import type { JsonObject } from '@singer-io-ts/sdk';
import { testTap } from '@singer-io-ts/sdk/testing';
import { startLocalEcb } from '../../../test/support/local-ecb.js';
import type { ServerProcess } from '../../../test/support/server-process.js';
import { createTap } from '../src/tap.js';

describe('tap-ecb', () => {
  const config: JsonObject = { start_date: '2026-01-01' };
  let ecb: ServerProcess;
  beforeAll(async () => {
    ecb = await startLocalEcb({ rates: path.resolve(import.meta.dirname, '../../../fixtures/ecb/eurofxref-hist.csv') });
    config['api_url'] = ecb.url;
  });
  afterAll(() => ecb.stop());

  testTap({ tap: createTap(), config, emptyStreams: [] });
});
