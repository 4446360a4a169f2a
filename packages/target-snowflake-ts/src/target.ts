import {
  LoadError,
  SchemaConflictError,
  type Cut,
  type Logger,
  type Metrics,
  type SchemaMessage,
  type Sink,
  type Target,
} from '@singer-io-ts/sdk';
import { rm } from 'node:fs/promises';
import type { Config } from './settings/settings.js';
import { renderHook } from './sql/hooks.js';
import { quoteTable, type Session, TableChangedError, type Warehouse } from '@singer-io-ts/snowflake-session';
import { OverwriteTables } from './tables/overwrite-tables.js';
import { compileRecordCheck } from './spool/record-check.js';
import { withRetry } from './load/retry.js';
import { ownFiles, SnowflakeSink, type SealedStream } from './spool/sink.js';
import { SpoolBudget } from './spool/spool-budget.js';
import type { SpoolDirectory } from './spool/spool-directory.js';
import type { LedgerEntry } from './sql/ledger.js';
import { stageRows, type LoadedPart, type PartToLoad } from './load/stage-rows.js';
import { bookmarkOf } from './load/state-bookmark.js';
import { planStream, type StreamPlan } from './plan/stream-plan.js';
import { SchemaKeeper } from './tables/schema-keeper.js';
import { TableKeeper } from './tables/table-keeper.js';
import type { LoadColumn } from './plan/table.js';
import { applyCut, CommitUncertainError, type StreamOutcome, type TableWork } from './load/transaction.js';
import { Stage } from './load/stage.js';

export interface SnowflakeTargetOptions {
  config: Config;
  warehouse: Warehouse;
  spool: SpoolDirectory;
  /** Names this run in the ledger, in stages and in temporary tables: letters and digits. */
  runId: string;
  version: string;
  logger: Logger;
  metrics: Metrics;
  /** The clock, in milliseconds. @default Date.now */
  now?: () => number;
}

/** Input ended with records that no STATE covers, so what was collected to overwrite tables is not published. */
export class IncompleteInputError extends LoadError {
  readonly code = 'INCOMPLETE_INPUT';
}

/**
 * Loads cuts into Snowflake, each in one transaction. A cut's files stay on disk until its COMMIT is known to have worked; whatever
 * fails before that is done anew from them, in a new session if need be.
 */
export class SnowflakeTarget implements Target<SealedStream> {
  readonly #options: SnowflakeTargetOptions;
  readonly #budget: SpoolBudget;
  readonly #stage: Stage;
  readonly #schemaKeeper: SchemaKeeper;
  readonly #overwrite: OverwriteTables;
  readonly #now: () => number;
  readonly #startedAt: number;
  /** The last plan of every stream of this run. */
  readonly #streams = new Map<string, StreamPlan>();
  /** Streams whose `pre_load_sql` has run. */
  readonly #begun = new Set<string>();
  #lastState: unknown;
  #signingIn = false;
  #refused: { error: unknown } | undefined;

  constructor(options: SnowflakeTargetOptions) {
    const { config, runId, logger, now = Date.now } = options;
    this.#options = options;
    this.#now = now;
    this.#startedAt = now();
    this.#budget = new SpoolBudget(config.max_disk_bytes);
    this.#stage = new Stage(config.stage, runId, logger);
    this.#schemaKeeper = new SchemaKeeper(new TableKeeper(config, logger), config.load_ledger);
    this.#overwrite = new OverwriteTables(runId);
  }

  openSink(message: SchemaMessage): Sink<SealedStream> {
    const { config, spool, logger } = this.#options;
    const plan = planStream(message, config);
    const clash = [...this.#streams.values()].find(
      (other) => other.stream !== plan.stream && quoteTable(other.table) === quoteTable(plan.table),
    );
    if (clash) {
      throw new SchemaConflictError({
        message: `streams ${clash.stream} and ${plan.stream} would both go to table ${quoteTable(plan.table)}; give one of them another table in setting "streams"`,
      });
    }
    this.#streams.set(plan.stream, plan);
    return new SnowflakeSink({
      plan,
      check: compileRecordCheck(plan, message.key_properties, config.max_record_bytes),
      spool,
      fileSizeBytes: config.file_size_bytes,
      processActivateVersion: config.process_activate_version_messages,
      logger,
      now: this.#now,
      budget: this.#budget,
      onFirstRecord: () => this.#signIn(),
    });
  }

