/**
 * `npm run dagster`: Dagster's web page, its daemon and the webhook listener on this machine, with one command. Without further settings
 * everything runs on the embedded sevDesk and Snowflake; with `MELTANO_ENVIRONMENT=prod` and `.env` filled in, on the real ones.
 * SIGTERM or Ctrl-C stops everything in order.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { EXIT_CONFIGURATION, refuseSettings } from './lib/configuration-error.mjs';
import { prepareDagsterHome } from './lib/dagster-home.mjs';
import { folderProblem } from './lib/folder-problem.mjs';
import { localProblems } from './lib/local-settings.mjs';
import { numberProblem } from './lib/number-problem.mjs';
import { answers } from './lib/local-server.mjs';
import { main } from './lib/main.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { inRoot, localDir, root } from './lib/paths.mjs';
import { keepPrivate } from './lib/private-files.mjs';
import { ensurePythonEnv, envBin } from './lib/python-env.mjs';
import { CommandError, run } from './lib/run.mjs';
import { Supervisor } from './lib/supervisor.mjs';

const USAGE = `usage: npm run dagster

Runs Dagster's web page, its daemon and the webhook listener on this machine until Ctrl-C.

Environment variables
  MELTANO_ENVIRONMENT          prod: the accounts in .env (default: local, the embedded servers)
  DAGSTER_PORT, WEBHOOK_PORT   ports of the page and of the listener (3000, 3030)
  DAGSTER_HOME                 where Dagster keeps its runs (default: .local/dagster)
  LOCAL_DIR                    where everything else is kept (default: .local)
`;

readArguments(USAGE);

const say = (text) => process.stdout.write(`${text}\n`);

/** Starts the embedded servers when the environment is `local`; elsewhere nothing is to be started. */
async function startSources(environment) {
  if (environment !== 'local') return { env: { MELTANO_ENVIRONMENT: environment }, stop: () => Promise.resolve() };
  const { startEmbeddedPlatform } = await import('./lib/embedded-platform.mjs');
  const { configuredPorts } = await import('./lib/ports.mjs');
  say('Starting the embedded sevDesk, ECB and Snowflake …');
  const invoices = process.env['LOCAL_SEVDESK_INVOICES'];
  const sevdeskArguments = invoices ? ['--invoices', invoices] : [];
  return startEmbeddedPlatform({ dataDir: localDir, ports: configuredPorts(), sevdeskArguments });
}

/** A line for each setting of the platform that is wrong. */
async function platformProblems(python, env) {
  try {
    await run(python, ['-m', 'orchestration.settings'], { env });
    return [];
  } catch (error) {
    if (!(error instanceof CommandError && error.code === EXIT_CONFIGURATION)) throw error;
    return error.output.trim().split('\n');
  }
}

/** What is wrong with how many invoices the embedded company has; undefined when nothing is. */
function invoicesProblem() {
  const text = process.env['LOCAL_SEVDESK_INVOICES'];
  return text ? numberProblem('LOCAL_SEVDESK_INVOICES', text, { maximum: 5_000_000 }) : undefined;
}

/** Two installations on one DAGSTER_HOME would take each other's runs away. */
async function requireFree(ports) {
  for (const [name, port] of Object.entries(ports)) {
    if (await answers(`http://127.0.0.1:${port}`))
      throw new Error(
        `port ${port} is in use: is the platform running already? If not, set ${name.toUpperCase()}_PORT to another one.`,
      );
  }
}

