import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inRoot } from './paths.mjs';

/** Addresses of Unix sockets have about a hundred bytes. */
const MAX_SOCKET_PATH = 100;

/**
 * Makes a folder ready to be DAGSTER_HOME: Dagster's settings, and a webhook secret when none is set.
 *
 * @param {string} folder
 */
export async function prepareDagsterHome(folder) {
  const home = path.resolve(folder);
  await mkdir(path.join(home, 'platform'), { recursive: true });
  // Written and not copied: a copy would take over who may read the original.
  await writeFile(path.join(home, 'dagster.yaml'), await readFile(inRoot('orchestration', 'dagster.yaml')));
  // A socket and not a port: whoever reaches the code location can run code, and a socket has an owner.
  const inHome = path.join(home, 'code-location.sock');
  const socket = inHome.length <= MAX_SOCKET_PATH ? inHome : path.join(tmpdir(), `code-location-${process.pid}.sock`);
  const children = path.join(home, 'platform', 'processes');
  const secret = await webhookSecret(home);
  return {
    workspace: inRoot('orchestration', 'workspace.yaml'),
    socket,
    // Not `logs`: that name is taken, and swept, by Dagster.
    logs: path.join(home, 'console'),
    /** Whether Meltano or dbt is at work: runs note their children there. */
    hasChildren: () => existsSync(children) && readdirSync(children).some((name) => name.endsWith('.json')),
    removeSocket: () => rm(socket, { force: true }),
    env: { DAGSTER_HOME: home, CODE_LOCATION_SOCKET: socket, ...secret.env },
    secretSource: secret.source,
  };
}

/** The secret of the environment; else one that is made once and kept, so that the listener never runs without. */
async function webhookSecret(home) {
  if (process.env['WEBHOOK_SECRET'] || process.env['WEBHOOK_SHARED_SECRET'])
    return { env: {}, source: 'as set in the environment' };
  const file = path.join(home, 'platform', 'webhook-secret');
  if (!existsSync(file)) await writeFile(file, `whsec_${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  return { env: { WEBHOOK_SECRET: (await readFile(file, 'utf8')).trim() }, source: `in ${file}` };
}
