import { workAWhile } from './admin/activity.js';
import { AdminRoutes } from './admin/admin-routes.js';
import { Clock } from './admin/clock.js';
import { Editor } from './admin/editor.js';
import { everydayFaults, Faults } from './admin/fault-rules.js';
import type { DoneEdit } from './admin/random-edits.js';
import { PagingEdits } from './admin/random-edits.js';
import { Stats } from './admin/stats.js';
import { ApiRoutes } from './api/api-routes.js';
import { Finder } from './api/list-answer.js';
import { berlinTimestamp } from './company/berlin-time.js';
import type { Seconds } from './company/berlin-time.js';
import { EARLIEST_END, foundCompany } from './company/company.js';
import { NewInvoices } from './company/new-invoice.js';
import { HttpServer } from './http-server.js';
import { Database } from './store/database.js';
import { loadFixtures } from './store/fixtures.js';
import { Journal } from './store/journal.js';
import { staticLists } from './store/static-lists.js';

/** How the local sevDesk is set up. */
export interface LocalSevdeskOptions {
  /** @default 0, a free one */
  readonly port?: number;
  /** How many invoices the company has written. @default 3000 */
  readonly invoices?: number;
  /** @default 1 */
  readonly seed?: number;
  /** The company's last moment; one that a data folder holds keeps its own. @default `now`, or this moment */
  readonly end?: Seconds;
  /** @default DEFAULT_TOKEN */
  readonly token?: string;
  /** Waiting time before each answer. @default 0 */
  readonly latencyMs?: number;
  /** Recorded answers to serve instead of a made company: a folder of `<Endpoint>.json`, or one such file. */
  readonly fixtures?: string;
  /** A folder that keeps edits, so that a server started again has them. @default edits are forgotten */
  readonly data?: string;
  /** Where the server's clock stands still. @default the machine's clock, running */
  readonly now?: Seconds;
  /** The share of calls that fail in an everyday way. @default 0 */
  readonly faultRate?: number;
  /** How many invoices are written or touched at each start with `data` but the first. @default 0 */
  readonly activity?: number;
  /** How many invoices are written or touched at the first start of a day with `data`, but for the very first. @default 0 */
  readonly dailyActivity?: number;
  /** Makes the invoices before it listens, so that a benchmark measures its client. @default false */
  readonly warm?: boolean;
}

export const DEFAULT_TOKEN = '0123456789abcdef0123456789abcdef';

/** A sevDesk on this machine: the service's wire shape over a company made from a seed, or over recorded answers. */
export class LocalSevdesk {
  readonly clock: Clock;
  readonly #seed: number;
  readonly #database: Database;
  readonly #editor: Editor;
  readonly #journal: Journal | undefined;
  readonly #http: HttpServer;
  #activities = 0;

  /** @throws {JournalError} when the data folder cannot keep the edits, {FixtureError} when there is no recording */
  constructor(options: LocalSevdeskOptions = {}) {
    const { seed = 1, token = DEFAULT_TOKEN, latencyMs = 0, faultRate = 0 } = options;
    const invoices = options.fixtures === undefined ? (options.invoices ?? 3000) : 0;
    this.#seed = seed;
    this.clock = new Clock(options.now);
    const wanted = {
      seed,
      invoices,
      end: Math.max(options.end ?? this.clock.now(), EARLIEST_END),
      isEndGiven: options.end !== undefined,
    };
    this.#journal = options.data === undefined ? undefined : new Journal(options.data, wanted);
    const { end, followsCalendar } = this.#journal?.founding ?? { ...wanted, followsCalendar: !wanted.isEndGiven };
    // A last day that is still to come: the clock runs on from its evening, since nothing changes before the server's time.
    if (this.clock.now() < end) this.clock.set(end);
    const company = foundCompany({ seed, invoices, end });
    this.#database = new Database(
      options.fixtures === undefined
        ? company.sources
        : { ...staticLists(company.sources), ...loadFixtures(options.fixtures) },
    );
    const newInvoices = new NewInvoices(company, followsCalendar);
    this.#editor = new Editor(this.#database, this.clock, newInvoices.write, this.#journal?.add);
    this.#replay(newInvoices);
    if (options.warm) this.#database.table('Invoice')?.warm();
    this.#http = this.#serve(token, options.port ?? 0, { ms: latencyMs }, everydayFaults(faultRate, seed));
    if (this.#journal?.isContinued) this.#workSince(this.#journal.lastSeen, options);
  }

  /** Listens on the loopback address only; resolves to the API's base address. */
  start(): Promise<string> {
    return this.#http.start();
  }

  async stop(): Promise<void> {
    await this.#http.stop();
    this.#journal?.close(this.clock.now());
  }

  #replay(newInvoices: NewInvoices): void {
    for (const change of this.#journal?.changes ?? []) this.#editor.replay(change);
    const table = this.#database.table('Invoice');
    newInvoices.skip(table === undefined ? 0 : table.size - table.source.count);
    this.#activities = this.#journal?.activities ?? 0;
  }

  #serve(token: string, port: number, latency: { ms: number }, rules: ReturnType<typeof everydayFaults>): HttpServer {
    const [database, editor, clock] = [this.#database, this.#editor, this.clock];
    const [finder, faults, stats] = [new Finder(), new Faults(), new Stats()];
    if (rules.some(({ probability = 0 }) => probability > 0)) faults.add(rules);
    const pagingEdits = new PagingEdits(database, editor, (seconds) => clock.advance(seconds));
    const api = new ApiRoutes(database, finder, token, (endpoint) => pagingEdits.beforeCall(endpoint));
    const work = (invoices: number): DoneEdit[] => this.#work(invoices, clock.now());
    const admin = new AdminRoutes({
      database,
      editor,
      pagingEdits,
      faults,
      stats,
      clock,
      finder,
      latency,
      workAWhile: work,
    });
    return new HttpServer({ port, api, admin, faults, stats, clock, latency });
  }

  #workSince(lastSeen: Seconds, { activity = 0, dailyActivity = 0 }: LocalSevdeskOptions): void {
    const isNewDay = berlinTimestamp(this.clock.now()).slice(0, 10) > berlinTimestamp(lastSeen).slice(0, 10);
    const invoices = activity + (isNewDay ? dailyActivity : 0);
    if (invoices > 0) this.#work(invoices, lastSeen);
  }

  /** What happened at the office since a moment; a server that was down for long tells of the last hour only. */
  #work(invoices: number, since: Seconds): DoneEdit[] {
    const table = this.#database.table('Invoice');
    if (table === undefined) return [];
    this.#activities += 1;
    this.#journal?.addActivity();
    const to = this.clock.now();
    const from = Math.min(to, Math.max(since, to - 3600));
    return workAWhile(table, this.#editor, { seed: this.#seed, turn: this.#activities, invoices, from, to });
  }
}
