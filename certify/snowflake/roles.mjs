import { Difference, NotPermitted, NotTried } from '../report/findings.mjs';
import { Account } from './account.mjs';
import { environmentOf } from './settings.mjs';
import { MissingObjectError } from '@singer-io-ts/snowflake-session';

const INVOICES = 'SELECT * FROM RAW.INVOICES LIMIT 0';
const HEALTH = 'SELECT * FROM ANALYTICS.PIPELINE_HEALTH LIMIT 0';
const BY_COUNTRY = 'SELECT * FROM ANALYTICS.INVOICES_AMOUNT_BY_COUNTRY LIMIT 0';

/**
 * The three roles of deploy/snowflake/set-up.sql, by the prefix of their settings: what each must be able to read, and what not.
 * Nothing is written: these are the user's own schemas.
 */
const ROLES = [
  { role: 'loader', prefix: 'SNOWFLAKE_', reads: [INVOICES], refused: [HEALTH] },
  { role: 'transformer', prefix: 'DBT_SNOWFLAKE_', reads: [INVOICES, HEALTH, BY_COUNTRY], refused: [] },
  { role: 'reporter', prefix: 'DASHBOARD_SNOWFLAKE_', reads: [HEALTH, BY_COUNTRY], refused: [INVOICES] },
];

/** Each role reads what it needs and nothing else, as far as its settings are given. */
export const roles = {
  name: 'roles',
  async run({ env, recording, signal, check }) {
    for (const { role, prefix, reads, refused } of ROLES) {
      const isGiven = Boolean(env[`${prefix}USER`] && env[`${prefix}ROLE`]);
      const account = isGiven ? new Account({ env: environmentOf(env, prefix), recording, signal }) : undefined;
      const ask = async (sql) => {
        if (!account) throw new NotTried(`${prefix}USER and ${prefix}ROLE are not set`);
        const session = await account.open({ suite: roles.name });
        await session.ask(sql, { varies: true });
      };
      try {
        for (const sql of reads) await check(`${role} may: ${sql}`, () => ask(sql).catch(explainMissing));
        for (const sql of refused)
          await check(`${role} may not: ${sql}`, async () => {
            const answer = await ask(sql).catch((error) => error);
            if (answer instanceof NotPermitted || answer instanceof MissingObjectError) return;
            if (answer instanceof Error) throw answer;
            throw new Difference({ expected: 'a refusal', came: 'an answer' });
          });
      } finally {
        await account?.close();
      }
    }
  },
};

/** Snowflake does not tell what is missing from what may not be seen. */
function explainMissing(error) {
  if (error instanceof MissingObjectError)
    throw new NotPermitted('the object is not there (run the pipeline once), or its grant is missing');
  throw error;
}
