import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/tap-sevdesk.js', import.meta.url));

export interface TapResult {
  code: number | null;
  /** Lines of stdout. */
  lines: string[];
  stderr: string;
}

/** A folder with config and state, and the tap run on it as a scheduler would. */
export class TapProcess {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'tap-sevdesk-'));

  constructor(public config: Record<string, unknown>) {}

  /** Runs the tap to its end. */
  async run(
    options: { state?: unknown; args?: readonly string[]; catalog?: unknown; config?: Record<string, unknown> } = {},
  ): Promise<TapResult> {
    const child = this.start(options);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, lines: stdout.split('\n').filter((line) => line !== ''), stderr };
  }

  /** Starts the tap; the caller reads its streams. */
  start({
    state,
    catalog,
    args = [],
    config = {},
  }: {
    state?: unknown;
    args?: readonly string[];
    catalog?: unknown;
    config?: Record<string, unknown>;
  } = {}): ChildProcess {
    const file = (name: string, content: unknown): string => {
      const file = path.join(this.folder, name);
      writeFileSync(file, JSON.stringify(content));
      return file;
    };
    const parts = ['--config', file('config.json', { ...this.config, ...config })];
    if (state !== undefined) parts.push('--state', file('state.json', state));
    if (catalog !== undefined) parts.push('--catalog', file('catalog.json', catalog));
    return spawn(process.execPath, [BIN, ...parts, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TAP_SEVDESK_API_KEY: '' },
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
