/**
 * `npm start`: sets everything up and does the main job once on this machine alone: the embedded sevDesk → tap → target →
 * the embedded Snowflake → dbt, then shows the revenue ranking. Needs no account; keeps what it makes under `.local/`.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from './lib/build.mjs';
import { main } from './lib/main.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { localDir } from './lib/paths.mjs';
import { CommandError } from './lib/run.mjs';

/** How many invoices the embedded company edits or writes between two runs, so that a second run has something to move. */
const ACTIVITY_INVOICES = 7;

process.stdout.write('sevDesk → Snowflake → revenue by city, on this machine\n');

await main(async () => {
  // What follows imports packages, so they come first.
  if (await ensureNodeModules()) process.stdout.write('✔ Node packages installed\n');
  const { Listr } = await import('listr2');
  const { configuredPorts, EXTRACT_AND_LOAD, startEmbeddedPlatform } = await import('./lib/embedded-platform.mjs');
  const { ensurePythonEnv } = await import('./lib/python-env.mjs');
  const { MeltanoRun } = await import('./lib/meltano-run.mjs');

  const isFirst = !existsSync(path.join(localDir, 'state'));
  const log = new MeltanoRun({ loads: EXTRACT_AND_LOAD.length / 2 });
  let platform;
  let running;
  let ranking;
  const onSignal = () => void platform?.stop().finally(() => process.exit(130));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);

  /** What a plugin said is worth more than that Meltano ended with 1. */
  const explain = (error) => {
    if (error instanceof CommandError && log.whatFailed) throw new Error(log.whatFailed, { cause: error });
    throw error;
  };

  const steps = new Listr(
    [
      { title: 'Compile the packages', task: () => build() },
      {
        title: 'Set up Python: local Snowflake, Meltano, dbt',
        task: async () => {
          for (const name of ['local-snowflake', 'meltano', 'dbt']) await ensurePythonEnv(name);
        },
      },
      {
        title: 'Start the embedded sevDesk and Snowflake',
        task: async (_, task) => {
          const sevdeskArguments = ['--activity', String(ACTIVITY_INVOICES)];
          platform = await startEmbeddedPlatform({ dataDir: localDir, ports: configuredPorts(), sevdeskArguments });
          task.title = `Embedded sevDesk on ${platform.urls.sevdesk}, Snowflake on ${platform.urls.snowflake}`;
        },
      },
      {
        title: `meltano run ${EXTRACT_AND_LOAD.join(' ')}`,
        task: async (_, task) => {
          log.onProgress(process.stdout.isTTY ? (message) => (task.output = message) : () => undefined);
          // One run for loading and building: Meltano's own start is paid once.
          running = platform
            .meltano(['run', ...EXTRACT_AND_LOAD, 'dbt-snowflake:build'], (line) => log.take(line))
            .catch(explain);
          await Promise.race([log.loaded, running]);
          const invoices = log.records('tap-sevdesk', 'invoices');
          const kind = isFirst ? 'first sync' : 'incremental sync';
          task.title = `Loaded RAW: ${kind}, ${invoices} invoices, ${log.total('tap-sevdesk') + log.total('tap-ecb')} records in all`;
        },
        rendererOptions: { bottomBar: 1 },
      },
      {
        title: 'meltano run dbt-snowflake:build',
        task: async (_, task) => {
          log.onProgress(process.stdout.isTTY ? (message) => (task.output = message) : () => undefined);
          await running;
          task.title = 'Built and tested STAGING, DBT and ANALYTICS with dbt';
        },
        rendererOptions: { bottomBar: 1 },
      },
      {
        title: 'Read the ranking',
        task: async (_, task) => {
          // Only now: it uses the packages that were compiled above.
          const { readRanking, renderRanking } = await import('./lib/ranking.mjs');
          ranking = renderRanking(await readRanking(platform.env));
          task.title = 'Read ANALYTICS.INVOICES_AMOUNT_BY_CITY';
        },
      },
    ],
    { rendererOptions: { collapseErrors: false }, fallbackRendererCondition: () => !process.stdout.isTTY },
  );
  try {
    await steps.run();
  } finally {
    await platform?.stop();
  }
  process.stdout.write(ranking);
  process.stdout.write(nextSteps());
});

function nextSteps() {
  return `
What next
  npm start                 again: only what changed since moves
  npm run dashboard         the same figures as a dashboard
  npm run dagster           hourly runs, lineage, alerts, webhook
  your own account          copy .env.example to .env, fill it in, then
                            npm run meltano -- --environment=prod run tap-sevdesk target-snowflake-ts
  README.md                 how it works and what it promises
`;
}
