/**
 * `npm run dashboard [-- --local]`: serves the revenue dashboard on this machine and opens it in the browser. With `SNOWFLAKE_ACCOUNT` set (in
 * the environment or in `.env`) it reads that account; without, or with `--local`, what `npm start` made on the local Snowflake.
 */
import { existsSync } from 'node:fs';
import { readArguments } from './lib/arguments.mjs';
import { refuseSettings } from './lib/configuration-error.mjs';
import { localSignIns } from './lib/local-account.mjs';
import { localProblems } from './lib/local-settings.mjs';
import { localWarehouse } from './lib/local-warehouse.mjs';
import { main } from './lib/main.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { inRoot, localDir } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

const USAGE = `usage: npm run dashboard [-- --local]

Serves the revenue dashboard on this machine until Ctrl-C, and opens it in the browser.

  --local   read the local Snowflake, even when an account is set

Environment variables
  SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER, …   the account to read, also from .env; without one, what npm start made
  DASHBOARD_PORT                         18310 by default; 0 picks a free one
  DASHBOARD_SIGN_IN, …                   who may read it: dashboard/README.md
  NO_OPEN                                set: no browser is opened

Exit codes: 0 stopped, 1 Snowflake cannot be reached, 2 wrong settings, 3 sign-in refused.
`;

const { local: mustBeLocal = false } = readArguments(USAGE, { local: { type: 'boolean' } }).values;

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
    const useLocal = mustBeLocal || !process.env['SNOWFLAKE_ACCOUNT'];
    if (useLocal) {
      const { settingProblems } = await import(inRoot('dashboard/dist/main.js'));
      // Before anything starts, and so at an address that is not known yet.
      refuseSettings([
        ...(await localProblems(['snowflake'])),
        ...settingProblems(localSettings('http://127.0.0.1:1')),
      ]);
      local = await localWarehouse();
    }
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
