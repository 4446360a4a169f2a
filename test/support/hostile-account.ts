import path from 'node:path';
import { root } from '../ci/run-tool.js';
import { connect, startLocalSnowflake, type LocalSnowflake } from './local-snowflake.js';

/** Defaults that an account may set and that no figure may depend on. */
const DEFAULTS = {
  TIMEZONE: 'America/Los_Angeles',
  DATE_OUTPUT_FORMAT: 'DD.MM.YYYY',
  TIME_OUTPUT_FORMAT: 'HH12:MI AM',
  TIMESTAMP_OUTPUT_FORMAT: 'DD.MM.YYYY HH24:MI:SS',
  TIMESTAMP_NTZ_OUTPUT_FORMAT: 'DD.MM.YYYY HH24:MI:SS',
  TIMESTAMP_LTZ_OUTPUT_FORMAT: 'DD.MM.YYYY HH24:MI:SS',
  TIMESTAMP_TZ_OUTPUT_FORMAT: 'DD.MM.YYYY HH24:MI:SS TZHTZM',
  DATE_INPUT_FORMAT: 'DD.MM.YYYY',
  TIME_INPUT_FORMAT: 'HH24:MI',
  TIMESTAMP_INPUT_FORMAT: 'DD.MM.YYYY HH24:MI:SS',
  TIMESTAMP_TYPE_MAPPING: 'TIMESTAMP_LTZ',
  QUOTED_IDENTIFIERS_IGNORE_CASE: 'TRUE',
  WEEK_START: '7',
  WEEK_OF_YEAR_POLICY: '1',
  STATEMENT_TIMEOUT_IN_SECONDS: '20',
};
/** Those whose clients set what they depend on in each session; dbt and Looker rely on what set-up.sql sets on their users. */
const INDEPENDENT = ['SEVDESK_LOADER', 'SEVDESK_DASHBOARD'];

/** The embedded platform as `scripts/lib/embedded-platform.mjs` starts it. */
export interface EmbeddedPlatform {
  env: Record<string, string>;
  meltano: (args: string[]) => Promise<string>;
  stop: () => Promise<void>;
}

/**
 * Starts a platform whose account and users have every default another way, in a folder, on the company that is in its `sevdesk` already.
 * To Meltano `load` stands for all taps and targets.
 */
export async function startHostilePlatform(folder: string, sevdeskArguments: string[]): Promise<EmbeddedPlatform> {
  const snowflake = await startLocalSnowflake({
    dataDir: path.join(folder, 'snowflake'),
    args: Object.entries(DEFAULTS).flatMap(([name, value]) => ['--account-parameter', `${name}=${value}`]),
  });
  try {
    const { EXTRACT_AND_LOAD, startEmbeddedPlatform } = (await import(
      path.join(root, 'scripts/lib/embedded-platform.mjs')
    )) as { EXTRACT_AND_LOAD: string[]; startEmbeddedPlatform: (options: object) => Promise<EmbeddedPlatform> };
    const ports = { snowflake: snowflake.port, sevdesk: 0, ecb: 0 };
    const platform = await startEmbeddedPlatform({ dataDir: folder, ports, sevdeskArguments });
    await spoilUsers(snowflake);
    return {
      ...platform,
      meltano: (args) => platform.meltano(args.flatMap((arg) => (arg === 'load' ? EXTRACT_AND_LOAD : [arg]))),
      stop: async () => {
        await platform.stop();
        await snowflake.stop();
      },
    };
  } catch (error) {
    await snowflake.stop();
    throw error;
  }
}

/** Users' own defaults win over the account's, and over those of set-up.sql. */
async function spoilUsers(snowflake: LocalSnowflake): Promise<void> {
  const admin = await connect(snowflake);
  const settings = Object.entries({ ...DEFAULTS, AUTOCOMMIT: 'FALSE' })
    .map(([name, value]) => `${name} = ${/^(\d+|TRUE|FALSE)$/.test(value) ? value : `'${value}'`}`)
    .join(' ');
  try {
    for (const user of INDEPENDENT) await admin.query(`ALTER USER ${user} SET ${settings}`);
    await admin.query(
      "ALTER USER SEVDESK_TRANSFORMER SET AUTOCOMMIT = FALSE TIMEZONE = 'America/Los_Angeles' WEEK_START = 7",
    );
  } finally {
    await admin.close();
  }
}
