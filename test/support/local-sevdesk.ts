import type { ServerProcess } from './server-process.js';
import { startServerProcess } from './server-process.js';

/** How the server is started; what is left out takes the server's own default. */
export interface LocalSevdeskOptions {
  readonly port?: number;
  readonly invoices?: number;
  readonly seed?: number;
  readonly token?: string;
  readonly latencyMs?: number;
  /** The company's last day. @default 2026-10-30, whatever today is, unless `args` name a folder of data or recorded answers */
  readonly today?: string;
  /** More command-line arguments, as `['--now', '2026-11-01T12:00:00+01:00']`. */
  readonly args?: readonly string[];
}

export type WireRecord = Record<string, unknown>;

/** A change of one record; `update` becomes the server's time unless `touch` is false. */
export interface Edit {
  readonly op: 'insert' | 'update' | 'delete';
  readonly model: string;
  readonly id?: string;
  readonly fields?: WireRecord;
  readonly touch?: boolean;
}

/** What the API was asked since the start or the last reset. */
export interface CallStats {
  readonly calls: number;
  readonly records: number;
  readonly byPath: Record<string, { calls: number; records: number }>;
  readonly byStatus: Record<string, number>;
  readonly log: readonly { path: string; query: string; status: number; records: number; fault?: string }[];
}

/** A local sevDesk in a process of its own, listening on a free port. */
export interface LocalSevdesk extends ServerProcess {
  /** The API's base address, ending in `/api/v1`. */
  readonly url: string;
  readonly token: string;
  /** Calls an admin endpoint below `/_local`; answers that are not 2xx throw. */
  admin(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Reads an API path such as `/Invoice?limit=1`, signed in. */
  get(path: string): Promise<{ status: number; headers: Headers; body: unknown }>;
  /** Changes records; resolves to their ids. */
  edit(...edits: readonly Edit[]): Promise<string[]>;
  /** Every record of an endpoint as it is now, of all types. */
  dump(model: string): Promise<WireRecord[]>;
  /** Adds faults; the README of local/sevdesk lists the kinds. */
  fail(...rules: readonly Record<string, unknown>[]): Promise<void>;
  /** Ends all faults. */
  heal(): Promise<void>;
  stats(): Promise<CallStats>;
}

/** Starts a local sevDesk and waits until it is ready. The caller stops it. */
export async function startLocalSevdesk(options: LocalSevdeskOptions = {}): Promise<LocalSevdesk> {
  const { port = 0, token = '0123456789abcdef0123456789abcdef', args = [] } = options;
  const flags = [
    ['--port', port],
    ['--token', token],
    ['--invoices', options.invoices],
    ['--seed', options.seed],
    [
      '--today',
      options.today ?? (args.some((arg) => arg === '--data' || arg === '--fixtures') ? undefined : '2026-10-30'),
    ],
    ['--latency-ms', options.latencyMs],
  ].flatMap(([flag, value]) => (value === undefined ? [] : [String(flag), String(value)]));
  const server = await startServerProcess('local/sevdesk/dist/main.js', [...flags, ...args]);
  const { url } = server;
  const admin = async (method: string, adminPath: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(new URL(`/_local${adminPath}`, url), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /_local${adminPath}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    ...server,
    token,
    admin,
    get: async (apiPath) => {
      const response = await fetch(url + apiPath, { headers: { Authorization: token } });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    edit: async (...edits) => ((await admin('POST', '/edit', { edits })) as { ids: string[] }).ids,
    dump: async (model) => ((await admin('GET', `/dump/${model}`)) as { objects: WireRecord[] }).objects,
    fail: async (...faults) => {
      await admin('POST', '/faults', { faults });
    },
    heal: async () => {
      await admin('DELETE', '/faults');
    },
    stats: async () => (await admin('GET', '/stats')) as CallStats,
  };
}
