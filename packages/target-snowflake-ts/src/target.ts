import {
  forEachConcurrently,
  compileRecordCheck,
  InterruptedError,
  LoadError,
  SchemaConflictError,
  type CommitContext,
  type Cut,
  type Logger,
  type Metrics,
  type SchemaMessage,
  type Sink,
  type Target,
} from '@singer-io-ts/sdk';
import { quoteTable, TableChangedError, type Warehouse } from '@singer-io-ts/snowflake-session';
import { rm } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { StreamOutcome, TableWork } from './load/apply-table.js';
import type { Config } from './settings/settings.js';
import { checkTable } from './load/lost-table.js';
import { OverwriteTables } from './tables/overwrite-tables.js';
import { retryLoad } from './load/retry.js';
import { RecordCheck } from './values/record-check.js';
import { Quarantine } from './load/quarantine.js';
import { refuseIfLate } from './load/run-order.js';
import { SchemaKeeper } from './tables/schema-keeper.js';
import type { OpenTry } from './load/settle-transaction.js';
import { liesUnder } from './spool/batch-path.js';
import { chooseCompression, type Compression } from './spool/compression.js';
import { ExtraProperties } from './spool/extra-properties.js';
import { filesOf, SnowflakeSink, type SealedStream } from './spool/sink.js';
import { SpoolBudget } from './spool/spool-budget.js';
import type { RecordFilesOptions } from './spool/record-files.js';
import type { SpoolDirectory } from './spool/spool-directory.js';
import type { LedgerEntry } from './sql/ledger.js';
import { stageRows, type LoadedPart, type PartToLoad } from './load/stage-rows.js';
import { bookmarkOf } from './load/state-bookmark.js';
import { planStream, type StreamPlan } from './plan/stream-plan.js';
import { RunReport } from './load/run-report.js';
import { StreamHooks } from './load/stream-hooks.js';
import { StreamRuns } from './load/stream-runs.js';
import { TableKeeper } from './tables/table-keeper.js';
import type { LoadColumn } from './plan/table.js';
import { applyCut, noteOnly, TransactionLostError } from './load/transaction.js';
import { DuplicateKeysError, schemasOf } from './load/verify-cut.js';
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

/** What earlier tries of a cut have found out. */
interface Tries {
  earlier: OpenTry | undefined;
  /** Tables in which keys stand more than once. */
  repair: Set<string>;
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
  readonly #compression: Compression;
  readonly #budget: SpoolBudget;
  readonly #stage: Stage;
  readonly #schemaKeeper: SchemaKeeper;
  readonly #overwrite: OverwriteTables;
  readonly #runs: StreamRuns;
  readonly #quarantine: Quarantine;
  readonly #report: RunReport;
  readonly #hooks: StreamHooks;
  readonly #now: () => number;
  readonly #startedAt: number;
  /** The last plan of every stream of this run. */
  readonly #streams = new Map<string, StreamPlan>();
  /** The sink of every stream, to go on with when a SCHEMA changes nothing that matters here. */
  readonly #sinks = new Map<string, SnowflakeSink>();
  /** Streams whose table has been compared with the tap's bookmark. */
  readonly #checked = new Set<string>();
  /** What failed after the last COMMIT: the rows are in and their STATE has left, so it is told at the end. */
  #failedAfterCommit: { error: unknown } | undefined;
  #lastState: unknown;
  #signingIn = false;
  #refused: { error: unknown } | undefined;

