import type { ServerProcess } from './server-process.js';
import { startServerProcess } from './server-process.js';

/**
 * Starts a local ECB on a free port and waits until it is ready; `url` has no path. The caller stops it. It serves the days of its
 * file, whatever today is, and repeats the last of them up to `until`.
 */
export function startLocalEcb(
  options: { readonly rates?: string; readonly until?: string } = {},
): Promise<ServerProcess> {
  const rates = options.rates === undefined ? [] : ['--rates', options.rates];
  const until = ['--until', options.until ?? '2000-01-01'];
  return startServerProcess('local/ecb/dist/main.js', ['--port', '0', ...rates, ...until]);
}
