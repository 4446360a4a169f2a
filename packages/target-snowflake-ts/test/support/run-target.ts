import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../bin/target-snowflake-ts.js');

export type Settings = Record<string, unknown>;

/** How a run of the target ended and what it said. */
export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The states on stdout, as they left. */
  states: unknown[];
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  config: Settings;
  /** Singer messages: objects are written as JSON, a line each; texts and bytes as they are. */
  input: readonly object[] | string | Buffer;
  args?: readonly string[];
  env?: Record<string, string>;
  /** A shell command line that runs before the target in the same shell, such as `ulimit -f 100`. */
  before?: string;
  /** Leaves stdin open after the input. @default false */
  keepOpen?: boolean;
  /** Sees the process once it runs. */
  onStart?: (child: ChildProcess) => void;
}

export const toLines = (messages: readonly object[]): string =>
  messages.map((message) => `${JSON.stringify(message)}\n`).join('');

/** Runs the target as a user does: its command, a config file, messages on stdin. */
export async function runTarget({
  config,
  input,
  args = [],
  env = {},
  before,
  keepOpen = false,
  onStart,
}: RunOptions): Promise<Outcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'target-test-'));
  const configFile = path.join(folder, 'config.json');
  await writeFile(configFile, JSON.stringify(config));
  const command = [bin, '--config', configFile, ...args];
  const environment = { ...process.env, ...env };
  // Away from the configuration: the driver likes to leave a snowflake.log where it runs.
  const cwd = path.join(folder, 'cwd');
  await mkdir(cwd);
  const child =
    before === undefined
      ? spawn(process.execPath, command, { env: environment, cwd })
      : spawn('bash', ['-c', `${before}; exec "$0" "$@"`, process.execPath, ...command], { env: environment, cwd });
  onStart?.(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // The target may end before it has read everything.
  child.stdin.on('error', () => undefined);
  child.stdin.write(typeof input === 'string' || Buffer.isBuffer(input) ? input : toLines(input));
  if (!keepOpen) child.stdin.end();
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('close', (...how) => resolve(how)),
  );
  const left = await readdir(cwd);
  if (left.length > 0) throw new Error(`the target left ${left.join(', ')} in its working folder`);
  await rm(folder, { recursive: true, force: true });
  const notStates = stdout.split('\n').filter((text) => text !== '' && !text.startsWith('{'));
  if (notStates.length > 0 && !args.includes('--dry-run'))
    throw new Error(`stdout is for STATE only, not for ${notStates[0]}`);
  const states = stdout
    .split('\n')
    .filter((text) => text.startsWith('{'))
    .map((line) => JSON.parse(line) as unknown);
  return { code, signal, states, stdout, stderr };
}
