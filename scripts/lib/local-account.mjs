import { createPublicKey, generateKeyPair } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { filledSetUp, KEY_HOLDERS, statementsOf } from './set-up-sql.mjs';

/** Where the private key of a user of the local account is kept. */
export const localKey = (dataDir, name) => path.join(dataDir, 'keys', `${name}.p8`);

/** Key pairs of this machine's own, made once; readable by their owner alone. */
async function ensureKeys(dataDir) {
  await mkdir(path.join(dataDir, 'keys'), { recursive: true, mode: 0o700 });
  const entries = await Promise.all(
    KEY_HOLDERS.map(async (name) => {
      const file = localKey(dataDir, name);
      if (!existsSync(file)) {
        const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
        await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
      }
      return [name, createPublicKey(readFileSync(file)).export({ type: 'spki', format: 'pem' })];
    }),
  );
  return Object.fromEntries(entries);
}

/** How a role signs in to the local Snowflake: variables that begin with `prefix`. */
const signIn = (prefix, dataDir, name, role) => ({
  [`${prefix}SNOWFLAKE_USER`]: `SEVDESK_${name.toUpperCase()}`,
  [`${prefix}SNOWFLAKE_PRIVATE_KEY_PATH`]: localKey(dataDir, name),
  [`${prefix}SNOWFLAKE_PRIVATE_KEY_PASSPHRASE`]: '',
  [`${prefix}SNOWFLAKE_ROLE`]: `SEVDESK_${role.toUpperCase()}`,
});

/** What loads, dbt and the dashboard sign in with, each as its own user, whatever else the environment holds. */
export const localSignIns = (dataDir) => ({
  ...signIn('', dataDir, 'loader', 'loader'),
  ...signIn('DBT_', dataDir, 'transformer', 'transformer'),
  ...signIn('DASHBOARD_', dataDir, 'dashboard', 'reporter'),
  LOCAL_DBT_USER: 'SEVDESK_TRANSFORMER',
  LOCAL_DBT_PRIVATE_KEY_PATH: localKey(dataDir, 'transformer'),
  LOCAL_DBT_ROLE: 'SEVDESK_TRANSFORMER',
  LOCAL_DBT_WAREHOUSE: 'SEVDESK_WH',
  SNOWFLAKE_PASSWORD: '',
  DBT_SNOWFLAKE_PASSWORD: '',
  SNOWFLAKE_WAREHOUSE: 'SEVDESK_WH',
  SNOWFLAKE_DATABASE: 'SEVDESK',
});

/** Whose everything in a schema is. Of folders that earlier versions made, everything is SYSADMIN's. */
const OWNERS = {
  RAW: 'SEVDESK_LOADER',
  STAGING: 'SEVDESK_TRANSFORMER',
  DBT: 'SEVDESK_TRANSFORMER',
  ANALYTICS: 'SEVDESK_TRANSFORMER',
};

async function handOver(session) {
  const objects = await session.run(
    'SELECT TABLE_SCHEMA AS S, TABLE_OWNER AS O, TABLE_TYPE AS T FROM SEVDESK.INFORMATION_SCHEMA.TABLES',
  );
  const schemas = await session.run(
    'SELECT SCHEMA_NAME AS S, SCHEMA_OWNER AS O FROM SEVDESK.INFORMATION_SCHEMA.SCHEMATA',
  );
  for (const { S: schema, O: owner } of schemas) {
    const heir = OWNERS[schema];
    if (!heir) continue;
    if (schema !== 'RAW' && owner !== heir)
      await session.run(`GRANT OWNERSHIP ON SCHEMA SEVDESK.${schema} TO ROLE ${heir} COPY CURRENT GRANTS`);
    for (const [type, kind] of [
      ['BASE TABLE', 'TABLES'],
      ['VIEW', 'VIEWS'],
    ])
      if (objects.some(({ S, O, T }) => S === schema && T === type && O !== heir))
        await session.run(
          `GRANT OWNERSHIP ON ALL ${kind} IN SCHEMA SEVDESK.${schema} TO ROLE ${heir} COPY CURRENT GRANTS`,
        );
  }
}

/** Runs deploy/snowflake/set-up.sql on a local Snowflake, as often as one likes, with keys of this machine's own. */
export async function prepareLocalAccount({ url, dataDir }) {
  const { withWarehouse } = await import('./warehouse.mjs');
  const sql = filledSetUp({ keys: await ensureKeys(dataDir), addresses: ['127.0.0.0/8'] });
  const { hostname, port } = new URL(url);
  const env = {
    SNOWFLAKE_ACCOUNT: 'local',
    SNOWFLAKE_USER: 'local',
    SNOWFLAKE_PASSWORD: 'local',
    SNOWFLAKE_HOST: hostname,
    SNOWFLAKE_PORT: port,
    SNOWFLAKE_PROTOCOL: 'http',
    SNOWFLAKE_WAREHOUSE: 'LOCAL',
    SNOWFLAKE_DATABASE: 'SEVDESK',
  };
  await withWarehouse(env, async (session) => {
    for (const statement of statementsOf(sql)) await session.run(statement);
    await handOver(session);
  });
}
