import {
  CopyRejectedError,
  forEachConcurrently,
  InterruptedError,
  type CommitContext,
  type Cut,
  type Logger,
} from '@singer-io-ts/sdk';
import { quoteTable, TableChangedError, type Session, type Warehouse } from '@singer-io-ts/snowflake-session';
import type { StreamOutcome, TableWork } from './apply-table.js';
import { TogetherRefusedError } from './apply-together.js';
import type { ColumnJudge } from './column-judge.js';
import { checkTable } from './lost-table.js';
import type { Quarantine } from './quarantine.js';
import { RefusedRowError } from './refused-row-error.js';
import { retryLoad } from './retry.js';
import { changingColumns } from './changing-columns.js';
import { refuseIfLate } from './run-order.js';
import type { RunReport } from './run-report.js';
import type { OpenTry } from './settle-transaction.js';
import type { Stage } from './stage.js';
import { stageRows, type LoadedPart, type PartToLoad } from './stage-rows.js';
import { bookmarkOf } from './state-bookmark.js';
import type { StreamHooks } from './stream-hooks.js';
import type { StreamRuns } from './stream-runs.js';
import { applyCut, noteOnly, TransactionLostError } from './transaction.js';
import { DuplicateKeysError } from './verify-cut.js';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { LoadColumn } from '../plan/table.js';
import type { Config } from '../settings/settings.js';
import type { Compression } from '../spool/compression.js';
import type { SealedStream } from '../spool/sink.js';
import type { SpoolDirectory } from '../spool/spool-directory.js';
import type { LedgerEntry } from '../sql/ledger.js';
import type { OverwriteTables } from '../tables/overwrite-tables.js';
import type { SchemaKeeper } from '../tables/schema-keeper.js';

export interface CutLoaderOptions {
  config: Config;
  warehouse: Warehouse;
  spool: SpoolDirectory;
  stage: Stage;
  compression: Compression;
  schemaKeeper: SchemaKeeper;
  overwrite: OverwriteTables;
  judge: ColumnJudge;
  quarantine: Quarantine;
  runs: StreamRuns;
  hooks: StreamHooks;
  report: RunReport;
  logger: Logger;
  runId: string;
  version: string;
  /** When the run started, in milliseconds. */
  startedAt: number;
  /** The last plan of every stream of this run. */
  streams: ReadonlyMap<string, StreamPlan>;
}

export interface LoadOptions extends Pick<CommitContext, 'stop'> {
  /** Streams that bring nothing but have something to be recorded. */
  noted: readonly StreamPlan[];
  /** What the ledger says of bookmarks. */
  state: unknown;
}

/** What earlier tries of a cut have found out. */
interface Tries {
  earlier: OpenTry | undefined;
  /** Tables that have some keys more than once. */
  repair: Set<string>;
  /** Whether small streams have shared requests, and whether they may not any more. */
  sharing: 'not yet' | 'tried' | 'given up';
}

/** Brings a cut into the warehouse, all of it or nothing, from files that stay where they are. */
export class CutLoader {
  readonly #options: CutLoaderOptions;
  /** Streams whose table has been compared with the tap's bookmark. */
  readonly #checked = new Set<string>();
  /** What earlier cuts brought for tables that are overwritten: the ledger tells of it when it is published. */
  readonly #unpublished = new Map<string, Pick<StreamOutcome, 'rowsRead' | 'bytes'>>();

  constructor(options: CutLoaderOptions) {
    this.#options = options;
  }

  /**
   * Loads a cut, and tries again while that may help.
   *
   * @returns the outcomes; undefined when it turns out that an earlier try had committed
   * @throws a LoadError when nothing of it is loaded
   */
  load(cut: Cut<SealedStream>, options: LoadOptions): Promise<StreamOutcome[] | undefined> {
    const { config, logger, schemaKeeper } = this.#options;
    const tries: Tries = { earlier: undefined, repair: new Set(), sharing: 'not yet' };
    return retryLoad(
      async () => {
        try {
          return await this.#tryWithoutRefused(cut, options, tries);
        } catch (error) {
          if (error instanceof TransactionLostError) tries.earlier = error.lost;
          if (error instanceof DuplicateKeysError) tries.repair.add(quoteTable(error.table));
          if (error instanceof TableChangedError) schemaKeeper.forget();
          throw error;
        }
      },
      { retries: config.max_retries, logger },
    );
  }

