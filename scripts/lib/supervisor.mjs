import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answers } from './local-server.mjs';

const READY_TIMEOUT_MS = 180_000;
const READY_POLL_MS = 250;
const RESTART_DELAY_MS = 1000;
const LONGEST_RESTART_DELAY_MS = 30_000;
/** So many ends within the window mean that starting again does not help. */
const MAX_ENDS = 5;
const WINDOW_MS = 120_000;
const DEFAULT_GRACE_MS = 20_000;
/** How long something that has nothing to finish may take to stop. */
const IDLE_GRACE_MS = 10_000;
/** A log file over this size is put aside at the next start; the one put aside before is dropped. */
const MAX_LOG_BYTES = 20 * 1024 * 1024;
const SHOWN_LINES = 15;
/** A bad setting: starting again cannot help. */
const EXIT_BAD_CONFIGURATION = 2;

/**
 * @typedef {object} Service
 * @property {string} command
 * @property {string[]} args
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env
 * @property {string | (() => boolean)} [ready] an address that answers, or a check, once it is up
 * @property {() => Promise<unknown>} [before] done before each start
 * @property {boolean} [keepTrying] whether it is started again and again once it was ready, while the others go on: it may need a file to be repaired
 * @property {boolean} [stopGroup] whether its children are told to stop, too
 * @property {number} [graceMs] how long it may take to stop before it is killed
 * @property {() => boolean} [busy] whether it has something to finish; without, it is killed after a short time already
 */

/** Keeps processes running: one that ends is started again; all are stopped in order, the last started first. */
export class Supervisor {
  /** Called once when a process cannot be kept running, with the reason. */
  onGiveUp = () => undefined;
  givenUp = false;
  #services = [];
  #stopping = false;

  /** @param {{ say: (line: string) => void, logDir: string }} options what the processes print goes to `<logDir>/<name>.log` */
  constructor({ say, logDir }) {
    this.say = say;
    this.logDir = logDir;
  }

  /**
   * Starts a process and resolves when it is ready, or when everything is being stopped.
   *
   * @param {string} name as shown to people; its log file is named so, too
   * @param {Service} options
   */
  async start(name, options) {
    if (this.#stopping || this.givenUp) return;
    await mkdir(this.logDir, { recursive: true });
    const log = path.join(this.logDir, `${name.replaceAll(' ', '-')}.log`);
    const service = { name, options, log, ends: [], child: undefined, closed: Promise.resolve() };
    this.#services.push(service);
    const started = Date.now();
    await this.#launch(service);
    await this.#untilReady(service);
    service.wasReady = true;
    if (!this.#stopping && !this.givenUp) this.say(`✔ ${name} (${Math.round((Date.now() - started) / 1000)} s)`);
  }

  /** Stops all processes and resolves when they have ended. */
  async stop() {
    this.#stopping = true;
    for (const service of this.#services.toReversed()) await this.#end(service);
  }

  async #launch(service) {
    const { command, args, cwd, env, before } = service.options;
    await before?.();
    if (this.#stopping) return;
    // A group of its own: Ctrl-C in a terminal goes to this script alone, which stops the others in order.
    const log = openLog(service.log);
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    service.child = child;
    service.closed = new Promise((resolve) => {
      child.once('error', resolve);
      child.once('exit', resolve);
    });
    void service.closed.then((result) => this.#ended(service, result));
  }

  async #ended(service, result) {
    if (this.#stopping || this.givenUp) return;
    const now = Date.now();
    service.ends = [...service.ends.filter((time) => now - time < WINDOW_MS), now];
    const endures = service.wasReady && service.options.keepTrying;
    if (!endures && (result === EXIT_BAD_CONFIGURATION || result instanceof Error || service.ends.length >= MAX_ENDS)) {
      this.givenUp = true;
      this.onGiveUp(
        `the ${service.name} cannot run: ${result instanceof Error ? result.message : lastLines(service.log)}`,
      );
      return;
    }
    this.say(`The ${service.name} ended unexpectedly and is started again; its log: ${service.log}`);
    await sleep(Math.min(RESTART_DELAY_MS * 2 ** (service.ends.length - 1), LONGEST_RESTART_DELAY_MS));
    try {
      await this.#launch(service);
    } catch (error) {
      this.givenUp = true;
      this.onGiveUp(`the ${service.name} cannot be started again: ${error.message}`);
    }
  }

  async #untilReady({ name, options: { ready } }) {
    if (ready === undefined) return;
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!this.#stopping && !this.givenUp) {
      if (typeof ready === 'string' ? await answers(ready) : ready()) return;
      if (Date.now() > deadline) throw new Error(`the ${name} was not ready within ${READY_TIMEOUT_MS / 1000} s`);
      await sleep(READY_POLL_MS);
    }
  }

  async #end({ child, closed, options: { stopGroup = false, graceMs = DEFAULT_GRACE_MS, busy = () => true } }) {
    if (!child?.pid) return;
    const signal = (name, group) => {
      try {
        process.kill(group ? -child.pid : child.pid, name);
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    };
    let ended = false;
    void closed.then(() => (ended = true));
    signal('SIGTERM', stopGroup);
    const start = Date.now();
    while (!ended) {
      const waited = Date.now() - start;
      if (waited > graceMs || (waited > IDLE_GRACE_MS && !busy())) signal('SIGKILL', true);
      await Promise.race([closed, sleep(READY_POLL_MS)]);
    }
    // What it started may have outlived it.
    if (stopGroup) signal('SIGKILL', true);
  }
}

function openLog(file) {
  if (existsSync(file) && statSync(file).size > MAX_LOG_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

const lastLines = (file) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