  constructor(options: SnowflakeTargetOptions) {
    const { config, runId, logger, now = Date.now } = options;
    this.#options = options;
    this.#now = now;
    this.#startedAt = now();
    this.#compression = chooseCompression(config.compression);
    this.#budget = new SpoolBudget(config.max_disk_bytes);
    this.#stage = new Stage(config.stage, runId, logger);
    this.#schemaKeeper = new SchemaKeeper({
      tables: new TableKeeper(config, logger),
      ledger: config.load_ledger,
      parallelism: config.parallelism,
    });
    this.#report = new RunReport(options);
    this.#hooks = new StreamHooks(runId);
    this.#runs = new StreamRuns(this.#startedAt);
    this.#overwrite = new OverwriteTables(runId);
    this.#quarantine = new Quarantine({
      ...this.#files(),
      enabled: config.on_invalid_record === 'quarantine',
      maxRecords: config.max_invalid_records,
      runId,
      logger,
      metrics: options.metrics,
    });
  }

  openSink(message: SchemaMessage, line: number, source = message.stream): Sink<SealedStream> {
    this.#runs.comesFrom(message.stream, source);
    try {
      return this.#openSink(message);
    } catch (error) {
      if (!(error instanceof SchemaConflictError)) throw error;
      throw new SchemaConflictError({ message: `line ${line}: ${error.message}`, cause: error });
    }
  }

  #openSink(message: SchemaMessage): Sink<SealedStream> {
    const { config, logger } = this.#options;
    const plan = planStream(message, config);
    const known = this.#sinks.get(plan.stream);
    if (known && isDeepStrictEqual(this.#streams.get(plan.stream), plan)) return known;
    const clash = [...this.#streams.values()].find(
      (other) => other.stream !== plan.stream && quoteTable(other.table) === quoteTable(plan.table),
    );
    if (clash) {
      throw new SchemaConflictError({
        message: `streams ${clash.stream} and ${plan.stream} would both go to table ${quoteTable(plan.table)}; give one of them another table in setting "streams"`,
      });
    }
    // A stream without properties has no table; its records are refused.
    if (plan.properties.length > 0) this.#streams.set(plan.stream, plan);
    const extra = new ExtraProperties(
      Object.keys(message.schema.properties ?? {}).concat(plan.properties.map(({ property }) => property)),
    );
    this.#report.watch(plan.stream, extra);
    let validate: ReturnType<typeof compileRecordCheck> | undefined;
    const sink = new SnowflakeSink({
      plan,
      extra,
      check: new RecordCheck({
        stream: plan.stream,
        properties: plan.properties,
        onInexactNumber: config.on_inexact_number,
        refuseInexactFloats: config.on_invalid_record === 'quarantine',
        maxRecordBytes: config.max_record_bytes,
        textLength: config.max_text_length,
        validated: config.validate_records,
      }),
      ...this.#files(),
      processActivateVersion: config.process_activate_version_messages,
      maxLineBytes: config.max_record_bytes,
      logger,
      validate: ({ record, line }) => {
        // The engine checks the records of the input; those of BATCH files are checked here in the same way.
        validate ??= compileRecordCheck(message, { validate: config.validate_records, checkFormats: false });
        validate(record, line);
      },
      onRefused: (error) => this.#quarantine.admit(error),
      onFirstRecord: () => this.#signIn(),
    });
    this.#sinks.set(plan.stream, sink);
    return sink;
  }

  #files(): RecordFilesOptions {
    const { config, spool } = this.#options;
    const compression = this.#compression;
    return { spool, compression, fileSizeBytes: config.file_size_bytes, now: this.#now, budget: this.#budget };
  }

  seeState(value: unknown): void {
    this.#runs.seeState(value);
  }

  ready(): Promise<void> {
    if (this.#refused) throw this.#refused.error;
    return this.#budget.ready();
  }

  /** STATE waits for the end of input when a table is to be overwritten: nothing is published before. */
  holdsState(): boolean {
    return [...this.#streams.values()].some(({ loadMethod }) => loadMethod === 'overwrite');
  }

  async commit(received: Cut<SealedStream>, { stop }: CommitContext): Promise<void> {
    const { config, logger } = this.#options;
    await Promise.all(received.batches.map(({ complete }) => complete));
    const quarantined = this.#quarantine.seal(received.batches, received.sequence);
    const cut = { ...received, batches: [...received.batches, ...quarantined] };
    if (cut.state !== undefined) this.#lastState = cut.state;
    this.#runs.seeCut(cut);
    if (cut.final) this.#refuseIncomplete(cut);
    const noted = this.#streamsToNote(cut);
    if (cut.batches.length === 0 && noted.length === 0) return;
    const begun = performance.now();
    const tries: Tries = { earlier: undefined, repair: new Set() };
    const outcomes = await retryLoad(
      async () => {
        try {
          return await this.#load(cut, { noted, tries, stop });
        } catch (error) {
          if (error instanceof TransactionLostError) tries.earlier = error.lost;
          if (error instanceof DuplicateKeysError) tries.repair.add(quoteTable(error.table));
          if (error instanceof TableChangedError) this.#schemaKeeper.forget();
          throw error;
        }
      },
      { retries: config.max_retries, logger },
    );
    // The cut is committed: nothing from here on may fail it, or it would be loaded again.
    for (const plan of [...cut.batches.map((batch) => batch.plan), ...noted]) this.#runs.noted(plan.stream);
    this.#report.loaded(outcomes ?? [], (performance.now() - begun) / 1000);
    this.#quarantine.report(received.batches);
    if (cut.final) this.#report.leftOut();
    await this.#afterCommit('the files of a cut that is loaded', () => this.#cleanUp(cut));
    if (!cut.final) return;
    await this.#afterCommit('_SDC_TABLES could not be compacted', () => this.#compact());
    await this.#afterCommit('post_load_sql', () => this.#hooks.end(this.#options.warehouse));
  }

  async close(outcome: 'done' | 'failed'): Promise<void> {
    await this.#budget.discard();
    this.#options.spool.close();
    await this.#options.warehouse.close();
    if (outcome === 'done' && this.#failedAfterCommit) throw this.#failedAfterCommit.error;
  }

  /** What was collected to overwrite tables may only be published when it is the whole of them. */
  #refuseIncomplete(cut: Cut<SealedStream>): void {
    const overwritten = [...this.#streams.values()].filter(({ loadMethod }) => loadMethod === 'overwrite');
    if (overwritten.length === 0) return;
    if (cut.recordsAfterState && this.#lastState !== undefined) {
      throw new IncompleteInputError({
        message:
          'records follow the last STATE, so the tap did not finish: no table was overwritten and no STATE is written',
      });
    }
    const part = overwritten.find(({ stream }) => this.#runs.mark(stream)?.last.complete === false);
    if (!part) return;
    const goesOn = this.#runs.mark(part.stream)?.first.from !== null;
    throw new IncompleteInputError({
      message:
        `stream ${part.stream}: the tap has sent a part of it only (${goesOn ? 'it went on from a bookmark' : 'it did not finish'}), so it cannot replace table ${quoteTable(part.table)}: ` +
        'no table was overwritten and no STATE is written. Run the tap without its state (meltano run --full-refresh TAP target-snowflake-ts), or set load_method to upsert',
    });
  }

  /** Does what is left to do once a cut is committed. A failure is told, and ends the run with an error after the STATE has left. */
  async #afterCommit(what: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#options.logger.warning(
        `${what}: ${error instanceof Error ? error.message : 'failed'}; everything is loaded all the same`,
      );
      if (what === 'post_load_sql') this.#failedAfterCommit ??= { error };
    }
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

  /**
   * Streams that a cut brings nothing of and that have something to be put down all the same: at the end a ledger entry, and the tap's run
   * before a STATE that names it leaves.
   */
  #streamsToNote(cut: Cut<SealedStream>): StreamPlan[] {
    const busy = new Set(cut.batches.map(({ plan }) => plan.stream));
    const others = [...this.#streams.values()].filter(({ stream }) => !busy.has(stream));
    if (cut.final)
      return others.filter(
        ({ stream, loadMethod }) =>
          this.#options.config.load_ledger || loadMethod === 'overwrite' || this.#runs.isToNote(stream),
      );
    return cut.state === undefined || this.holdsState()
      ? []
      : others.filter(({ stream }) => this.#runs.isToNote(stream));
  }

  async #load(
    cut: Cut<SealedStream>,
    { noted, tries, stop }: { noted: readonly StreamPlan[]; tries: Tries; stop: AbortSignal | undefined },
  ): Promise<StreamOutcome[] | undefined> {
    const { config, warehouse, runId, logger } = this.#options;
    const session = await warehouse.session();
    const plans = [...new Set([...cut.batches.map(({ plan }) => plan), ...noted])];
    await this.#schemaKeeper.lookUp(session, plans);
    this.#check(plans);
    const columns = await this.#schemaKeeper.prepare(session, plans);
    await this.#hooks.begin(session, plans);
    const overwritten = [...new Map(plans.map((plan) => [plan.stream, plan])).values()].filter(
      (plan) => plan.loadMethod === 'overwrite',
    );
    await forEachConcurrently(overwritten, config.parallelism, (plan) =>
      this.#overwrite.prepare(session, plan, this.#schemaKeeper.table(plan)?.columns ?? []),
    );
    const parts = cut.batches.flatMap((sealed): PartToLoad[] =>
      sealed.parts.map((part) => ({
        sealed,
        part,
        table: this.#overwrite.of(sealed.plan)?.from ?? sealed.plan.table,
        columns: columns.get(sealed.plan) ?? new Map<string, LoadColumn>(),
        atLeastVersion: this.#runs.atLeastVersion(sealed.plan.stream, this.#schemaKeeper.remembered(sealed.plan)),
      })),
    );
    const onStep = this.#report.step.bind(this.#report);
    const staged = await stageRows(parts, {
      session,
      stage: this.#stage,
      cut: cut.sequence,
      runId,
      syncStartedAt: this.#startedAt,
      parallelism: config.parallelism,
      compression: this.#compression.name,
      onInexactNumber: config.on_inexact_number,
      onDiscarded: (left) => this.#report.discarded(left),
      onStep,
    });
    const work = this.#work(cut, noted, staged.loaded);
    const options = {
      session,
      runId,
      cut: cut.sequence,
      ledger: config.load_ledger ? (outcome: StreamOutcome) => this.#ledgerEntry(outcome, cut) : undefined,
      logger,
    };
    if (work.every((one) => one.parts.length === 0 && !one.replaceBy)) return noteOnly(work, options);
    const replaces = work.some(({ replaceBy }) => replaceBy !== undefined);
    const outcomes = await applyCut(work, {
      ...options,
      ...tries,
      onStep,
      beforeCommit: () => {
        if (replaces && stop?.aborted)
          throw new InterruptedError({ message: 'asked to stop; no table was overwritten and no STATE is written' });
      },
    });
    for (const { plan } of cut.batches) this.#overwrite.filled(plan);
    // What lies in a temporary stage ends with the session, which ends with the last cut.
    if (staged.folder !== undefined && !(cut.final && this.#stage.endsWithSession))
      await this.#stage.remove(session, staged.folder);
    return outcomes;
  }

  /** Refuses what would be lost or put new rows under old ones, before anything is uploaded. */
  #check(plans: readonly StreamPlan[]): void {
    const { config, logger } = this.#options;
    for (const plan of plans) {
      const { stream, table, loadMethod } = plan;
      const remembered = this.#schemaKeeper.remembered(plan);
      const mark = this.#runs.mark(stream);
      if (mark && !this.#checked.has(stream) && loadMethod !== 'overwrite') {
        const found = this.#schemaKeeper.table(plan);
        checkTable({ stream, table, mark: mark.first, found, remembered }, config.on_lost_table, logger);
        this.#checked.add(stream);
      }
      refuseIfLate(stream, table, this.#runs.order(plan, remembered), remembered);
    }
  }

  #work(cut: Cut<SealedStream>, noted: readonly StreamPlan[], loaded: readonly LoadedPart[]): TableWork[] {
    const work = new Map<string, TableWork & { parts: LoadedPart[] }>();
    const of = (plan: StreamPlan): TableWork & { parts: LoadedPart[] } => {
      const known = work.get(plan.stream);
      if (known) return known;
      const aside = this.#overwrite.of(plan);
      const fresh = {
        stream: plan.stream,
        table: aside && !cut.final ? aside.from : plan.table,
        created: this.#schemaKeeper.table(plan)?.created,
        shared: !aside || cut.final,
        parts: [],
        replaceBy: cut.final ? aside : undefined,
        order: this.#runs.order(plan, this.#schemaKeeper.remembered(plan)),
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
    const plan = this.#streams.get(stream);
    if (!plan || this.#overwrite.isFilled(plan) || parts.some(({ rows }) => rows > 0)) return false;
    const rows = this.#schemaKeeper.table(plan)?.rows ?? 0;
    if (rows === 0 || this.#options.config.allow_empty_overwrite) return rows === 0;
    this.#options.logger.warning(
      `stream ${stream}: no records came, so table ${quoteTable(table)} keeps its ${rows} rows; to let an empty result replace them, set allow_empty_overwrite`,
      { stream },
    );
    return true;
  }

  #ledgerEntry(outcome: StreamOutcome, cut: Cut<SealedStream>): LedgerEntry {
    return {
      ...outcome,
      ...bookmarkOf(cut.final ? this.#lastState : cut.state, this.#runs.sourceOf(outcome.stream)),
      runId: this.#options.runId,
      cut: cut.sequence,
      startedAt: new Date(this.#startedAt).toISOString(),
      targetVersion: this.#options.version,
    };
  }

  async #compact(): Promise<void> {
    const session = await this.#options.warehouse.session();
    for (const schema of schemasOf([...this.#streams.values()]))
      await this.#schemaKeeper.memory.compact(session, schema, this.#options.runId);
  }

  async #cleanUp(cut: Cut<SealedStream>): Promise<void> {
    const { config } = this.#options;
    for (const sealed of cut.batches) {
      const files = filesOf(sealed);
      await this.#budget.release(files);
      for (const file of files) await rm((await file).path, { force: true });
      for (const source of sealed.sources)
        if (config.clean_up_batch_files && liesUnder(source, config.batch_config?.storage?.root))
          await rm(source, { force: true });
    }
  }
}
