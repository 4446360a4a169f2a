import { connect } from 'node:net';
import { refuseSettings } from './configuration-error.mjs';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';

const CONNECT_MS = 1000;
const ANSWER_MS = 1500;

/** The header by which an embedded server says which one it is. */
const IDENTITY = 'x-local-server';

/** @typedef {'snowflake' | 'sevdesk' | 'ecb'} ServerName */

/** The environment variable that moves a server to another port. */
export const PORT_VARIABLES = {
  snowflake: 'LOCAL_SNOWFLAKE_PORT',
  sevdesk: 'LOCAL_SEVDESK_PORT',
  ecb: 'LOCAL_ECB_PORT',
};

/** The ports of the embedded servers unless the environment names others. */
export const DEFAULT_PORTS = { snowflake: 18300, sevdesk: 18301, ecb: 18302 };

const SERVER_NAMES = Object.keys(PORT_VARIABLES);

const portText = (env, name) => env[PORT_VARIABLES[name]]?.trim() || String(DEFAULT_PORTS[name]);

/** What is wrong with a port that a variable names; undefined when nothing is. */
export function portProblem(variable, text) {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return undefined;
  return `${variable} must be a port from 1 to 65535, or 0 for any free one; it is "${text}"`;
}

/** A line for each variable that holds no port, or the port of another server. */
export function portProblems(env = process.env, servers = SERVER_NAMES) {
  const taken = new Map();
  return servers.flatMap((name) => {
    const [variable, text] = [PORT_VARIABLES[name], portText(env, name)];
    const problem = portProblem(variable, text);
    if (problem !== undefined) return [problem];
    const twin = Number(text) === 0 ? undefined : taken.get(Number(text));
    taken.set(Number(text), variable);
    return twin === undefined ? [] : [`${twin} and ${variable} are both ${text}; give each server a port of its own`];
  });
}

/**
 * The ports that the environment names, or the defaults.
 *
 * @throws {ConfigurationError} when variables hold no port, or the same one: all of them at once
 */
export function configuredPorts(env = process.env, servers = SERVER_NAMES) {
  refuseSettings(portProblems(env, servers));
  return Object.fromEntries(servers.map((name) => [name, Number(portText(env, name))]));
}

const isOpen = (port) =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: CONNECT_MS });
    const end = (open) => {
      socket.destroy();
      resolve(open);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(true));
  });

/** The name of the embedded server that answers at a port; undefined when something else does, or nothing. */
async function identityAt(port) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      signal: AbortSignal.timeout(ANSWER_MS),
      redirect: 'manual',
    });
    await answer.body?.cancel();
    return answer.headers.get(IDENTITY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The program that listens on a port, as `ss` or `lsof` knows it; undefined where neither does. */
async function holderOf(port) {
  const run = promisify(execFile);
  const listeners = await run('ss', ['-Hltnp', `sport = :${port}`]).catch(() => undefined);
  const [, name, pid] = /\(\("([^"]+)",pid=(\d+)/.exec(listeners?.stdout ?? '') ?? [];
  if (name !== undefined) return `${name}, process ${pid}`;
  const files = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']).catch(() => undefined);
  const [, process, command] = /^p(\d+)\nc(.+)$/m.exec(files?.stdout ?? '') ?? [];
  return process === undefined ? undefined : `${command}, process ${process}`;
}

/**
 * What stands at the port that an embedded server wants.
 *
 * @param {ServerName} name
 * @param {number} port
 * @returns {Promise<'free' | 'running'>} `running`: this very server is there already
 * @throws {Error} when something else listens there: what, if it can be known, and the variable that chooses another port
 */
export async function checkPort(name, port) {
  if (port === 0 || !(await isOpen(port))) return 'free';
  if ((await identityAt(port)) === name) return 'running';
  throw new Error(`${await inUse(port)}; stop it, or set ${PORT_VARIABLES[name]} to a free port`);
}

async function inUse(port) {
  const holder = await holderOf(port);
  return `port ${port} is in use by another program${holder ? ` (${holder})` : ''}`;
}

/** Says of each port at which something listens by whom it is used; for ports that no variable moves. */
export async function portsInUse(ports) {
  const said = await Promise.all(ports.map(async (port) => ((await isOpen(port)) ? inUse(port) : undefined)));
  return said.filter((line) => line !== undefined);
}
