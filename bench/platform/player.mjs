import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { withEmbeddedPlatform } from '../../scripts/lib/embedded-platform.mjs';
import { inRoot, root } from '../../scripts/lib/paths.mjs';
import { startProcess } from '../../scripts/lib/processes.mjs';
import { envBin } from '../../scripts/lib/python-env.mjs';
import { startCountingProxy } from './counting-proxy.mjs';

/** What an hour in which nothing changed may cost. docs/costs.md tells what it does cost. */
export const IDLE_LIMIT = { meltano: 1, signIns: 2, statements: 10, models: 0 };
/** The company's last day has passed: while it lasts, documents would come in what is meant to be an hour without changes. */
const LAST_DAY = '2026-10-30';
const HOUR_MS = 3_600_000;

/**
 * What an hour cost.
 *
 * @typedef {object} Cost
 * @property {number} calls requests to sevDesk
 * @property {number} signIns in Snowflake
 * @property {number} statements in Snowflake
 * @property {number} statementSeconds how long the statements took; they may have run at the same time
 * @property {number} meltano processes of Meltano
 * @property {number} models that dbt built
 * @property {number} seconds how long the run took
 */

/** Plays hourly ticks with the pipeline on a platform, on a clock of its own, and counts what each costs. */
class Player {
  #answers;
  #child;

  constructor({ sevdesk, proxy, env, start }) {
    this.sevdesk = sevdesk;
    this.proxy = proxy;
    this.env = env;
    this.now = start;
  }

  async start() {
    this.#child = startProcess(envBin('orchestration', 'python'), [inRoot('bench/platform/hours.py')], {
      cwd: root,
      env: this.env,
      stdio: ['pipe', 'pipe', process.env['DEBUG'] ? 'inherit' : 'ignore'],
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    await this.#answers.next();
  }

  /**
   * Plays one tick, an hour after the one before, and resolves to what it cost.
   *
   * @param {{ loadOnly?: boolean }} [options] `loadOnly`: the sources are read, and nothing is built
   * @returns {Promise<Cost>}
   */
  async hour({ loadOnly = false } = {}) {
    await this.#admin('PUT', '/clock', { now: this.now.toISOString() });
    await this.#admin('DELETE', '/stats');
    this.proxy.take();
    this.#child.stdin.write(`${JSON.stringify({ now: this.now.toISOString(), load_only: loadOnly })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('the pipeline ended; DEBUG=1 shows why');
    const { success, ...tick } = JSON.parse(value);
    if (!success) throw new Error('a run failed; DEBUG=1 shows why');
    const { calls } = await this.#admin('GET', '/stats');
    this.now = new Date(this.now.getTime() + HOUR_MS);
    return { ...tick, calls, ...this.proxy.take() };
  }

  /**
   * Changes so many invoices in sevDesk, a quarter of an hour before the next tick: a tap leaves what changed in the last seconds to the run
   * after, and how soon after its tick it asks depends on the machine.
   */
  async change(invoices) {
    await this.#admin('PUT', '/clock', { now: new Date(this.now.getTime() - HOUR_MS / 4).toISOString() });
    await this.#admin('POST', '/activity', { invoices });
  }

  async #admin(method, where, body) {
    const answer = await fetch(`${this.sevdesk.split('/api/')[0]}/_local${where}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the local sevDesk answered ${answer.status} to ${where}`);
    return text ? JSON.parse(text) : undefined;
  }

  async stop() {
    this.#child.stdin.end();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
  }
}

/**
 * Starts the embedded platform with a new company, lets `body` play hours on it, and stops everything whatever happens.
 *
 * @param {{ invoices: number, start?: Date }} options `start` is the time of the first tick. The default is a Monday morning on which
 *   the ECB has nothing new, so that rates are asked for once.
 * @param {(player: Player) => Promise<void>} body
 */
export async function withPlayer({ invoices, start = new Date('2026-11-30T05:00:00Z') }, body) {
  const folder = await mkdtemp(path.join(tmpdir(), 'hours-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // A signal ends the process once the servers have ended, and nothing below is reached.
  process.once('exit', remove);
  try {
    const company = ['--invoices', String(invoices), '--today', LAST_DAY];
    const options = { dataDir: path.join(folder, 'data'), sevdeskArguments: company };
    await withEmbeddedPlatform(options, async ({ urls, env }) => {
      const proxy = await startCountingProxy(urls.snowflake);
      const home = path.join(folder, 'dagster');
      await mkdir(home);
      await copyFile(inRoot('orchestration/dagster.yaml'), path.join(home, 'dagster.yaml'));
      const ports = ['LOCAL_SNOWFLAKE_PORT', 'TARGET_SNOWFLAKE_TS_PORT', 'SNOWFLAKE_PORT'];
      const counted = Object.fromEntries(ports.map((name) => [name, String(proxy.port)]));
      const player = new Player({
        sevdesk: urls.sevdesk,
        proxy,
        env: {
          ...process.env,
          ...env,
          ...counted,
          DAGSTER_HOME: home,
          PYTHONPATH: root,
          PIPELINE_RETRIES: '0',
          NODE_OPTIONS: `--import ${pathToFileURL(inRoot('bench/platform/source-clock.mjs')).href}`,
        },
        start,
      });
      await player.start();
      try {
        await body(player);
      } finally {
        await player.stop();
        await proxy.stop();
      }
    });
  } finally {
    process.off('exit', remove);
    remove();
  }
}
