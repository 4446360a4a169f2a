import { runTarget } from '@singer-io-ts/sdk/cli';
import { VERSION } from './version.js';

await runTarget({
  name: 'target-snowflake-ts',
  version: VERSION,
  description: 'Singer target for Snowflake',
  load: async () => (await import('./definition.js')).targetSnowflake,
});