  ready(): Promise<void> {
    if (this.#refused) throw this.#refused.error;
    return this.#budget.ready();
  }

  /** STATE waits for the end of input when a table is to be overwritten: nothing is published before. */
  holdsState(): boolean {
    return [...this.#streams.values()].some(({ loadMethod }) => loadMethod === 'overwrite');
  }

  async commit(cut: Cut<SealedStream>): Promise<void> {
    const { config, logger } = this.#options;
    if (cut.state !== undefined) this.#lastState = cut.state;
    if (cut.final && this.holdsState() && cut.recordsAfterState && this.#lastState !== undefined) {
      throw new IncompleteInputError({
        message:
          'records follow the last STATE, so the tap did not finish: no table was overwritten and no STATE is written',
      });
    }
    const idle = cut.final ? this.#idleStreams(cut) : [];
    if (cut.batches.length === 0 && idle.length === 0) return;
    const begun = performance.now();
    let uncertain = false;
    const outcomes = await withRetry(
      async () => {
        try {
          return await this.#load(cut, idle, uncertain);
        } catch (error) {
          uncertain ||= error instanceof CommitUncertainError;
          if (error instanceof TableChangedError) this.#schemaKeeper.forget();
          throw error;
        }
      },
      { retries: config.max_retries, logger },
    );
    this.#report(outcomes ?? [], (performance.now() - begun) / 1000);
    await this.#cleanUp(cut);
    if (cut.final) await this.#finish();
  }

  async close(): Promise<void> {
    await this.#budget.discard();
    this.#options.spool.close();
    await this.#options.warehouse.close();
  }

  /**
   * Signs in while the input is being read: settings that are wrong show before an hour of reading, and the driver is loaded while memory
   * is still small.
   */
  #signIn(): void {
    if (this.#signingIn) return;
    this.#signingIn = true;
    this.#options.warehouse.session().catch((error: unknown) => (this.#refused = { error }));
  }

  /** Streams that a final cut says nothing of: they get a ledger entry all the same, and an overwritten one is emptied. */
  #idleStreams(cut: Cut<SealedStream>): StreamPlan[] {
    const busy = new Set(cut.batches.map(({ plan }) => plan.stream));
    return [...this.#streams.values()].filter(
      ({ stream, loadMethod }) => !busy.has(stream) && (this.#options.config.load_ledger || loadMethod === 'overwrite'),
    );
  }

  async #load(
    cut: Cut<SealedStream>,
    idle: readonly StreamPlan[],
    uncertain: boolean,
  ): Promise<StreamOutcome[] | undefined> {
    const { config, warehouse, runId, logger } = this.#options;
    const session = await warehouse.session();
    const plans = [...new Set([...cut.batches.map(({ plan }) => plan), ...idle])];
    const columns = await this.#schemaKeeper.prepare(session, plans);
    await this.#runHooks(session, plans);
    for (const plan of plans) if (plan.loadMethod === 'overwrite') await this.#overwrite.prepare(session, plan);
    const parts = cut.batches.flatMap((sealed): PartToLoad[] =>
      sealed.parts.map((part) => ({
        sealed,
        part,
        table: this.#overwrite.of(sealed.plan)?.from ?? sealed.plan.table,
        columns: columns.get(sealed.plan) ?? new Map<string, LoadColumn>(),
      })),
    );
    const onStep = (step: string, seconds: number, stream?: string): void =>
      this.#options.metrics.timer(`${step}_duration`, seconds, stream === undefined ? {} : { stream });
    const staged = await stageRows(parts, {
      session,
      stage: this.#stage,
      cut: cut.sequence,
      runId,
      syncStartedAt: this.#startedAt,
      uploadConcurrency: config.upload_concurrency,
      onStep,
    });
    const outcomes = await applyCut(this.#work(cut, idle, staged.loaded), {
      session,
      runId,
      cut: cut.sequence,
      uncertain,
      ledger: config.load_ledger ? (outcome) => this.#ledgerEntry(outcome, cut) : undefined,
      logger,
      onStep,
    });
    for (const { plan } of cut.batches) this.#overwrite.filled(plan);
    if (staged.folder !== undefined) await this.#stage.remove(session, staged.folder);
    return outcomes;
  }

