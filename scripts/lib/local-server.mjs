import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ConfigurationError, EXIT_CONFIGURATION } from './configuration-error.mjs';
import { root } from './paths.mjs';
import { startProcess } from './processes.mjs';

export const READY = /ready on (http:\/\/\S+)\s*$/;

/**
 * Starts a server in the background and waits for its line `… ready on http://…`.
 *
 * @param {{ name: string, command: string, args: string[], env?: Record<string, string | undefined> }} options
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} `stop` ends it by SIGTERM and waits
 * @throws {ConfigurationError} with the server's lines when a setting of its own cannot be used
 * @throws with what the server printed when it ends before it is ready for another reason
 */
export async function startServer({ name, command, args, env = {} }) {
  const child = startProcess(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const printed = [];
  const ended = once(child, 'close');
  const url = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        if (printed.length < 50) printed.push(line);
        const ready = READY.exec(line);
        if (ready) resolve(ready[1]);
      });
    }
    child.once('error', reject);
    child.once('close', (code) =>
      reject(
        code === EXIT_CONFIGURATION && printed.length > 0
          ? new ConfigurationError(printed)
          : new Error(`${name} did not start: ${printed.join(' ') || 'it printed nothing'}`),
      ),
    );
  });
  return {
    url,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Whether something answers HTTP at an address. */
export async function answers(url) {
  try {
    await fetch(url, { signal: AbortSignal.timeout(1000) });
    return true;
  } catch {
    return false;
  }
}
