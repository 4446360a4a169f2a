import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { dbtSourcesChangedAt, streamsThatModelsRead } from './dbt-sources.mjs';
import { envDir } from './python-env.mjs';
import { transformerOf, withWarehouse } from './warehouse.mjs';

const BUILT_SQL =
  'SELECT DATE_PART(EPOCH_SECOND, MIN(REFRESHED_AT)) AS BUILT_AT FROM ANALYTICS.INVOICES_AMOUNT_BY_COUNTRY';
/** Streams that brought rows since a moment, or whose table has a new version: a pass that deletes may bring none. */
const movedSql = (streams) => `SELECT STREAM FROM (
  SELECT STREAM, ROWS_READ, TABLE_VERSION, COMMITTED_AT >= TO_TIMESTAMP_TZ(?) AS IS_NEW FROM RAW._SDC_LOAD_LEDGER
  WHERE STREAM IN (${streams.map(() => '?').join(', ')})
) GROUP BY STREAM
HAVING SUM(CASE WHEN IS_NEW THEN ROWS_READ ELSE 0 END) > 0
  OR MAX(CASE WHEN IS_NEW THEN TABLE_VERSION END) > COALESCE(MAX(CASE WHEN NOT IS_NEW THEN TABLE_VERSION END), 0)`;

/** When dbt itself was last installed. */
async function dbtChangedAt() {
  const stamp = path.join(envDir('dbt'), '.requirements');
  return existsSync(stamp) ? (await stat(stamp)).mtimeMs : Infinity;
}

/**
 * When the models were built that are still current: no stream that they read has loaded anything since, and the dbt project has not
 * changed. It goes by the loader's ledger and not by what a run said of itself, so that loads by hand and runs that were killed count, too.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<number | undefined>} in milliseconds since 1970; undefined when the models have to be built
 */
export async function modelsHoldSince(env) {
  return withWarehouse(transformerOf(env), async (session) => {
    // No figures yet, or not the ones of this version: dbt tells what is wrong, if anything is.
    const [built] = await session.run(BUILT_SQL).catch(() => []);
    if (built?.BUILT_AT === null || built?.BUILT_AT === undefined) return undefined;
    const builtAt = Number(built.BUILT_AT) * 1000;
    if (Math.max(await dbtSourcesChangedAt(), await dbtChangedAt()) > builtAt) return undefined;
    const streams = streamsThatModelsRead();
    const moved = await session.run(movedSql(streams), { binds: [new Date(builtAt).toISOString(), ...streams] });
    return moved.length === 0 ? builtAt : undefined;
  });
}
