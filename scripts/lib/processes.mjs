import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** How long a process may take to end after SIGTERM before it is killed. */
const GRACE_MS = 15_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Every process that was started here and has not ended, with a promise of its end. */
const running = new Map();
let stopping;

/**
 * Starts a process that ends with this one: a signal to this script ends it and what it started.
 * It gets a process group of its own, so that Ctrl-C reaches it once, in order, and not behind this script's back.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function startProcess(command, args, options) {
  // A process that shares the terminal must stay in its foreground group to read from it.
  const sharesTerminal = options.stdio === 'inherit';
  const child = spawn(command, args, { ...options, detached: !sharesTerminal });
  const ended = new Promise((resolve) => child.once('close', resolve).once('error', resolve));
  running.set(child, { ended, group: !sharesTerminal });
  void ended.then(() => running.delete(child));
  // A signal may have come while this one was being started.
  if (stopping) signalTo(child, { group: !sharesTerminal }, 'SIGTERM');
  return child;
}

function signalTo(child, { group }, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(group ? -child.pid : child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Ends everything that is still running, with SIGKILL whatever does not end in time. */
async function endAll() {
  for (const [child, how] of running) signalTo(child, how, 'SIGTERM');
  const timer = setTimeout(() => {
    for (const [child, how] of running) signalTo(child, how, 'SIGKILL');
  }, GRACE_MS);
  // What is started meanwhile is ended, too.
  while (running.size > 0) await Promise.all([...running.values()].map(({ ended }) => ended));
  clearTimeout(timer);
}

/**
 * From now on SIGINT, SIGTERM and SIGHUP, at whatever moment, end all processes that were started here; then this script says so
 * and exits with 128 + the signal's number. A second signal kills them at once.
 */
export function endOnSignals() {
  for (const signal of SIGNALS) process.on(signal, () => endBy(signal));
}

function endBy(signal) {
  if (stopping) {
    for (const [child, how] of running) signalTo(child, how, 'SIGKILL');
    return;
  }
  process.stderr.write(`\n${signal}: stopping …\n`);
  stopping = endAll().then(() => {
    process.stderr.write('Stopped. Everything that was started has ended.\n');
    process.exit(128 + constants.signals[signal]);
  });
}

/** From now on a reader of the output that leaves (`npm start | head`) ends everything as a signal does, with 141. */
export function endOnClosedOutput() {
  process.stdout.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
    // What is written while it stops fails in the same way.
    if (!stopping) endBy('SIGPIPE');
  });
  process.stderr.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** Never resolves once a signal has come, so that nothing reports the ends that the signal caused. */
export const unlessStopping = () => (stopping ? new Promise(() => undefined) : Promise.resolve());
