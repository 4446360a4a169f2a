import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './run-tool.js';

/**
 * The path of an nginx: the machine's, or that of Debian's package, unpacked into a folder without being installed.
 *
 * @returns undefined where there is neither
 */
export async function findNginx(folder: string): Promise<string | undefined> {
  const installed = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'];
  const found = installed.find((file) => existsSync(file));
  if (found) return found;
  mkdirSync(folder, { recursive: true });
  try {
    await runCommand('bash', ['-c', `cd ${folder} && apt-get download nginx`]);
    const [archive] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
    await runCommand('dpkg', ['-x', path.join(folder, archive ?? ''), folder]);
    const nginx = path.join(folder, 'usr/sbin/nginx');
    await runCommand(nginx, ['-v']);
    return nginx;
  } catch {
    return undefined;
  }
}
