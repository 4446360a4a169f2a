import type { LocalSnowflake, Row } from '../../../../test/support/local-snowflake.js';
import { useLocalSnowflake } from '../../../../test/support/use-local-snowflake.js';
import { runTarget, type Outcome, type RunOptions, type Settings } from './run-target.js';

/** Settings that load into a schema of the sandbox. */
export type SandboxSettings = Settings & { default_target_schema: string };

/** A local Snowflake for one test file; each test loads into a schema of its own. */
export interface Sandbox {
  server: LocalSnowflake;
  /** Settings that load into a fresh schema. */
  fresh(): SandboxSettings;
  /** Runs the target and expects that it ends well. */
  load(config: Settings, input: RunOptions['input'], options?: Partial<RunOptions>): Promise<Outcome>;
  /** Runs the target and expects that it fails without a STATE, with exit code 1; resolves to what it said on stderr. */
  refusal(config: Settings, input: RunOptions['input'], options?: Partial<RunOptions>): Promise<string>;
  /** The full quoted name of the schema that the settings load into. */
  schema(config: Settings): string;
  /** The full quoted name of a table in that schema. */
  table(config: Settings, table: string): string;
  /** Every row of a table, ordered; values as text, VARIANTs as JSON text. */
  rows(config: Settings, table: string, orderBy?: string, columns?: string): Promise<Row[]>;
  /** Names and types of a table's columns, in order. */
  columns(config: Settings, table: string): Promise<Record<string, string>>;
  tables(config: Settings): Promise<string[]>;
  query(sql: string): Promise<Row[]>;
}

/** Gives the test file that calls it a sandbox, which is open while its tests run. */
export function useSandbox(): Sandbox {
  const server = useLocalSnowflake();
  const client = server.session({ representNullAsStringNull: false });
  let schemas = 0;
  const sandbox: Sandbox = {
    server,
    query: (sql) => client.query(sql, undefined, { fetchAsString: ['Number', 'Date', 'JSON', 'Boolean'] }),
    schema: (config) => `"TESTS".${quote(String(config['default_target_schema']))}`,
    table: (config, table) => `${sandbox.schema(config)}.${quote(table)}`,
    fresh: () => {
      schemas += 1;
      return {
        account: 'local',
        user: 'local',
        password: 'local',
        host: server.host,
        port: server.port,
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
    refusal: async (config, input, options = {}) => {
      const outcome = await runTarget({ config, input, ...options });
      expect(outcome).toMatchObject({ code: 1, states: [] });
      return outcome.stderr;
    },
    rows: (config, table, orderBy, columns = '*') =>
      sandbox.query(
        `SELECT ${columns} FROM ${sandbox.table(config, table)}${orderBy === undefined ? '' : ` ORDER BY ${orderBy}`}`,
      ),
    columns: async (config, table) =>
      Object.fromEntries(
        (await sandbox.query(`DESCRIBE TABLE ${sandbox.table(config, table)}`)).map((row) => [
          String(row['name']),
          String(row['type']),
        ]),
      ),
    tables: async (config) =>
      (await sandbox.query(`SHOW TABLES IN SCHEMA ${sandbox.schema(config)}`)).map((row) => String(row['name'])).sort(),
  };
  beforeAll(() => client.query('CREATE DATABASE TESTS'));
  return sandbox;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The properties of a row that are not metadata. */
export const withoutMetadata = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_SDC_')));
