import { runTarget } from '@singer-io-ts/sdk/cli';
import { setFlagsFromString } from 'node:v8';
import { VERSION } from './version.js';

// Parsing JSON leaves short-lived strings in V8's old space. Left to itself V8 lets it grow to four times what is alive, which the
// driver makes 40 MB; growing it to less than twice costs no CPU that can be measured and keeps 60 MB.
setFlagsFromString('--heap-growing-percent=80');
// A parsed record is dead before the next one is read: a young generation that stays small collects as well and keeps 30 MB.
setFlagsFromString('--semi-space-growth-factor=1');

await runTarget({
  name: 'target-snowflake-ts',
  version: VERSION,
  description: 'Singer target for Snowflake',
  options: {
    'dry-run': {
      type: 'boolean',
      describe: 'print the SQL that would run; read and check the input, change nothing, write no STATE',
    },
  },
  load: async () => (await import('./definition.js')).targetSnowflake,
});
