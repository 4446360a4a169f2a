import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const STARTED_MS = 60_000;

/** A server in a process of its own. */
export interface ServerProcess {
  /** The address in its ready line. */
  readonly url: string;
  readonly process: ChildProcess;
  /** Ends it as an operator would and waits for its end; resolves to the exit code. */
  stop(): Promise<number | null>;
  /** Ends it at once, with SIGKILL. */
  kill(): Promise<void>;
}

/** Runs a script of this repository with Node and waits for its line `… ready on http://…`. */
export async function startServerProcess(script: string, args: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, [path.join(ROOT, script), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await readyUrl(script, child);
  return {
    url,
    process: child,
    stop: () => end(child, 'SIGTERM'),
    kill: async () => {
      await end(child, 'SIGKILL');
    },
  };
}

async function readyUrl(script: string, child: ChildProcess): Promise<string> {
  if (!child.stdout || !child.stderr) throw new Error(`no pipes to ${script}`);
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), STARTED_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const ready = / ready on (http:\S+)$/.exec(line);
      if (ready?.[1] !== undefined) return ready[1];
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error(`${script} did not start: ${complaint.trim()}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}
