import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkRoles } from './grants-health.mjs';
import { formatAge, formatTime } from './time-words.mjs';
import { Unhealthy } from './unhealthy.mjs';
import { connectionFrom, readerOf, withWarehouse } from './warehouse.mjs';
import { meltanoFault } from './meltano-fault.mjs';
import { inRoot } from './paths.mjs';
import { envBin, pythonVersion } from './python-env.mjs';
import { CommandError, run } from './run.mjs';

/** Figures older than this are outdated: runs are hourly, and one may be retried. */
const OUTDATED_AFTER_MINUTES = 120;
/** How long the services may take until they run after a restart, on a busy machine. */
const SERVICES_READY_SECONDS = 300;
const POLL_MS = 1000;
const ANSWER_MS = 20_000;

/**
 * A check: its name and a function that resolves to what it found or throws {@link Unhealthy}.
 * Without what a `vital` one looks at, the checks after it could only say the same again. What an `advisory` one finds is told and
 * does not count: a new release cannot change it.
 */
const check = (name, body, { vital = false, advisory = false } = {}) => ({ name, body, vital, advisory });

const SCHEMAS_SQL = `SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME IN ('RAW', 'STAGING', 'DBT', 'ANALYTICS')`;
const AGE_SQL = `SELECT MAX(AGE_MINUTES) AS AGE_MINUTES, DATE_PART(EPOCH_SECOND, MIN(DATA_AS_OF)) AS DATA_AS_OF FROM ANALYTICS.PIPELINE_HEALTH WHERE STAGE = 'ANALYTICS'`;

function checkTools() {
  return [
    check('Node', async () => process.versions.node),
    check('Python', async () => {
      const version = await pythonVersion();
      if (version === undefined)
        throw new Unhealthy(
          'Python 3.11 or newer was not found',
          'install it, or name it in the environment variable PYTHON',
        );
      return version;
    }),
    check('Meltano and dbt', async () => {
      for (const [name, program] of [
        ['meltano', 'meltano'],
        ['dbt', 'dbt'],
      ]) {
        if (!existsSync(envBin(name, program)))
          throw new Unhealthy(`${program} is not installed`, `run: node scripts/python.mjs sync ${name}`);
      }
      return 'installed';
    }),
  ];
}

const SETTINGS = {
  SEVDESK_API_KEY: 'sevDesk: Settings → Users → your user → API token',
  SNOWFLAKE_ACCOUNT: 'the part before .snowflakecomputing.com',
  SNOWFLAKE_USER: 'a user of deploy/snowflake/set-up.sql, such as SEVDESK_LOADER',
  SNOWFLAKE_WAREHOUSE: 'SEVDESK_WH, unless you named it otherwise',
};

function checkSettings(env) {
  return check(
    'Settings',
    async () => {
      const missing = Object.keys(SETTINGS).filter((name) => !env[name]);
      if (missing.length > 0)
        throw new Unhealthy(
          `${missing.join(', ')} not set`,
          `in .env: ${missing.map((name) => `${name} (${SETTINGS[name]})`).join('; ')}`,
        );
      if (!env.SNOWFLAKE_PRIVATE_KEY_PATH && !env.SNOWFLAKE_PASSWORD)
        throw new Unhealthy(
          'neither SNOWFLAKE_PRIVATE_KEY_PATH nor SNOWFLAKE_PASSWORD is set',
          'make a key pair: README.md, step 2',
        );
      if (env.SNOWFLAKE_PRIVATE_KEY_PATH && !existsSync(env.SNOWFLAKE_PRIVATE_KEY_PATH))
        throw new Unhealthy(
          `SNOWFLAKE_PRIVATE_KEY_PATH names no file: ${env.SNOWFLAKE_PRIVATE_KEY_PATH}`,
          'check the path',
        );
      return 'complete';
    },
    { vital: true },
  );
}

/** Writes a state of its own, reads it and deletes it, by Meltano, as each run does. */
function checkState(env) {
  return check('State', async () => {
    const id = `prod:doctor-${process.pid}`;
    const meltano = (...args) =>
      run(envBin('meltano', 'meltano'), ['--environment=prod', 'state', ...args], { env: { ...process.env, ...env } });
    try {
      await meltano('set', '--force', id, '{"singer_state":{"doctor":true}}');
      if (!(await meltano('get', id)).includes('doctor')) throw new Error('what was written cannot be read');
      await meltano('clear', '--force', id);
    } catch (error) {
      const said = error instanceof CommandError ? meltanoFault(error.output) : error.message;
      throw new Unhealthy(
        `the state cannot be read and written: ${said}`,
        'check MELTANO_STATE_BACKEND_URI and who owns what it names: docs/operations.md',
      );
    }
    const uri = env.MELTANO_STATE_BACKEND_URI;
    const isLocal = !uri || uri.startsWith('file:');
    return isLocal
      ? 'can be read and written. It is kept on this machine only: for another one to take over, set MELTANO_STATE_BACKEND_URI'
      : `can be read and written (${new URL(uri).protocol.replace(':', '')})`;
  });
}

