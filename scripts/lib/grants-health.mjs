import { Unhealthy } from './unhealthy.mjs';
import { readerOf, transformerOf, withWarehouse } from './warehouse.mjs';

const SET_UP = 'deploy/snowflake/set-up.sql grants it';
const OBJECTS = (schema) =>
  `SELECT TABLE_NAME AS NAME, TABLE_TYPE AS KIND FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = '${schema.replaceAll("'", "''")}'`;

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

async function roleOf(session) {
  const [{ R: role }] = await session.run('SELECT CURRENT_ROLE() AS R');
  return role;
}

/** Runs a statement for which the role needs the privilege; says which role lacks which where it is refused. */
async function probe(session, role, privilege, sql) {
  await session.run(sql).catch((error) => {
    throw new Unhealthy(
      `role ${role} lacks ${privilege}: ${error.message}`,
      `GRANT ${privilege} TO ROLE ${role} (${SET_UP})`,
    );
  });
}

/** A table that lasts: a temporary one needs no privilege and would prove nothing. It is gone again at once. */
async function checkLoader(env, schema) {
  return withWarehouse(env, async (session) => {
    const role = await roleOf(session);
    const table = `${quoted(schema)}._DOCTOR_${process.pid}`;
    await probe(session, role, `CREATE TABLE ON SCHEMA ${schema}`, `CREATE TRANSIENT TABLE ${table} (X NUMBER)`);
    await session.run(`DROP TABLE ${table}`);
    await probe(session, role, `CREATE STAGE ON SCHEMA ${schema}`, `CREATE TEMPORARY STAGE ${table}`);
    return { role, tables: (await session.run(OBJECTS(schema))).map(({ NAME }) => NAME) };
  });
}

/** Raises for the first object that another role has and this one does not see. */
function requireAll(role, schema, wanted, seen) {
  const missing = wanted.find(({ NAME }) => !seen.some((object) => object.NAME === NAME));
  if (!missing) return;
  const kind = missing.KIND === 'VIEW' ? 'VIEW' : 'TABLE';
  throw new Unhealthy(
    `role ${role} may not read ${schema}.${missing.NAME}`,
    `GRANT SELECT ON ALL ${kind}S IN SCHEMA ${schema} TO ROLE ${role}, and the same ON FUTURE ${kind}S (${SET_UP})`,
  );
}

async function checkTransformer(env, schema, tables) {
  return withWarehouse(transformerOf(env), async (session) => {
    const role = await roleOf(session);
    await probe(session, role, `USAGE ON SCHEMA ${schema}`, `USE SCHEMA ${quoted(schema)}`);
    const seen = await session.run(OBJECTS(schema));
    requireAll(
      role,
      schema,
      tables.map((NAME) => ({ NAME, KIND: 'BASE TABLE' })),
      seen,
    );
    const [first] = tables;
    if (first)
      await probe(
        session,
        role,
        `SELECT ON TABLE ${schema}.${first}`,
        `SELECT 1 AS X FROM ${quoted(schema)}.${quoted(first)} LIMIT 0`,
      );
    const marts = await session.run(OBJECTS('ANALYTICS'));
    // Where the schema is there already nothing is made, and the privilege is asked for all the same.
    const [analytics] = await session.run(
      "SELECT SCHEMA_NAME AS NAME FROM INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME = 'ANALYTICS'",
    );
    if (analytics) await probe(session, role, 'CREATE SCHEMA ON DATABASE', 'CREATE SCHEMA IF NOT EXISTS ANALYTICS');
    return { role, marts };
  });
}

async function checkReader(env, marts) {
  return withWarehouse(readerOf(env), async (session) => {
    const role = await roleOf(session);
    if (marts.length === 0) return role;
    await probe(session, role, 'USAGE ON SCHEMA ANALYTICS', 'USE SCHEMA ANALYTICS');
    requireAll(role, 'ANALYTICS', marts, await session.run(OBJECTS('ANALYTICS')));
    const [first] = marts;
    await probe(
      session,
      role,
      `SELECT ON ${first.KIND === 'VIEW' ? 'VIEW' : 'TABLE'} ANALYTICS.${first.NAME}`,
      `SELECT 1 AS X FROM ANALYTICS.${quoted(first.NAME)} LIMIT 0`,
    );
    return role;
  });
}

/**
 * Tries what loading, dbt and reading need, each as the user and role that will do it.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<string>} which roles may do what
 * @throws {Unhealthy} naming the role and the privilege that it lacks
 */
export async function checkRoles(env) {
  const schema = env.SNOWFLAKE_SCHEMA || 'RAW';
  const loader = await checkLoader(env, schema);
  const transformer = await checkTransformer(env, schema, loader.tables);
  const reader = await checkReader(env, transformer.marts);
  return `${loader.role} loads ${schema}, ${transformer.role} reads it and makes the marts, ${reader} reads ANALYTICS`;
}
