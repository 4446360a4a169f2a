import { runTarget } from '@singer-io-ts/sdk/cli';
import { about } from './about.js';

// The target is loaded only when it is needed: Meltano asks for the version often.
await runTarget({ ...about, load: async () => (await import('./target.js')).target });
