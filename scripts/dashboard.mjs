/**
 * `npm run dashboard [-- --local]`: serves the revenue dashboard on this machine and opens it in the browser. With `SNOWFLAKE_ACCOUNT` set (in
 * the environment or in `.env`) it reads that account; without, or with `--local`, what `npm start` made on the local Snowflake.
 */
import { existsSync } from 'node:fs';
import { localSignIns } from './lib/local-account.mjs';
import { localWarehouse } from './lib/local-warehouse.mjs';
import { main } from './lib/main.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { inRoot, localDir } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

const USAGE = 'usage: npm run dashboard [-- --local]   (--local: the local Snowflake, even when an account is set)\n';

/** The settings that read the local Snowflake, whatever account the environment names. */
function localSettings(url) {
  const { hostname, port } = new URL(url);
  return {
    ...process.env,
    SNOWFLAKE_ACCOUNT: 'local',
    ...localSignIns(localDir),
    SNOWFLAKE_HOST: hostname,
    SNOWFLAKE_PORT: port,
    SNOWFLAKE_PROTOCOL: 'http',
  };
}

/** Opens the browser, unless nobody sits in front of it. A machine without one still serves the pages. */
async function openBrowser(url) {
  if (process.env['NO_OPEN'] || process.env['CI']) return;
  const { default: open } = await import('open');
  await open(url).then(
    (browser) => browser.on('error', () => undefined),
    () => undefined,
  );
}

await main(
  async () => {
    const args = process.argv.slice(2);
    if (args.includes('--help') || args.includes('-h')) return void process.stdout.write(USAGE);
    const unknown = args.find((arg) => arg !== '--local');
    if (unknown) {
      process.stderr.write(`dashboard: there is no option ${unknown}. ${USAGE}`);
      process.exitCode = 2;
      return;
    }
    if (existsSync(inRoot('.env'))) process.loadEnvFile(inRoot('.env'));
    let local;
    let isServing = false;
    // Until the pages are served a signal ends what was started so far; afterwards the dashboard itself stops first.
    for (const signal of ['SIGTERM', 'SIGINT'])
      process.on(signal, () => {
        if (!isServing) void (local?.stop() ?? Promise.resolve()).finally(() => process.exit(0));
      });
    await ensureNodeModules();
    await run(process.execPath, [inRoot('node_modules/typescript/bin/tsc'), '-b', 'dashboard', 'dashboard/client']);
    const useLocal = args.includes('--local') || !process.env['SNOWFLAKE_ACCOUNT'];
    if (useLocal) local = await localWarehouse();
    try {
      const { main: serve } = await import(inRoot('dashboard/dist/main.js'));
      const onReady = (url) => {
        isServing = true;
        void openBrowser(url);
      };
      process.exitCode = await serve(local ? localSettings(local.url) : process.env, { onReady });
    } finally {
      await local?.stop();
    }
  },
  { handlesSignals: true },
);
