import { serve } from '@hono/node-server';
import { ConfigError } from '@singer-io-ts/sdk';
import type { Hono } from 'hono';
import { isIPv6 } from 'node:net';
import type { AddressInfo } from 'node:net';
import { makeServer } from './server.js';
import { SettingsError } from './environment.js';
import { readSettings } from './settings.js';
import { CachingWarehouse } from './warehouse/caching-warehouse.js';
import { SnowflakeWarehouse } from './warehouse/snowflake-warehouse.js';
import { WarehouseError } from './warehouse/warehouse.js';

export { settingProblems } from './settings.js';

const EXIT = { done: 0, failed: 1, usage: 2, refused: 3 } as const;

export interface MainOptions {
  /**
   * Told the address once, when pages can be asked for.
   *
   * @default nothing happens
   */
  readonly onReady?: (url: string) => void;
}

/**
 * Serves the dashboard until it is told to stop, and resolves to the exit code: 0 stopped, 1 failed, 2 wrong settings, 3 sign-in refused.
 * Prints a line that ends in `ready on http://127.0.0.1:PORT` as soon as pages can be asked for.
 */
export async function main(
  env: Readonly<Record<string, string | undefined>>,
  { onReady = () => undefined }: MainOptions = {},
): Promise<number> {
  try {
    const settings = readSettings(env);
    const { database, schema = '' } = settings.snowflake.connection;
    const snowflake = new SnowflakeWarehouse(settings.snowflake);
    await snowflake.rows({ sql: 'select 1 as one', binds: [] });
    const warehouse = new CachingWarehouse(snowflake, { ttlMs: settings.cacheSeconds * 1000, now: Date.now });
    const app = makeServer({
      warehouse,
      where: `${database}.${schema}`,
      schema,
      sevdeskUrl: settings.sevdeskUrl,
      outdatedAfterMinutes: settings.outdatedAfterMinutes,
      allowedHosts: settings.allowedHosts,
      signIn: settings.access.signIn,
      now: () => new Date(),
      log,
    });
    await listen(app.fetch.bind(app), { port: settings.port, host: settings.access.listen, onReady });
    await warehouse.close();
    return EXIT.done;
  } catch (error) {
    if (error instanceof SettingsError) for (const line of error.message.split('\n')) log(line);
    else log(error instanceof Error ? error.message : String(error));
    if (error instanceof SettingsError || error instanceof ConfigError) return EXIT.usage;
    return error instanceof WarehouseError && error.fault === 'refused' ? EXIT.refused : EXIT.failed;
  }
}

function listen(
  fetch: Hono['fetch'],
  { port, host, onReady }: { port: number; host: string; onReady: (url: string) => void },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: host }, ({ port: bound }: AddressInfo) => {
      const url = `http://${isIPv6(host) ? `[${host}]` : host}:${bound}`;
      process.stdout.write(`dashboard: ready on ${url}\n`);
      onReady(url);
    });
    const stop = (): void => {
      server.close(() => resolve());
      // Browsers keep connections open that no request uses.
      if ('closeAllConnections' in server) server.closeAllConnections();
    };
    server.on('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new SettingsError(
              `Port ${port} is in use. Set DASHBOARD_PORT to another one, or to 0 for any that is free.`,
            )
          : error,
      );
    });
    process.once('SIGTERM', stop).once('SIGINT', stop);
  });
}

function log(line: string): void {
  process.stderr.write(`dashboard: ${line.replaceAll('\n', ' ')}\n`);
}
