import { runTap } from '@singer-io-ts/sdk/cli';
import { about } from './about.js';

// The tap is loaded only when it is needed: Meltano asks for the version often.
await runTap({ ...about, load: async () => (await import('./tap.js')).tap });
