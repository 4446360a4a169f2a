/** `npm run local:sevdesk -- [--port P] [--invoices N] [--seed S] …`: the local sevDesk in the foreground; `--help` tells the rest. */
import { existsSync } from 'node:fs';
import { inRoot } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

const main = inRoot('local/sevdesk/dist/main.js');
if (!existsSync(main)) {
  if (!existsSync(inRoot('node_modules/typescript')))
    await run('npm', ['ci', '--no-audit', '--no-fund'], { inherit: true });
  await run(process.execPath, [inRoot('node_modules/typescript/bin/tsc'), '-b', 'local/sevdesk'], { inherit: true });
}
await import(main);
