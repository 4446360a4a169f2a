/**
 * `npm start`: sets everything up and runs the whole pipeline once, locally, without any account: the embedded sevDesk → tap → target →
 * the embedded Snowflake → dbt, then shows the revenue ranking. Keeps what it makes under `.local/`.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readArguments, refuseArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { refuseSettings } from './lib/configuration-error.mjs';
import { main } from './lib/main.mjs';
import { ensureNodeModules, nodeModulesAreCurrent } from './lib/node-modules.mjs';
import { localDir } from './lib/paths.mjs';
import { unlessStopping } from './lib/processes.mjs';
import { CommandError } from './lib/run.mjs';
import { wrapHelp } from './lib/wrap-help.mjs';
import { withSpinner } from './lib/spinner.mjs';
import { formatTime } from './lib/time-words.mjs';

const USAGE = `usage: npm start [-- --quiet] [--activity N]

Runs the whole pipeline once, locally, without any account, and prints the revenue ranking.

The embedded company works overnight: on later days the first start finds a few new or changed invoices, and every other start finds none.

  --quiet        print only the ranking and errors
  --activity N   create or change N invoices first

Environment variables
  LOCAL_DIR              folder for all data (default: .local)
  LOCAL_SNOWFLAKE_PORT   port of the embedded Snowflake (default: 18300; 0: any free port)
  LOCAL_SEVDESK_PORT     port of the embedded sevDesk (default: 18301; 0: any free port)
  LOCAL_ECB_PORT         port of the embedded ECB (default: 18302; 0: any free port)
  PYTHON                 the Python to use

Exit codes: 0 done, 1 something failed or is missing, 2 a setting or an option cannot be used.
`;

const NEXT_STEPS = `
What next
  npm start                  again: moves only what has changed
  npm start -- --activity 7  creates or changes 7 invoices first
  npm run dashboard          the same figures as a dashboard
  npm run dagster            hourly runs, lineage, alerts, webhook
  your own account           copy .env.example to .env, fill it in, then
                             npm run meltano -- --environment=prod run tap-sevdesk target-snowflake-ts
  README.md                  how it works and what it promises
`;

/** How many invoices the embedded company writes or changes overnight. */
const OVERNIGHT_INVOICES = 7;
const ENVIRONMENTS = ['local-snowflake', 'meltano', 'dbt'];

const { quiet = false, activity } = readArguments(USAGE, {
  quiet: { type: 'boolean' },
  activity: { type: 'string' },
}).values;
if (activity !== undefined && !/^\d{1,5}$/.test(activity))
  refuseArguments(USAGE, `--activity is a number of invoices, such as 7, not "${activity}"`);

const say = (text) => void (quiet || process.stdout.write(text));
const since = Date.now();
const seconds = (start) => `${((Date.now() - start) / 1000).toFixed(0)} s`;

say('sevDesk → Snowflake → revenue by city, on this machine\n');

