import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a process may take to end after SIGTERM before it is killed. */
const GRACE_MS = 15_000;
const POLL_MS = 50;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Every process that was started here and has not ended, with a promise of its end. */
const running = new Map();
let stopping;
/** What is left to do once all of them have ended because of a signal; the last thing first. */
const cleanUps = [];

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
  // Not `close`: whatever it left behind may hold its output open for ever.
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
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

/**
 * Has something done after a signal, when all processes that were started here have ended: `finally` blocks do not run then.
 *
 * @param {() => Promise<void>} work what is left behind otherwise: processes of other parents, mounts, folders
 */
export const afterStopping = (work) => void cleanUps.unshift(work);

/** Ends everything that is still running, with SIGKILL whatever does not end in time. */
async function endAll() {
  for (const [child, how] of running) signalTo(child, how, 'SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  const timer = setTimeout(() => {
    for (const [child, how] of running) signalTo(child, how, 'SIGKILL');
  }, GRACE_MS);
  const groups = new Set();
  // What is started meanwhile is ended, too.
  while (running.size > 0) {
    for (const [child, { group }] of running) if (group && child.pid !== undefined) groups.add(child.pid);
    await Promise.all([...running.values()].map(({ ended }) => ended));
  }
  clearTimeout(timer);
  for (const group of groups) await endGroup(group, deadline);
}

/** Waits until what a process left of its group has ended, too; kills it after the deadline. */
async function endGroup(group, deadline) {
  try {
    for (; Date.now() < deadline; await sleep(POLL_MS)) process.kill(-group, 0);
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * From now on SIGINT, SIGTERM and SIGHUP, at whatever moment, end all processes that were started here; then this script says so
 * and exits with 128 + the signal's number. A second signal kills them at once.
 */
export function endOnSignals() {
  for (const signal of SIGNALS) process.on(signal, () => endBy(signal));
}

/** Does what {@link endOnSignals} does with a signal, for scripts that have handlers of their own. */
export function endBy(signal) {
  if (stopping) {
    for (const [child, how] of running) signalTo(child, how, 'SIGKILL');
    return;
  }
  process.stderr.write(`\n${signal}: stopping …\n`);
  stopping = endAll()
    .then(cleanUp)
    .then((failed) => {
      process.stderr.write(failed ? 'Stopped, but see above.\n' : 'Stopped. Everything that was started has ended.\n');
      process.exit(128 + constants.signals[signal]);
    });
}

/** Resolves to whether something could not be done. */
async function cleanUp() {
  let failed = false;
  for (const work of cleanUps)
    await work().catch((error) => {
      failed = true;
      process.stderr.write(`${error.message}\n`);
    });
  return failed;
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