  #work(cut: Cut<SealedStream>, idle: readonly StreamPlan[], loaded: readonly LoadedPart[]): TableWork[] {
    const work = new Map<string, TableWork & { parts: LoadedPart[]; idleStreams: string[] }>();
    const of = (plan: StreamPlan): TableWork & { parts: LoadedPart[]; idleStreams: string[] } => {
      const aside = this.#overwrite.of(plan);
      const table = aside && !cut.final ? aside.from : plan.table;
      const known = work.get(quoteTable(table));
      if (known) return known;
      const fresh = {
        table,
        shared: !aside || cut.final,
        parts: [],
        replaceBy: cut.final ? aside : undefined,
        idleStreams: [],
      };
      work.set(quoteTable(table), fresh);
      return fresh;
    };
    for (const part of loaded) of(part.sealed.plan).parts.push(part);
    for (const plan of idle) of(plan).idleStreams.push(plan.stream);
    return [...work.values()];
  }

  #ledgerEntry(outcome: StreamOutcome, cut: Cut<SealedStream>): LedgerEntry {
    return {
      ...outcome,
      ...bookmarkOf(cut.final ? this.#lastState : cut.state, outcome.stream),
      runId: this.#options.runId,
      cut: cut.sequence,
      startedAt: new Date(this.#startedAt).toISOString(),
      targetVersion: this.#options.version,
    };
  }

  async #runHooks(session: Session, plans: readonly StreamPlan[]): Promise<void> {
    for (const plan of plans) {
      if (this.#begun.has(plan.stream)) continue;
      for (const sql of plan.preLoadSql) await session.run(renderHook(sql, plan, this.#options.runId));
      this.#begun.add(plan.stream);
    }
  }

  async #finish(): Promise<void> {
    const plans = [...this.#streams.values()].filter(
      ({ stream, postLoadSql }) => postLoadSql.length > 0 && this.#begun.has(stream),
    );
    if (plans.length === 0) return;
    const session = await this.#options.warehouse.session();
    for (const plan of plans)
      for (const sql of plan.postLoadSql) await session.run(renderHook(sql, plan, this.#options.runId));
  }

  #report(outcomes: readonly StreamOutcome[], seconds: number): void {
    const { metrics, logger } = this.#options;
    for (const { stream, rowsRead, rowsInserted, rowsUpdated, rowsSkippedOlder, bytes } of outcomes) {
      metrics.counter('record_count', rowsRead, { stream });
      metrics.counter('bytes', bytes, { stream });
      const skipped = rowsSkippedOlder > 0 ? `, ${rowsSkippedOlder} older than the table's skipped` : '';
      logger.info(
        `stream ${stream}: ${rowsRead} records loaded (${rowsInserted} new, ${rowsUpdated} changed${skipped})`,
        { stream },
      );
    }
    metrics.timer('batch_processing_time', seconds);
  }

  async #cleanUp(cut: Cut<SealedStream>): Promise<void> {
    for (const sealed of cut.batches) {
      await this.#budget.release(ownFiles(sealed));
      for (const { files, sources } of sealed.parts) {
        for (const file of files) await rm((await file).path, { force: true });
        if (this.#options.config.clean_up_batch_files) for (const source of sources) await rm(source, { force: true });
      }
    }
  }
}
