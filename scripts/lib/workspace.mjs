import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

/**
 * Runs a workspace's `dist/main.js` in this process, with this command line; installs and builds first where that was not
 * done yet. A build that is there is taken as it is: `npm run build` renews it.
 */
export async function runWorkspace(folder) {
  const main = inRoot(folder, 'dist/main.js');
  if (!existsSync(main)) {
    if (!existsSync(inRoot('node_modules/typescript')))
      await run('npm', ['ci', '--no-audit', '--no-fund'], { onLine: toStderr });
    await run(process.execPath, [inRoot('node_modules/typescript/bin/tsc'), '-b', folder], { onLine: toStderr });
  }
  await import(pathToFileURL(main).href);
}

const toStderr = (line) => process.stderr.write(`${line}\n`);
