import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from '../ci/run-tool.js';

/** How a program ended and what it wrote. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Where a program of a Python environment of ours is. */
export const pythonProgram = (environment: string, program: string): string =>
  path.join(root, '.venvs', environment, 'bin', program);

/** The command that runs a Node program of the repository. */
export const nodeProgram = (file: string): string[] => [process.execPath, path.join(root, file)];

/** Runs a program to its end, whatever its exit code. */
export function runToEnd(
  [command = '', ...args]: readonly string[],
  { input = '', cwd = root }: { input?: string; cwd?: string } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, NODE_OPTIONS: '' } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** Runs a program to its end and resolves to its output; fails with what it said when it fails. */
export async function run(command: readonly string[], options: { input?: string; cwd?: string } = {}): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(command, options);
  if (code === 0) return stdout;
  throw new Error(
    `${path.basename(command[1] ?? command[0] ?? '')} ended with ${String(code)}:\n${stderr.slice(-2000)}`,
  );
}
