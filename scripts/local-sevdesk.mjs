/** `npm run local:sevdesk -- [--port P] [--invoices N] [--seed S] …`: the local sevDesk in the foreground; `--help` tells the rest. */
import { runWorkspace } from './lib/workspace.mjs';

await runWorkspace('local/sevdesk');
