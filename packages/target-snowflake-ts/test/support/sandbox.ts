import {
  connect,
  startLocalSnowflake,
  type LocalSnowflake,
  type Row,
  type SnowflakeClient,
} from '../../../../test/support/local-snowflake.js';
import { runTarget, type Outcome, type RunOptions, type Settings } from './run-target.js';

/** A local Snowflake for one test file; each test loads into a schema of its own. */
export interface Sandbox {
  server: LocalSnowflake;
  client: SnowflakeClient;
  /** Settings that load into a fresh schema. */
  fresh(): Settings & { default_target_schema: string };
  /** Runs the target and expects that it ends well. */
  load(config: Settings, input: RunOptions['input'], options?: Partial<RunOptions>): Promise<Outcome>;
  /** Every row of a table, ordered; values as text, VARIANTs as JSON text. */
  rows(config: Settings, table: string, orderBy?: string, columns?: string): Promise<Row[]>;
  /** Names and types of a table's columns, in order. */
  columns(config: Settings, table: string): Promise<Record<string, string>>;
  tables(config: Settings): Promise<string[]>;
  query(sql: string): Promise<Row[]>;
  close(): Promise<void>;
}

const AS_TEXT = { fetchAsString: ['Number', 'Date', 'JSON', 'Boolean'] as const };
const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export async function openSandbox(server?: LocalSnowflake): Promise<Sandbox> {
  const running = server ?? (await startLocalSnowflake());
  const client = await connect(running, { representNullAsStringNull: false });
  await client.query('CREATE DATABASE IF NOT EXISTS TESTS');
  let schemas = 0;
  const query = (sql: string): Promise<Row[]> =>
    client.query(sql, undefined, { fetchAsString: [...AS_TEXT.fetchAsString] });
  const full = (config: Settings, table: string): string =>
    `"TESTS".${quote(String(config['default_target_schema']))}.${quote(table)}`;
  return {
    server: running,
    client,
    query,
    fresh: () => {
      schemas += 1;
      return {
        account: 'local',
        user: 'local',
        password: 'local',
        host: running.host,
        port: running.port,
        protocol: 'http',
        database: 'TESTS',
        default_target_schema: `T${process.pid}_${schemas}`,
      };
    },
    load: async (config, input, options = {}) => {
      const outcome = await runTarget({ config, input, ...options });
      if (outcome.code !== 0)
        throw new Error(`the target ended with ${outcome.code ?? outcome.signal}: ${outcome.stderr}`);
      return outcome;
    },
    rows: async (config, table, orderBy, columns = '*') =>
      query(`SELECT ${columns} FROM ${full(config, table)}${orderBy === undefined ? '' : ` ORDER BY ${orderBy}`}`),
    columns: async (config, table) =>
      Object.fromEntries(
        (await query(`DESCRIBE TABLE ${full(config, table)}`)).map((row) => [String(row['name']), String(row['type'])]),
      ),
    tables: async (config) =>
      (await query(`SHOW TABLES IN SCHEMA "TESTS".${quote(String(config['default_target_schema']))}`))
        .map((row) => String(row['name']))
        .sort(),
    close: async () => {
      await client.close();
      if (!server) await running.stop();
    },
  };
}

/** The properties of a row that are not metadata. */
export const withoutMetadata = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_SDC_')));
