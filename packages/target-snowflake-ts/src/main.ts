import { runTarget } from '@singer-io-ts/sdk/cli';
import { VERSION } from './version.js';

await runTarget({
  name: 'target-snowflake-ts',
  version: VERSION,
  description: 'Singer target for Snowflake',
  options: { 'dry-run': { type: 'boolean', describe: 'print the SQL that would run; read and check the input, change nothing, write no STATE' } },
  load: async () => (await import('./definition.js')).targetSnowflake,
});
