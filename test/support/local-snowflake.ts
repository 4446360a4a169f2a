import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  loadDriver,
  type Binds,
  type Connection,
  type ConnectionOptions,
  type RowStatement,
  type StatementOption,
} from '@singer-io-ts/snowflake-session/driver';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** How to start a local Snowflake for a test. */
export interface LocalSnowflakeOptions {
  /**
   * Folder that keeps the data; one of an earlier server continues where that one ended.
   *
   * @default a new temporary folder, removed by `stop()`
   */
  dataDir?: string;
  /** @default 0, a free port */
  port?: number;
  /** More command line arguments, such as `--memory-limit`. */
  args?: string[];
}

/** A running local Snowflake: user `local`, password `local`, account `local`. */
export interface LocalSnowflake {
  host: string;
  port: number;
  url: string;
  dataDir: string;
  pid: number;
  /** Ends it with SIGTERM and resolves to the exit code; removes a temporary data folder. */
  stop: () => Promise<number | null>;
  /** Ends it with SIGKILL and keeps the data folder. */
  kill: () => Promise<void>;
}

/** Starts a local Snowflake and resolves when it takes connections. */
export async function startLocalSnowflake(options: LocalSnowflakeOptions = {}): Promise<LocalSnowflake> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'local-snowflake-')));
  const python = path.join(root, '.venvs', 'local-snowflake', 'bin', 'python');
  const args = [
    '-m',
    'local_snowflake',
    '--port',
    String(options.port ?? 0),
    '--data',
    dataDir,
    ...(options.args ?? []),
  ];
  const env = {
    ...process.env,
    PYTHONPATH: path.join(root, 'local', 'snowflake'),
    SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
  };
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /ready on (http:\/\/\S+)$/.exec(line);
      if (match?.[1]) resolve(match[1]);
      else said.push(line);
    });
    child.once('error', reject);
    exited.then(
      ([code]) => reject(new Error(`the local Snowflake ended with ${String(code)}: ${said.join('\n')}`)),
      reject,
    );
  });
  const { hostname, port } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    url,
    dataDir,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = await exited;
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
      return code;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** A row as the driver gives it: column names to values. */
export type Row = Record<string, unknown>;

/** A signed-in connection of Snowflake's real Node driver. */
export interface SnowflakeClient {
  /** Runs one statement and resolves to its rows. Rejects with the driver's error: `code`, `sqlState`, `message`. */
  query: (sql: string, binds?: Binds, more?: Partial<StatementOption>) => Promise<Row[]>;
  /** As `query`, and the driver's statement too. */
  run: (
    sql: string,
    binds?: Binds,
    more?: Partial<StatementOption>,
  ) => Promise<{ rows: Row[]; statement: RowStatement }>;
  close: () => Promise<void>;
  connection: Connection;
}

/** Signs in. `options` are the driver's, over user, password and account `local`. */
export async function connect(
  server: Pick<LocalSnowflake, 'host' | 'port' | 'url'>,
  options: Partial<ConnectionOptions> = {},
): Promise<SnowflakeClient> {
  const sdk = await loadDriver();
  const connection = sdk.createConnection({
    account: 'local',
    username: 'local',
    ...(options.authenticator === undefined ? { password: 'local' } : {}),
    accessUrl: server.url,
    host: server.host,
    port: server.port,
    protocol: 'http',
    sfRetryMaxLoginRetries: 1,
    jsonColumnVariantParser: JSON.parse,
    ...options,
  } as ConnectionOptions);
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  const run: SnowflakeClient['run'] = (sqlText, binds, more = {}) =>
    new Promise((resolve, reject) => {
      connection.execute({
        sqlText,
        ...(binds === undefined ? {} : { binds }),
        ...more,
        complete: (error, statement, rows) =>
          error ? reject(error) : resolve({ rows: rows ?? [], statement: statement }),
      });
    });
  return {
    connection,
    run,
    query: async (sql, binds, more) => (await run(sql, binds, more)).rows,
    close: () =>
      new Promise((resolve, reject) => {
        connection.destroy((error) => (error ? reject(error) : resolve()));
      }),
  };
}

/** Runs one statement in a session of its own and resolves to its rows. */
export async function query(
  server: Pick<LocalSnowflake, 'host' | 'port' | 'url'>,
  sql: string,
  binds?: Binds,
  options: Partial<ConnectionOptions> = {},
): Promise<Row[]> {
  const client = await connect(server, options);
  try {
    return await client.query(sql, binds);
  } finally {
    await client.close();
  }
}

/** What a statement fails with; undefined where it does not fail. */
export async function failure(
  promise: Promise<unknown>,
): Promise<{ code: string; sqlState?: string; message: string } | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error as { code: string; sqlState?: string; message: string };
  }
}
