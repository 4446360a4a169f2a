import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { exitCodeOf } from '@singer-io-ts/sdk';
import { SessionLostError, UnreachableError } from '@singer-io-ts/snowflake-session';
import { check, Findings } from './report/findings.mjs';
import { compareExchanges, Recording } from './report/recording.mjs';
import { connectionOf } from './snowflake/account.mjs';
import { withOwnSchema } from './snowflake/own-schema.mjs';
import { certifierOf } from './snowflake/settings.mjs';
import { SNOWFLAKE_SUITES } from './snowflake/suites.mjs';
import { sevdesk } from './sevdesk/suite.mjs';

const SEVDESK_URL = 'https://my.sevdesk.de/api/v1';
/** Exit codes with which nothing more can be learned: bad settings, sign-in refused. */
const ENDS_ALL = new Set([2, 3]);

/**
 * Asks Snowflake, and sevDesk where a token is given, everything that the platform relies on.
 *
 * @param {object} options
 * @param {Record<string, string | undefined>} options.env the settings, as `.env` names them
 * @param {AbortSignal} options.signal gives up, and still removes what was made
 * @param {(finding: import('./report/findings.mjs').Finding) => void} options.onFinding
 * @param {{ exchanges: object[] }} [options.against] an earlier recording
 * @param {string[]} [options.only] names of suites, where not all are wanted
 * @returns {Promise<{ findings: Findings, recording: Recording, versions: Record<string, string> }>}
 * @throws ConfigError, AuthenticationError, or an error that says that nothing answers
 */
export async function certify({ env, signal, onFinding, against, only }) {
  const isWanted = ({ name: suite }) => only === undefined || only.includes(suite);
  const findings = new Findings(onFinding);
  const own = certifierOf(env);
  const name = `CERTIFY_${Date.now()}_${randomBytes(4).toString('hex').toUpperCase()}`;
  const config = connectionOf(own);
  const recording = new Recording({
    SCHEMA: name,
    ACCOUNT: config.account,
    HOST: config.host,
    USER: config.user,
    ROLE: config.role,
    WAREHOUSE: config.warehouse,
    DATABASE: config.database,
    LOADER: env.SNOWFLAKE_USER,
    TRANSFORMER: env.DBT_SNOWFLAKE_USER,
    REPORTER: env.DASHBOARD_SNOWFLAKE_USER,
  });
  const isFatal = (error) =>
    signal.aborted ||
    ENDS_ALL.has(exitCodeOf(error)) ||
    error instanceof UnreachableError ||
    error instanceof SessionLostError;
  const checkIn = (suite) => (what, body) => check(findings, { suite, name: what, isFatal }, body);
  let server = 'unknown';
  await withOwnSchema({ env: own, recording, signal, name }, async (account) => {
    const session = await account.open({ suite: 'versions' });
    server = (await session.ask('SELECT CURRENT_VERSION() AS V', { varies: true }))[0]?.V ?? server;
    for (const suite of SNOWFLAKE_SUITES.filter(isWanted))
      await runSuite(suite, { account, schema: name, env, recording, signal }, { findings, checkIn, isFatal });
  });
  const token = env.SEVDESK_API_KEY;
  if (token && isWanted(sevdesk)) {
    const url = (env.TAP_SEVDESK_API_URL || SEVDESK_URL).replace(/\/$/, '');
    await runSuite(sevdesk, { url, token, recording, signal }, { findings, checkIn, isFatal });
  } else if (isWanted(sevdesk))
    findings.add({ suite: sevdesk.name, name: 'all', outcome: 'not tried', reason: 'SEVDESK_API_KEY is not set' });
  if (against)
    for (const { name: what, body } of compareExchanges(against.exchanges, recording.exchanges))
      await checkIn('as recorded')(what, body);
  return { findings, recording, versions: { snowflake: server, driver: driverVersion(), node: process.versions.node } };
}

/** A suite that cannot be prepared is one finding; the others go on. */
async function runSuite(suite, context, { findings, checkIn, isFatal }) {
  try {
    await suite.run({ ...context, check: checkIn(suite.name) });
  } catch (error) {
    await check(findings, { suite: suite.name, name: 'preparation', isFatal }, () => Promise.reject(error));
  }
}

const driverVersion = () =>
  createRequire(createRequire(import.meta.url).resolve('@singer-io-ts/snowflake-session'))('snowflake-sdk/package.json')
    .version;

/** The names of all suites. */
export const SUITE_NAMES = [...SNOWFLAKE_SUITES, sevdesk].map(({ name }) => name);
