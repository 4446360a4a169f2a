import { expectEqual } from '../report/answers.mjs';

/** What sign-in pins, whatever account and user set. */
const PINNED = {
  TIMEZONE: 'UTC',
  DATE_INPUT_FORMAT: 'AUTO',
  DATE_OUTPUT_FORMAT: 'YYYY-MM-DD',
  TIMESTAMP_INPUT_FORMAT: 'AUTO',
  QUOTED_IDENTIFIERS_IGNORE_CASE: 'false',
  AUTOCOMMIT: 'true',
  TRANSACTION_ABORT_ON_ERROR: 'true',
  ERROR_ON_NONDETERMINISTIC_MERGE: 'true',
  ABORT_DETACHED_QUERY: 'true',
};

/** The parameters that a meaning depends on are as the platform sets them, and other sessions of it find them so, too. */
export const sessionDefaults = {
  name: 'session defaults',
  async run({ account, schema, check }) {
    const session = await account.open({ suite: this.name, schema });
    const rows = await session.ask('SHOW PARAMETERS IN SESSION', { varies: true });
    const found = new Map(rows.map((row) => [row.key, row.value]));
    for (const [name, expected] of Object.entries(PINNED))
      await check(`${name} = ${expected}`, async () => expectEqual(found.get(name), expected));
    await check('the session has a warehouse', async () => {
      const [row] = await session.ask('SELECT CURRENT_WAREHOUSE() IS NOT NULL AS HAS_ONE');
      expectEqual(row.HAS_ONE.toLowerCase(), 'true');
    });
  },
};
