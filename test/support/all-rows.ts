import { connect, startLocalSnowflake } from './local-snowflake.js';

/** Columns that tell when something was loaded or built. */
const TIMES = /^(_SDC_.*|WRITTEN_AT|REFRESHED_AT|DBT_.*|DATA_AS_OF|.*LOADED.*|AGE_MINUTES)$/;
/** Tables that tell of loads and builds, of which only the columns can be the same. */
const ABOUT_RUNS = /^(_SDC_.*|LOADS_STG|PIPELINE_HEALTH|DOCUMENT_HISTORY|.*RAW_VOLUMES)$/;

/** What a folder of the local Snowflake holds in SEVDESK: by table its columns with their types, and its rows in some order. */
export async function allRows(dataDir: string): Promise<Map<string, { columns: string[]; rows: string[] }>> {
  const server = await startLocalSnowflake({ dataDir });
  const client = await connect(server, { database: 'SEVDESK' });
  try {
    const columns = await client.query(
      `SELECT TABLE_SCHEMA || '.' || TABLE_NAME AS T, TABLE_NAME AS N, COLUMN_NAME AS C, DATA_TYPE || ' ' || COALESCE(NUMERIC_SCALE, -1) AS K
      FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA IN ('RAW', 'STAGING', 'DBT', 'ANALYTICS') ORDER BY T, ORDINAL_POSITION`,
    );
    const tables = new Map<string, { columns: string[]; rows: string[] }>();
    for (const name of new Set(columns.map((row) => row['T'] as string))) {
      const own = columns.filter((row) => row['T'] === name);
      const shown = own.map((row) => row['C'] as string).filter((column) => !TIMES.test(column));
      const live = own.some((row) => row['C'] === '_SDC_DELETED_AT') ? ' WHERE _SDC_DELETED_AT IS NULL' : '';
      const rows = ABOUT_RUNS.test(own[0]?.['N'] as string)
        ? []
        : await client.query(`SELECT ${shown.map((column) => `"${column}"`).join(', ')} FROM ${name}${live}`, [], {
            fetchAsString: ['Number', 'Date'],
          });
      tables.set(name, {
        columns: own.map((row) => `${row['C'] as string} ${row['K'] as string}`),
        rows: rows.map((row) => JSON.stringify(row)).sort(),
      });
    }
    return tables;
  } finally {
    await client.close();
    await server.stop();
  }
}

/** Where two folders differ: each table by its columns or the first row that only one of them has. */
export function differences(
  one: Awaited<ReturnType<typeof allRows>>,
  other: Awaited<ReturnType<typeof allRows>>,
): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((name) => {
    const [a, b] = [one.get(name), other.get(name)];
    if (a?.columns.join() !== b?.columns.join()) return [`${name}: ${a?.columns.join()} | ${b?.columns.join()}`];
    const missing = a?.rows.find((row) => !b?.rows.includes(row));
    const more = b?.rows.find((row) => !a?.rows.includes(row));
    return (missing ?? more) === undefined ? [] : [`${name}: ${missing} | ${more}`];
  });
}
