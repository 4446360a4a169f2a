/** `npm run local:ecb -- [--port P] [--rates FILE]`: the local ECB in the foreground; `--help` tells the rest. */
import { runWorkspace } from './lib/workspace.mjs';

await runWorkspace('local/ecb');
