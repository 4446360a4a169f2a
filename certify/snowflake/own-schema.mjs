import { ConfigError } from '@singer-io-ts/sdk';
import { quoteIdentifier } from '@singer-io-ts/snowflake-session';
import { NotPermitted } from '../report/findings.mjs';
import { Account } from './account.mjs';

const SUITE = 'own schema';

/**
 * Makes a schema that nobody else has, runs `body` with its name, and removes it whatever happens; a signal that gave up the statements
 * before does not give up this one.
 *
 * @template T
 * @param {{ env: object, recording: object, signal: AbortSignal, name: string }} options
 * @param {(account: Account) => Promise<T>} body
 * @returns {Promise<T>}
 * @throws ConfigError when the role may not create a schema
 */
export async function withOwnSchema({ env, recording, signal, name }, body) {
  const account = new Account({ env, recording, signal });
  const { database } = account.config;
  const schema = `${quoteIdentifier(database)}.${quoteIdentifier(name)}`;
  // Where signing in failed there is nothing to remove, and a key that keeps failing may be locked.
  let mayExist = false;
  try {
    const session = await account.open({ suite: SUITE });
    try {
      mayExist = true;
      await session.ask(`CREATE SCHEMA ${schema}`);
    } catch (error) {
      if (!(error instanceof NotPermitted)) throw error;
      mayExist = false;
      throw new ConfigError({
        message:
          `certify works in a schema of its own, and role ${account.config.role ?? '(default)'} may not create one in database ${database}: ` +
          'name a user and a role that may in CERTIFY_SNOWFLAKE_USER, CERTIFY_SNOWFLAKE_PRIVATE_KEY_PATH and CERTIFY_SNOWFLAKE_ROLE, such as SEVDESK_TRANSFORMER',
        setting: 'role',
      });
    }
    return await body(account);
  } finally {
    await account.close();
    if (mayExist) await removeSchema({ env, recording, schema });
  }
}

async function removeSchema({ env, recording, schema }) {
  const cleaner = new Account({ env, recording, signal: new AbortController().signal });
  try {
    const session = await cleaner.open({ suite: SUITE });
    await session.ask(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  } catch (error) {
    process.stderr.write(`certify: schema ${schema} could not be removed (${error.message}); drop it by hand\n`);
  } finally {
    await cleaner.close();
  }
}
