import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** The repository's top folder. */
export const root = path.resolve(import.meta.dirname, '../..');

const execute = promisify(execFile);

/** Runs a checker of the environment `workflows`; fails with what it printed when it finds anything. */
export async function runTool(tool: string, args: readonly string[]): Promise<string> {
  return runCommand(path.join(root, '.venvs/workflows/bin', tool), args);
}

/** Runs a command in the repository and resolves to what it printed; fails with that when it ends with a code other than 0. */
export async function runCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  try {
    const { stdout, stderr } = await execute(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '', code } = error as { stdout?: string; stderr?: string; code?: unknown };
    throw new Error(`${path.basename(command)} ${args.join(' ')} ended with ${String(code)}:\n${stdout}${stderr}`, {
      cause: error,
    });
  }
}
