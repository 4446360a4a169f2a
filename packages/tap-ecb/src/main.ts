import { runTap } from '@singer-io-ts/sdk/cli';
import { command } from './command.js';

await runTap({ ...command, load: async () => (await import('./tap.js')).createTap() });
