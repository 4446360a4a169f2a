import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const SETTINGS = /^(SNOWFLAKE_|DASHBOARD_|LOCAL_)/;

/** `npm run dashboard` in a process of its own. */
export interface DashboardProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** What it wrote to stderr so far. */
  readonly complaints: () => string;
  /** Ends it by SIGTERM; resolves to the exit code. */
  stop(): Promise<number | null>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The settings that read a local Snowflake as if it were an account. */
export function accountSettings(server: { host: string; port: number }, database: string): Record<string, string> {
  return {
    SNOWFLAKE_ACCOUNT: 'local',
    SNOWFLAKE_USER: 'local',
    SNOWFLAKE_PASSWORD: 'local',
    SNOWFLAKE_WAREHOUSE: 'LOCAL',
    SNOWFLAKE_HOST: server.host,
    SNOWFLAKE_PORT: String(server.port),
    SNOWFLAKE_PROTOCOL: 'http',
    SNOWFLAKE_DATABASE: database,
  };
}

/** Starts the command with these settings and no others of Snowflake's, and waits until it serves pages. */
export async function startDashboard(
  settings: Record<string, string>,
  args: readonly string[] = [],
): Promise<DashboardProcess> {
  const child = spawnCommand({ DASHBOARD_PORT: '0', DASHBOARD_CACHE_SECONDS: '0', ...settings }, args);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const url = await new Promise<string>((resolve, reject) => {
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => {
        const ready = /ready on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line);
        if (ready?.[1]) resolve(ready[1]);
      });
    ended.then(([code]) => reject(new Error(`the dashboard ended with ${code}: ${stderr}`)), reject);
  });
  return {
    url,
    process: child,
    complaints: () => stderr,
    stop: async () => {
      child.kill('SIGTERM');
      return (await ended)[0];
    },
  };
}

/** Runs the command to its end, for settings that must end it. */
export async function runDashboard(settings: Record<string, string>, args: readonly string[] = []): Promise<Ended> {
  const child = spawnCommand(settings, args);
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

function spawnCommand(settings: Record<string, string>, args: readonly string[]): ChildProcess {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.test(name)));
  const env = {
    ...inherited,
    NODE_OPTIONS: '',
    NO_OPEN: '1',
    SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
    ...settings,
  };
  return spawn(process.execPath, [path.join(ROOT, 'scripts', 'dashboard.mjs'), ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
