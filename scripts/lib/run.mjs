import { root } from './paths.mjs';
import { startProcess } from './processes.mjs';

/** A command that ended with a code other than 0; `output` holds what it printed. */
export class CommandError extends Error {
  constructor(command, code, output) {
    super(`${command} ended with ${code}`);
    this.name = 'CommandError';
    this.code = code;
    this.output = output;
  }
}

/**
 * Runs a command to its end and resolves to what it printed, stdout and stderr in the order they came.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, inherit?: boolean, onLine?: (line: string) => void, name?: string }} [options]
 *   `inherit` passes the output straight through (and resolves to an empty string); `onLine` sees each line; `name` stands for a long
 *   command in errors.
 * @throws {CommandError} when it ends with a code other than 0
 */
export function run(command, args, { cwd = root, env = process.env, inherit = false, onLine, name } = {}) {
  return new Promise((resolve, reject) => {
    const child = startProcess(command, args, { cwd, env, stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let partial = '';
    const take = (chunk) => {
      output += chunk;
      if (!onLine) return;
      const lines = (partial + chunk).split('\n');
      partial = lines.pop();
      lines.forEach((line) => onLine(line));
    };
    child.stdout?.setEncoding('utf8').on('data', take);
    child.stderr?.setEncoding('utf8').on('data', take);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (partial && onLine) onLine(partial);
      if (code === 0) resolve(output);
      else reject(new CommandError(name ?? [command, ...args].join(' '), code ?? signal, output));
    });
  });
}