/** Asks the webhook listener, which watches the others, until the services have started and Dagster evaluates sensors again. */
function checkServices(env) {
  return check('Services', async () => {
    const since = Date.now() / 1000;
    const address = `http://127.0.0.1:${env.WEBHOOK_PORT || 3030}/health`;
    let found = 'the webhook listener does not answer';
    const patience = Number(env.SERVICES_READY_SECONDS || SERVICES_READY_SECONDS) * 1000;
    for (const deadline = Date.now() + patience; Date.now() < deadline; await sleep(POLL_MS)) {
      try {
        const answer = await fetch(address, { signal: AbortSignal.timeout(ANSWER_MS) });
        const { problems = [], pulse_at: pulse, status } = await answer.json();
        if (answer.ok && pulse > since) return 'the code location is loaded, and the daemon evaluates sensors';
        found = answer.ok ? 'the daemon evaluates no sensors yet' : [...problems].join('; ') || status;
      } catch {
        // Not up yet.
      }
    }
    throw new Unhealthy(found, "journalctl -u 'sevdesk-*': docs/runbooks/nothing-runs.md");
  });
}

function checkSevdesk(env) {
  return check('sevDesk', async () => {
    const tap = inRoot('node_modules/.bin/tap-sevdesk');
    const settings = {
      TAP_SEVDESK_API_KEY: env.SEVDESK_API_KEY,
      ...(env.TAP_SEVDESK_API_URL ? { TAP_SEVDESK_API_URL: env.TAP_SEVDESK_API_URL } : {}),
    };
    try {
      await run(tap, ['--config', 'ENV', '--test=connection'], { env: { ...process.env, ...settings } });
      return 'token accepted';
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const said = / ERROR +\S+ (.*)/.exec(error.output)?.[1] ?? 'no answer';
      throw new Unhealthy(said, error.code === 3 ? 'copy the token anew' : 'docs/errors.md');
    }
  });
}

/** Checks that need a session share one; the first of them tells when there is none. */
function checkWarehouse(env) {
  return check(
    'Snowflake',
    async () =>
      withWarehouse(env, async (session) => {
        const [who] = await session.run(
          'SELECT CURRENT_USER() AS U, CURRENT_ROLE() AS R, CURRENT_WAREHOUSE() AS W, CURRENT_DATABASE() AS D',
        );
        const { database } = connectionFrom(env);
        if (!who.D)
          throw new Unhealthy(
            `database ${database} is not there, or role ${who.R} may not see it`,
            'deploy/snowflake/set-up.sql',
          );
        if (!who.W)
          throw new Unhealthy(
            `no warehouse: ${env.SNOWFLAKE_WAREHOUSE ?? 'none named'}`,
            'deploy/snowflake/set-up.sql grants USAGE on it',
          );
        return `${who.U} as ${who.R} on ${who.W}`;
      }),
    { vital: true },
  );
}

function checkGrants(env) {
  return check('Grants', () => checkRoles(env));
}

function checkFreshness(env) {
  return check(
    'Figures',
    async () =>
      withWarehouse(readerOf(env), async (session) => {
        const have = (await session.run(SCHEMAS_SQL)).map((row) => row.SCHEMA_NAME);
        if (!have.includes('ANALYTICS'))
          throw new Unhealthy('there are no figures yet', 'run: npm start, or meltano run sevdesk-to-analytics');
        const [age] = await session.run(AGE_SQL).catch((error) => {
          throw new Unhealthy(
            `ANALYTICS.PIPELINE_HEALTH cannot be read: ${error.message}`,
            'run: npm run meltano -- run dbt-snowflake:build',
          );
        });
        if (age?.AGE_MINUTES === null || age?.AGE_MINUTES === undefined)
          throw new Unhealthy('the age of the figures is not known', 'run: npm run meltano -- run dbt-snowflake:build');
        const minutes = Number(age.AGE_MINUTES);
        const asOf = `data as of ${formatTime(Number(age.DATA_AS_OF) * 1000)}, ${formatAge(minutes)} ago`;
        if (minutes > OUTDATED_AFTER_MINUTES)
          throw new Unhealthy(`outdated: they show ${asOf}`, 'see why runs fail: npm run dagster, docs/operations.md');
        return asOf;
      }),
    { advisory: true },
  );
}

/** Whether a check's error is one that its user can act on. */
function adviceOf(error) {
  return error instanceof Unhealthy
    ? error.advice
    : error.setting
      ? 'docs/errors.md'
      : 'docs/errors.md tells what the line means';
}

/**
 * Runs all checks one after the other and reports each.
 *
 * @typedef {{ name: string, status: 'ok' | 'failed' | 'note', message: string, advice?: string }} Finding a `note` is no failure
 * @param {{ env: Record<string, string | undefined>, isLocal: boolean, services?: boolean, report: (finding: Finding) => void }} options
 *   `services`: whether the platform is to be running on this machine
 * @returns {Promise<Finding[]>} what each check found
 */
export async function checkHealth({ env, isLocal, services = false, report }) {
  const checks = [
    ...checkTools(),
    ...(isLocal ? [] : [checkState(env), checkSettings(env)]),
    checkSevdesk(env),
    checkWarehouse(env),
    checkGrants(env),
    checkFreshness(env),
    ...(services ? [checkServices(env)] : []),
  ];
  const findings = [];
  const found = (finding) => {
    findings.push(finding);
    report(finding);
  };
  for (const { name, body, vital, advisory } of checks) {
    try {
      found({ name, status: 'ok', message: await body() });
    } catch (error) {
      found({ name, status: advisory ? 'note' : 'failed', message: error.message, advice: adviceOf(error) });
      if (vital) break;
    }
  }
  return findings;
}
