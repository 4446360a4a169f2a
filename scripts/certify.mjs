/**
 * `npm run certify -- --environment local|prod [--only SUITE]… [--against FILE] [--recordings FOLDER]`: asks Snowflake and sevDesk all that the platform
 * relies on, and says what holds. What it checks stands in `certify/`.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { accountProblems } from './lib/account-settings.mjs';
import { readArguments, refuseArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { main } from './lib/main.mjs';
import { refuseSettings } from './lib/configuration-error.mjs';
import { folderProblem } from './lib/folder-problem.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import { inRoot } from './lib/paths.mjs';
import { afterStopping, endBy } from './lib/processes.mjs';
import { ensurePythonEnv } from './lib/python-env.mjs';

const USAGE = `usage: npm run certify -- [--environment local|prod] [--only SUITE]… [--against FILE] [--recordings FOLDER]

Asks Snowflake and, where SEVDESK_API_KEY is set, sevDesk everything that the platform relies on, and prints what holds.
Reads sevDesk; writes in Snowflake only into a schema of its own, which it removes at the end.

  --environment  local (default): the embedded servers, started for this; prod: the accounts in .env
  --only         one suite by its name in the table, such as "locks"; may be repeated
  --against      a recording of an earlier run, as certificates/2026-11-28.json: where today's answers differ from it
  --recordings   the folder of the recordings (default certificates; those of the local servers go nowhere unless it is given)

CERTIFY_SNOWFLAKE_USER, …_ROLE, …_PRIVATE_KEY_PATH, … sign in another user than SNOWFLAKE_*. Its role needs CREATE SCHEMA on the database.
Exit codes: 0 all holds, 1 something differs, 2 a setting is missing or wrong, 3 sign-in refused.
`;

const { environment, only, against, recordings } = readArguments(USAGE, {
  environment: { type: 'string', default: 'local' },
  only: { type: 'string', multiple: true },
  against: { type: 'string' },
  recordings: { type: 'string' },
}).values;
if (environment !== 'local' && environment !== 'prod')
  refuseArguments(USAGE, `--environment is local or prod, not "${environment}"`);

/** Signals give up what runs; a second one does not wait for the schema to be removed, and ends the servers. */
function giveUpOnSignals() {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      if (controller.signal.aborted) return endBy(signal);
      process.stderr.write(`\n${signal}: removing what was made …\n`);
      process.exitCode = 128 + constants.signals[signal];
      controller.abort(new Error(`given up by ${signal}`));
    });
  return controller.signal;
}

/** Runs `body` with the settings of the environment; for `local` with servers of its own, which end with it. */
async function withEnvironment(environment, body) {
  if (environment === 'prod') return body(process.env);
  await ensurePythonEnv('local-snowflake');
  const { withEmbeddedPlatform } = await import('./lib/embedded-platform.mjs');
  const dataDir = await mkdtemp(path.join(tmpdir(), 'certify-'));
  const remove = () => rm(dataDir, { recursive: true, force: true });
  afterStopping(remove);
  try {
    return await withEmbeddedPlatform({ dataDir, sevdeskArguments: ['--invoices', '200'] }, (platform) =>
      body({ ...process.env, ...platform.env, ...CERTIFIER, SEVDESK_API_KEY: platform.sevdeskToken }),
    );
  } finally {
    await remove();
  }
}

/** The embedded Snowflake's administrator. */
const CERTIFIER = {
  CERTIFY_SNOWFLAKE_USER: 'local',
  CERTIFY_SNOWFLAKE_PASSWORD: 'local',
  CERTIFY_SNOWFLAKE_ROLE: 'ACCOUNTADMIN',
};

await main(
  async () => {
    if (environment === 'prod' && existsSync(inRoot('.env'))) process.loadEnvFile(inRoot('.env'));
    const signal = giveUpOnSignals();
    await ensureNodeModules();
    await build();
    const [{ certify, SUITE_NAMES }, { certifierOf }, { readRecording }, { table }, { describeError, exitCodeOf }] =
      await Promise.all([
        import('../certify/certify.mjs'),
        import('../certify/snowflake/settings.mjs'),
        import('../certify/report/recording.mjs'),
        import('../certify/report/table.mjs'),
        import('@singer-io-ts/sdk'),
      ]);
    const recorded = against === undefined ? undefined : await readRecording(against).catch((error) => error);
    refuseSettings([
      ...(only ?? [])
        .filter((name) => !SUITE_NAMES.includes(name))
        .map((name) => `--only: there is no suite "${name}"; there are ${SUITE_NAMES.join(', ')}`),
      recorded instanceof Error ? `--against ${against} cannot be used: ${recorded.message}` : undefined,
      folderProblem('--recordings', recordings),
      ...(environment === 'prod' ? accountProblems(certifierOf(process.env)) : []),
    ]);
    try {
      await withEnvironment(environment, async (env) => {
        const progress = process.stderr.isTTY ? () => process.stderr.write('.') : () => undefined;
        const { findings, recording, versions } = await certify({
          env,
          signal,
          onFinding: progress,
          against: recorded,
          only,
        });
        process.stdout.write(`\n${table(findings.all)}`);
        if (environment === 'prod' || recordings !== undefined) {
          const date = new Date().toISOString().slice(0, 10);
          const file = await recording.write(recordings ?? inRoot('certificates'), {
            date,
            versions,
            findings: findings.all,
          });
          process.stdout.write(
            `\nRecorded in ${path.relative(process.cwd(), file)}: no secret, no name of the account, none of your rows.\n`,
          );
        }
        process.exitCode = findings.differs ? 1 : 0;
      });
    } catch (error) {
      if (signal.aborted) return;
      process.stderr.write(`certify: ${describeError(error)}\n`);
      process.exitCode = exitCodeOf(error);
    }
  },
  { handlesSignals: true },
);