await main(async () => {
  const { configuredPorts } = await import('./lib/ports.mjs');
  const { localProblems } = await import('./lib/local-settings.mjs');
  const { missingForStart } = await import('./lib/preflight.mjs');
  refuseSettings(await localProblems());
  const ports = configuredPorts();
  const missing = await missingForStart({ ports, environments: ENVIRONMENTS });
  if (missing.length > 0) throw new Error(missing.map((problem) => `✖ ${problem}`).join('\n'));

  // What follows imports packages, so they come first.
  if (!nodeModulesAreCurrent()) {
    const start = Date.now();
    await withSpinner('Installing the Node packages', () => ensureNodeModules(), { silent: quiet });
    say(`✔ Node packages installed (${seconds(start)})\n`);
  }
  const { Listr } = await import('listr2');
  const { EXTRACT_AND_LOAD, startEmbeddedPlatform } = await import('./lib/embedded-platform.mjs');
  const { ensurePythonEnv } = await import('./lib/python-env.mjs');
  const { MeltanoRun } = await import('./lib/meltano-run.mjs');

  const isFirst = !existsSync(path.join(localDir, 'state'));
  const log = new MeltanoRun();
  let platform;
  let ranking;
  let failure;

  /** What a plugin said is worth more than that Meltano ended with 1. */
  const explain = (error) => {
    throw error instanceof CommandError && log.whatFailed ? new Error(log.whatFailed, { cause: error }) : error;
  };

  /** A step that tells at the end how long it took; its error is told once, below all steps. */
  const step = (title, work, options = {}) => ({
    title,
    ...options,
    task: async (_, task) => {
      const start = Date.now();
      log.onProgress(process.stdout.isTTY ? (message) => (task.output = message) : () => undefined);
      try {
        task.title = `${(await work(task)) ?? title} (${seconds(start)})`;
      } catch (error) {
        await unlessStopping();
        failure = error;
        throw new Error('see below', { cause: error });
      }
    },
  });
  const oneLine = { rendererOptions: { bottomBar: 1 } };

  const steps = new Listr(
    [
      step('Compile the packages', async () => void (await build())),
      step('Set up Python: local Snowflake, Meltano, dbt', async (task) => {
        for (const [index, name] of ENVIRONMENTS.entries()) {
          task.title = `Set up Python: ${name} (${index + 1} of ${ENVIRONMENTS.length})`;
          await ensurePythonEnv(name);
        }
        return 'Set up Python: local Snowflake, Meltano, dbt';
      }),
      step('Start the embedded sevDesk and Snowflake', async () => {
        const sevdeskArguments =
          activity === undefined ? ['--daily-activity', String(OVERNIGHT_INVOICES)] : ['--activity', activity];
        platform = await startEmbeddedPlatform({ dataDir: localDir, ports, sevdeskArguments });
        return `Embedded sevDesk on ${platform.urls.sevdesk}, Snowflake on ${platform.urls.snowflake}`;
      }),
      step(
        'Extract and load with Meltano',
        async () => {
          await platform.meltano(['run', ...EXTRACT_AND_LOAD], (line) => log.take(line)).catch(explain);
          const invoices = log.records('tap-sevdesk', 'invoices');
          const total = log.total('tap-sevdesk') + log.total('tap-ecb');
          const streams = log.streams('tap-sevdesk') + log.streams('tap-ecb');
          const kind = isFirst ? 'first sync' : 'incremental sync';
          if (total === 0) return `RAW: ${kind}, nothing has changed in the sources`;
          return `RAW: ${kind}, ${invoices} invoices, ${total} records in all, of ${streams} ${streams === 1 ? 'stream' : 'streams'}`;
        },
        oneLine,
      ),
      step(
        'Build and test the models with dbt',
        async () => {
          const { modelsHoldSince } = await import('./lib/models-due.mjs');
          const builtAt = await modelsHoldSince(platform.env);
          if (builtAt !== undefined)
            return `Models as built on ${formatTime(builtAt)}: nothing that they read has changed since`;
          await platform.meltano(['run', 'dbt-snowflake:build'], (line) => log.take(line)).catch(explain);
          return 'Built and tested STAGING, DBT and ANALYTICS with dbt';
        },
        oneLine,
      ),
      step('Read the ranking', async () => {
        // Only now: it uses the packages that were compiled above.
        const { readRanking, renderRanking } = await import('./lib/ranking.mjs');
        ranking = renderRanking(await readRanking(platform.env), { width: process.stdout.columns });
        return 'Read ANALYTICS.INVOICES_AMOUNT_BY_CITY';
      }),
    ],
    {
      // This script ends what it started; Listr's own handler would exit at once and leave it behind.
      registerSignalListeners: false,
      renderer: quiet ? 'silent' : 'default',
      rendererOptions: { collapseErrors: false, showErrorMessage: false },
      fallbackRendererCondition: () => !quiet && !process.stdout.isTTY,
    },
  );
  try {
    await steps.run();
  } catch (error) {
    throw failure ?? error;
  } finally {
    await platform?.stop();
  }
  process.stdout.write(ranking);
  say(`\nDone in ${seconds(since)}.\n${wrapHelp(NEXT_STEPS, process.stdout.columns ?? Infinity)}`);
});