  /** With quarantine, a record that Snowflake refuses in COPY is put aside, and the cut is loaded without it. */
  async #tryWithoutRefused(
    cut: Cut<SealedStream>,
    options: LoadOptions,
    tries: Tries,
  ): Promise<StreamOutcome[] | undefined> {
    const { config, judge, logger } = this.#options;
    for (;;) {
      try {
        return await this.#tryBothWays(cut, options, tries);
      } catch (error) {
        const mayPutAside = config.on_invalid_record === 'quarantine' && error instanceof RefusedRowError;
        if (!mayPutAside || !cut.batches.includes(error.row.sealed)) throw error;
        await judge.putAside(error.row);
        logger.info('Snowflake refused a record; loading the others');
      }
    }
  }

  /** What is refused where streams share a request is looked for by loading each on its own, which says stream, line and property. */
  async #tryBothWays(cut: Cut<SealedStream>, options: LoadOptions, tries: Tries): Promise<StreamOutcome[] | undefined> {
    try {
      return await this.#try(cut, options, tries);
    } catch (error) {
      const isRefused = error instanceof CopyRejectedError || error instanceof TogetherRefusedError;
      if (!isRefused || tries.sharing !== 'tried') throw error;
      tries.sharing = 'given up';
      this.#options.logger.info(
        'Snowflake refused something in a request for several streams; loading each stream on its own',
      );
      return this.#try(cut, options, tries);
    }
  }

  /** What a cut brings, with what it puts aside. */
  #withAside(received: Cut<SealedStream>): Cut<SealedStream> {
    const aside = this.#options.quarantine.seal(received.batches, received.sequence);
    return aside.length === 0 ? received : { ...received, batches: [...received.batches, ...aside] };
  }

  async #try(
    received: Cut<SealedStream>,
    { noted, state, stop }: LoadOptions,
    tries: Tries,
  ): Promise<StreamOutcome[] | undefined> {
    const { config, warehouse, runId, logger, schemaKeeper, hooks, report, overwrite, stage, judge } = this.#options;
    const session = await warehouse.session();
    const known = plansOf(this.#withAside(received), noted);
    await schemaKeeper.lookUp(session, known);
    this.#check(known);
    await judge.judge(received.batches, await schemaKeeper.prepare(session, known, changingColumns(received.batches)));
    const cut = this.#withAside(received);
    const plans = plansOf(cut, noted);
    const columns = await schemaKeeper.prepare(session, plans);
    await hooks.begin(session, plans);
    await this.#prepareAside(session, plans, columns);
    const staged = await this.#stageRows(session, cut, columns, tries);
    const work = this.#work(cut, noted, staged.loaded);
    const options = {
      session,
      runId,
      cut: cut.sequence,
      ledger: config.load_ledger
        ? (outcome: StreamOutcome) => this.#ledgerEntry(outcome, cut.sequence, state)
        : undefined,
      logger,
    };
    if (work.every((one) => one.parts.length === 0 && !one.replaceBy)) return noteOnly(work, options);
    const replaces = work.some(({ replaceBy }) => replaceBy !== undefined);
    const outcomes = await applyCut(work, {
      ...options,
      ...tries,
      onStep: report.step.bind(report),
      beforeCommit: () => {
        if (replaces && stop?.aborted)
          throw new InterruptedError({ message: 'asked to stop; no table was overwritten and no STATE is written' });
      },
    });
    for (const { plan } of cut.batches) overwrite.filled(plan);
    if (!cut.final) this.#remember(staged.loaded.filter(({ sealed }) => overwrite.of(sealed.plan)));
    // What lies in a temporary stage ends with the session, which ends with the last cut.
    if (staged.folder !== undefined && !(cut.final && stage.endsWithSession))
      await stage.remove(session, staged.folder);
    return outcomes;
  }

  async #prepareAside(
    session: Session,
    plans: readonly StreamPlan[],
    columns: ReadonlyMap<StreamPlan, ReadonlyMap<string, LoadColumn>>,
  ): Promise<void> {
    const { config, overwrite, schemaKeeper } = this.#options;
    const overwritten = [...new Map(plans.map((plan) => [plan.stream, plan])).values()].filter(
      (plan) => plan.loadMethod === 'overwrite',
    );
    await forEachConcurrently(overwritten, config.parallelism, (plan) =>
      overwrite.prepare(session, plan, schemaKeeper.table(plan)?.columns ?? [], columns.get(plan) ?? new Map()),
    );
  }

  #stageRows(
    session: Session,
    cut: Cut<SealedStream>,
    columns: ReadonlyMap<StreamPlan, ReadonlyMap<string, LoadColumn>>,
    tries: Tries,
  ): Promise<{ loaded: LoadedPart[]; folder: string | undefined }> {
    const { config, runId, stage, spool, compression, startedAt, report, overwrite, runs, schemaKeeper } =
      this.#options;
    const parts = cut.batches.flatMap((sealed): PartToLoad[] =>
      sealed.parts.map((part) => ({
        sealed,
        part,
        table: overwrite.of(sealed.plan)?.from ?? sealed.plan.table,
        columns: columns.get(sealed.plan) ?? new Map<string, LoadColumn>(),
        atLeastVersion: runs.atLeastVersion(sealed.plan.stream, schemaKeeper.remembered(sealed.plan)),
      })),
    );
    return stageRows(parts, {
      session,
      stage,
      spool,
      cut: cut.sequence,
      runId,
      syncStartedAt: startedAt,
      parallelism: config.parallelism,
      compression,
      sharedCopyMaxBytes: tries.sharing === 'given up' ? 0 : config.shared_copy_max_bytes,
      onShared: () => (tries.sharing = 'tried'),
      onDiscarded: (left) => report.discarded(left),
      onStep: report.step.bind(report),
    });
  }

  /** Refuses what would be lost or put new rows under old ones, before anything is uploaded. */
  #check(plans: readonly StreamPlan[]): void {
    const { config, logger } = this.#options;
    for (const plan of plans) {
      const { stream, table, loadMethod } = plan;
      const remembered = this.#options.schemaKeeper.remembered(plan);
      const mark = this.#options.runs.mark(stream);
      if (mark && !this.#checked.has(stream) && loadMethod !== 'overwrite') {
        const found = this.#options.schemaKeeper.table(plan);
        checkTable({ stream, table, mark: mark.first, found, remembered }, config.on_lost_table, logger);
        this.#checked.add(stream);
      }
      refuseIfLate(stream, table, this.#options.runs.order(plan, remembered), remembered);
    }
  }

  #work(cut: Cut<SealedStream>, noted: readonly StreamPlan[], loaded: readonly LoadedPart[]): TableWork[] {
    const work = new Map<string, TableWork & { parts: LoadedPart[] }>();
    const of = (plan: StreamPlan): TableWork & { parts: LoadedPart[] } => {
      const known = work.get(plan.stream);
      if (known) return known;
      const aside = this.#options.overwrite.of(plan);
      const fresh = {
        stream: plan.stream,
        table: aside && !cut.final ? aside.from : plan.table,
        created: this.#options.schemaKeeper.table(plan)?.created,
        shared: !aside || cut.final,
        parts: [],
        replaceBy: cut.final ? aside : undefined,
        order: this.#options.runs.order(plan, this.#options.schemaKeeper.remembered(plan)),
        hardDelete: plan.hardDelete,
      };
      work.set(plan.stream, fresh);
      return fresh;
    };
    for (const { plan } of cut.batches) of(plan);
    for (const part of loaded) of(part.sealed.plan).parts.push(part);
    for (const plan of noted) of(plan);
    for (const one of work.values()) if (one.replaceBy && this.#keepsRows(one)) one.replaceBy = undefined;
    return [...work.values()];
  }

  /** Whether a table is to keep its rows although it is overwritten: nothing came to replace them. */
  #keepsRows({ stream, table, parts }: TableWork): boolean {
    const plan = this.#options.streams.get(stream);
    if (!plan || this.#options.overwrite.isFilled(plan) || parts.some(({ rows }) => rows > 0)) return false;
    const rows = this.#options.schemaKeeper.table(plan)?.rows ?? 0;
    if (rows === 0 || this.#options.config.allow_empty_overwrite) return rows === 0;
    this.#options.logger.warning(
      `stream ${stream}: no records came, so table ${quoteTable(table)} keeps its ${rows} rows; to let an empty result replace them, set allow_empty_overwrite`,
      { stream },
    );
    return true;
  }

  #remember(loaded: readonly LoadedPart[]): void {
    const add = (stream: string, rows: number, more: number): void => {
      const { rowsRead, bytes } = this.#unpublished.get(stream) ?? { rowsRead: 0, bytes: 0 };
      this.#unpublished.set(stream, { rowsRead: rowsRead + rows, bytes: bytes + more });
    };
    for (const { sealed, rows } of loaded) add(sealed.plan.stream, rows, 0);
    for (const sealed of new Set(loaded.map((part) => part.sealed))) add(sealed.plan.stream, 0, sealed.bytes);
  }

  #ledgerEntry(outcome: StreamOutcome, cut: number, state: unknown): LedgerEntry {
    const { rowsRead, bytes } = this.#unpublished.get(outcome.stream) ?? { rowsRead: 0, bytes: 0 };
    return {
      ...outcome,
      rowsRead: outcome.rowsRead + rowsRead,
      bytes: outcome.bytes + bytes,
      ...bookmarkOf(state, this.#options.runs.sourceOf(outcome.stream)),
      runId: this.#options.runId,
      cut,
      startedAt: new Date(this.#options.startedAt).toISOString(),
      targetVersion: this.#options.version,
    };
  }
}

const plansOf = ({ batches }: Cut<SealedStream>, noted: readonly StreamPlan[]): StreamPlan[] => [
  ...new Set([...batches.map(({ plan }) => plan), ...noted]),
];
