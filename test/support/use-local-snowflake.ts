import type { ConnectionOptions } from '@singer-io-ts/snowflake-session/driver';
import {
  connect,
  startLocalSnowflake,
  type LocalSnowflake,
  type LocalSnowflakeOptions,
  type SnowflakeClient,
} from './local-snowflake.js';

/** The schema that a local Snowflake has from its start. */
export const SEVDESK_RAW = { database: 'SEVDESK', schema: 'RAW' };

/** A local Snowflake that runs while the tests of one file do. */
export interface UsedLocalSnowflake extends LocalSnowflake {
  /** A session that is signed in before the tests of the file and closed after them. `options` are the driver's. */
  session(options?: Partial<ConnectionOptions>): SnowflakeClient;
}

/** Gives the test file that calls it a local Snowflake. What comes back can be used from the file's own `beforeAll` on. */
export function useLocalSnowflake(options: LocalSnowflakeOptions = {}): UsedLocalSnowflake {
  const sessions: SnowflakeClient[] = [];
  const server = {
    session: (connection = {}) => {
      const session = {} as SnowflakeClient;
      beforeAll(async () => {
        Object.assign(session, await connect(server, connection));
        sessions.push(session);
      });
      return session;
    },
  } as UsedLocalSnowflake;
  beforeAll(async () => {
    Object.assign(server, await startLocalSnowflake(options));
  });
  afterAll(async () => {
    // A session that was idle for long may have ended by itself.
    await Promise.allSettled(sessions.map((session) => session.close()));
    await server.stop();
  });
  return server;
}
