import type { ServerProcess } from './server-process.js';
import { startServerProcess } from './server-process.js';

/** Starts a local ECB on a free port and waits until it is ready; `url` has no path. The caller stops it. */
export function startLocalEcb(options: { readonly rates?: string } = {}): Promise<ServerProcess> {
  const rates = options.rates === undefined ? [] : ['--rates', options.rates];
  return startServerProcess('local/ecb/dist/main.js', ['--port', '0', ...rates]);
}
