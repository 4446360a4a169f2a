import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';

const POLL_MS = 100;

const contains = (folder, file) => file === folder || file.startsWith(`${folder}${path.sep}`);

/** What /proc tells of a process; undefined when it has ended, or when there is no /proc. */
function ask(read) {
  try {
    return read();
  } catch (error) {
    // EACCES: somebody else's process.
    if (['ENOENT', 'ESRCH', 'EACCES', 'ENOTDIR', 'EINVAL'].includes(error.code)) return undefined;
    throw error;
  }
}

/** Whether a process has ended, and only its parent has not yet asked how. */
const isZombie = (pid) => ask(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))?.includes(') Z ') ?? true;

/** The environment variable by which a process is known to belong to a folder, whatever it can see of it. */
export const OWNING_FOLDER = 'OWNING_FOLDER';

const belongsTo = (folder, pid) =>
  ['root', 'cwd'].some((link) => contains(folder, ask(() => readlinkSync(`/proc/${pid}/${link}`)) ?? '')) ||
  (ask(() => readFileSync(`/proc/${pid}/environ`, 'utf8')) ?? '').split('\0').includes(`${OWNING_FOLDER}=${folder}`);

/**
 * The processes that belong to a folder: it, or what is below, is their root or their working folder, or they were started with
 * `OWNING_FOLDER`. They need not be children of this process: what was started in a chroot outlives the program that put it there, and
 * once that has unmounted the chroot its root is told as `/`.
 *
 * @param {string} folder
 * @returns {number[]}
 */
export function processesIn(folder) {
  if (!existsSync('/proc/self/root')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => belongsTo(folder, pid))
    .filter((pid) => !isZombie(pid))
    .map(Number);
}

function signalAll(pids, signal) {
  for (const pid of pids)
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
}

/** Ends what belongs to a folder: by SIGTERM, and by SIGKILL whatever has not ended in time. Resolves once nothing is left. */
export async function endProcessesIn(folder, { graceMs }) {
  const deadline = Date.now() + graceMs;
  signalAll(processesIn(folder), 'SIGTERM');
  for (let left = processesIn(folder); left.length > 0; left = processesIn(folder)) {
    if (Date.now() > deadline) signalAll(left, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

/** Where something is mounted in a folder, the innermost first. */
export function mountsIn(folder) {
  const mounts = ask(() => readFileSync('/proc/self/mountinfo', 'utf8')) ?? '';
  return mounts
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .map((point) => point.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))))
    .filter((point) => contains(folder, point))
    .reverse();
}

/** Unmounts everything that is mounted in a folder. */
export async function unmountIn(folder) {
  for (const point of mountsIn(folder)) await promisify(execFile)('umount', ['--lazy', point]);
}