await main(
  async () => {
    if (existsSync(inRoot('.env'))) process.loadEnvFile(inRoot('.env'));
    const environment = process.env['MELTANO_ENVIRONMENT'] || 'local';
    say('Installing what is missing …');
    await ensureNodeModules();
    await build();
    for (const name of ['orchestration', 'meltano', ...(environment === 'local' ? ['local-snowflake'] : [])])
      await ensurePythonEnv(name);

    const ports = { dagster: process.env['DAGSTER_PORT'] || '3000', webhook: process.env['WEBHOOK_PORT'] || '3030' };
    const python = envBin('orchestration', 'python');
    refuseSettings([
      ...(environment === 'local'
        ? [...(await localProblems()), invoicesProblem()]
        : [folderProblem('LOCAL_DIR', process.env['LOCAL_DIR'])]),
      folderProblem('DAGSTER_HOME', process.env['DAGSTER_HOME']),
      ...(await platformProblems(python, {
        ...process.env,
        MELTANO_ENVIRONMENT: environment,
        PYTHONPATH: root,
        // One is made where none is set.
        WEBHOOK_SHARED_SECRET: process.env['WEBHOOK_SHARED_SECRET'] || 'x'.repeat(32),
      })),
    ]);
    await requireFree(ports);
    const folder = process.env['DAGSTER_HOME'] || path.join(localDir, 'dagster');
    keepPrivate(localDir, folder, inRoot('.meltano'));
    const home = await prepareDagsterHome(folder);
    let sources;
    const supervisor = new Supervisor({ say, logDir: home.logs });
    const stopped = new Promise((resolve) => {
      process.once('SIGINT', () => resolve(0)).once('SIGTERM', () => resolve(0));
      supervisor.onGiveUp = (message) => {
        process.stderr.write(`${message}\n`);
        resolve(1);
      };
    });

    try {
      sources = await startSources(environment);
      const env = {
        ...process.env,
        ...sources.env,
        ...home.env,
        DAGSTER_PORT: ports.dagster,
        WEBHOOK_PORT: ports.webhook,
        PYTHONPATH: root,
        PYTHONUNBUFFERED: '1',
        SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
      };
      const module = (...args) => ({ command: python, args: ['-m', ...args], cwd: root, env });
      // What a crash left behind: runs without a process, orphans, locks. Also before the daemon starts again after one.
      const recover = () => run(python, ['-m', 'orchestration.recovery'], { env, onLine: say });

      await supervisor.start('code location', {
        ...module('dagster', 'api', 'grpc', '-m', 'orchestration.definitions', '-d', root, '--socket', home.socket),
        ready: () => existsSync(home.socket),
        before: () => home.removeSocket(),
        // Runs are its children: they are told too, and end Meltano and dbt in order.
        stopGroup: true,
        keepTrying: true,
        graceMs: 120_000,
        busy: () => home.hasChildren(),
      });
      await supervisor.start('daemon', {
        ...module('dagster._daemon', 'run', '-w', home.workspace),
        before: recover,
        keepTrying: true,
      });
      await supervisor.start('web page', {
        ...module('dagster_webserver', '-h', '127.0.0.1', '-p', ports.dagster, '-w', home.workspace),
        ready: `http://127.0.0.1:${ports.dagster}/server_info`,
      });
      await supervisor.start('webhook listener', {
        ...module('orchestration.webhook'),
        ready: `http://127.0.0.1:${ports.webhook}/live`,
      });
      // So that the first page shows what is there.
      if (!supervisor.givenUp) await run(python, ['-m', 'orchestration.first_look'], { env, onLine: say });
      if (!supervisor.givenUp) {
        say(`Start a run: http://127.0.0.1:${ports.dagster}/locations/sevdesk-data-platform/jobs/sevdesk_refresh`);
        say(`Is all well? http://127.0.0.1:${ports.webhook}/health   Figures for Prometheus: /metrics`);
        say(`Events: POST http://127.0.0.1:${ports.webhook}/webhook   (secret: ${home.secretSource})`);
        say(`Logs: ${home.logs}   Ctrl-C stops everything.`);
        say(`Dagster ready on http://127.0.0.1:${ports.dagster}`);
      }
      process.exitCode = await stopped;
    } finally {
      say('Stopping …');
      await supervisor.stop();
      await sources?.stop();
    }
  },
  { handlesSignals: true },
);
