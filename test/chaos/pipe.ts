import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../..');
const bin = (name: string): string => path.join(ROOT, 'packages', name, 'bin', `${name}.js`);

/** How a pipe of tap and target ended. */
export interface PipeOutcome {
  tap: number | NodeJS.Signals | null;
  target: number | NodeJS.Signals | null;
  /** The states that the target let out, in order. */
  states: unknown[];
  /** What the target said. */
  stderr: string;
}

export interface Pipe {
  tap: ChildProcess;
  target: ChildProcess;
  done: Promise<PipeOutcome>;
}

export interface PipeOptions {
  tapConfig: object;
  targetConfig: object;
  catalog: object;
  /** @default none, as for a first run */
  state?: unknown;
}

/** Runs tap-sevdesk into target-snowflake-ts, as a shell does. */
export function startPipe({ tapConfig, targetConfig, catalog, state }: PipeOptions): Pipe {
  const folder = mkdtempSync(path.join(tmpdir(), 'pipe-'));
  const file = (name: string, content: unknown): string => {
    const where = path.join(folder, name);
    writeFileSync(where, JSON.stringify(content));
    return where;
  };
  const tapArgs = ['--config', file('tap.json', tapConfig), '--catalog', file('catalog.json', catalog)];
  if (state !== undefined) tapArgs.push('--state', file('state.json', state));
  const tap = spawn(process.execPath, [bin('tap-sevdesk'), ...tapArgs], { stdio: ['ignore', 'pipe', 'ignore'] });
  const target = spawn(process.execPath, [bin('target-snowflake-ts'), '--config', file('target.json', targetConfig)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: folder,
  });
  // Either may be gone before the other is done with it.
  target.stdin.on('error', () => undefined);
  tap.stdout.on('error', () => undefined);
  tap.stdout.pipe(target.stdin);
  let stdout = '';
  let stderr = '';
  target.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  target.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = async (child: ChildProcess): Promise<number | NodeJS.Signals | null> => {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return code ?? signal;
  };
  const done = Promise.all([ended(tap), ended(target)]).then(([tapEnd, targetEnd]) => {
    rmSync(folder, { recursive: true, force: true });
    const states = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as unknown);
    return { tap: tapEnd, target: targetEnd, states, stderr };
  });
  // A tap whose reader is gone ends by itself; one that waits for its source might not.
  target.once('close', () => tap.kill('SIGKILL'));
  return { tap, target, done };
}

interface Catalog {
  streams: { tap_stream_id: string; metadata: { breadcrumb: unknown[]; metadata: Record<string, unknown> }[] }[];
}

/** The tap's catalog with some streams selected. */
export function catalogOf(streams: readonly string[]): Catalog {
  const { stdout } = spawnSync(process.execPath, [bin('tap-sevdesk'), '--discover'], { encoding: 'utf8' });
  const catalog = JSON.parse(stdout) as Catalog;
  for (const { tap_stream_id: stream, metadata } of catalog.streams) {
    const whole = metadata.find(({ breadcrumb }) => breadcrumb.length === 0);
    if (whole) whole.metadata['selected'] = streams.includes(stream);
  }
  return catalog;
}

/** Waits until something is true; the caller's test has the deadline. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
}
