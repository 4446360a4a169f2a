import {
  compileRecordCheck,
  SchemaConflictError,
  SingerError,
  type CommitContext,
  type Cut,
  type Logger,
  type Metrics,
  type SchemaMessage,
  type Sink,
  type Target,
} from '@singer-io-ts/sdk';
import type { Warehouse } from '@singer-io-ts/snowflake-session';
import { rm } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { ColumnJudge } from './load/column-judge.js';
import { CutLoader } from './load/cut-loader.js';
import { refuseIncomplete } from './load/incomplete-input.js';
import { Quarantine } from './load/quarantine.js';
import { RunReport } from './load/run-report.js';
import { Stage } from './load/stage.js';
import { StreamHooks } from './load/stream-hooks.js';
import { StreamRuns } from './load/stream-runs.js';
import { refuseClash } from './plan/table-clash.js';
import { planStream, type StreamPlan } from './plan/stream-plan.js';
import { tablesBySchema } from './plan/tables-by-schema.js';
import type { Config } from './settings/settings.js';
import { liesUnder } from './spool/batch-path.js';
import { chooseCompression, type Compression } from './spool/compression.js';
import { ExtraProperties } from './spool/extra-properties.js';
import type { RecordFilesOptions } from './spool/record-files.js';
import { filesOf, SnowflakeSink, type SealedStream } from './spool/sink.js';
import { SpoolBudget } from './spool/spool-budget.js';
import type { SpoolDirectory } from './spool/spool-directory.js';
import { OverwriteTables } from './tables/overwrite-tables.js';
import { SchemaKeeper } from './tables/schema-keeper.js';
import { TableKeeper } from './tables/table-keeper.js';
import { RecordCheck } from './values/record-check.js';

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

/**
 * Loads cuts into Snowflake, each in one transaction. A cut's files stay on disk until its COMMIT is known to have worked; whatever
 * fails before that is done again from them, in a new session if necessary.
 */
export class SnowflakeTarget implements Target<SealedStream> {
  readonly #options: SnowflakeTargetOptions;
  readonly #compression: Compression;
  readonly #budget: SpoolBudget;
  readonly #schemaKeeper: SchemaKeeper;
  readonly #loader: CutLoader;
  readonly #runs: StreamRuns;
  readonly #quarantine: Quarantine;
  readonly #report: RunReport;
  readonly #hooks: StreamHooks;
  readonly #now: () => number;
  readonly #startedAt: number;
  /** The last plan of every stream of this run. */
  readonly #streams = new Map<string, StreamPlan>();
  /** The sink of every stream, reused when a SCHEMA changes nothing that matters here. */
  readonly #sinks = new Map<string, SnowflakeSink>();
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
    this.#schemaKeeper = new SchemaKeeper({
      tables: new TableKeeper(config, logger),
      ledger: config.load_ledger,
      parallelism: config.parallelism,
    });
    this.#report = new RunReport(options);
    this.#hooks = new StreamHooks(runId);
    this.#runs = new StreamRuns(this.#startedAt);
    this.#quarantine = new Quarantine({
      ...this.#files(),
      enabled: config.on_invalid_record === 'quarantine',
      maxRecords: config.max_invalid_records,
      runId,
      logger,
      metrics: options.metrics,
    });
    this.#loader = new CutLoader({
      ...options,
      quarantine: this.#quarantine,
      judge: new ColumnJudge({
        ...this.#files(),
        onInexactNumber: config.on_inexact_number,
        validated: config.validate_records,
        onRefused: (error) => this.#quarantine.admit(error),
        onNarrow: (plan, columns) => {
          if (this.#streams.get(plan.stream) === plan) this.#sinks.get(plan.stream)?.checkAgainst(columns);
        },
      }),
      stage: new Stage(config.stage, runId, logger),
      compression: this.#compression,
      schemaKeeper: this.#schemaKeeper,
      overwrite: new OverwriteTables(runId),
      runs: this.#runs,
      hooks: this.#hooks,
      report: this.#report,
      startedAt: this.#startedAt,
      streams: this.#streams,
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
    refuseClash(this.#streams.values(), plan, config);
    // A stream without properties has no table; its records are refused.
    if (plan.properties.length > 0) this.#streams.set(plan.stream, plan);
    const extra = new ExtraProperties([
      ...Object.keys(message.schema.properties ?? {}),
      ...plan.properties.map(({ property }) => property),
      ...(plan.deletedAt ? [plan.deletedAt.property] : []),
    ]);
    this.#report.watch(plan.stream, extra);
    let validate: ReturnType<typeof compileRecordCheck> | undefined;
    const sink = new SnowflakeSink({
      plan,
      extra,
      check: new RecordCheck({
        stream: plan.stream,
        properties: plan.properties,
        keys: plan.keys,
        onInexactNumber: config.on_inexact_number,
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
        validate ??= compileRecordCheck(message, {
          validate: config.validate_records,
          checkFormats: false,
          onUnreadPattern: () => undefined,
        });
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

  async commit(cut: Cut<SealedStream>, { stop }: CommitContext): Promise<void> {
    await Promise.all(cut.batches.map(({ complete }) => complete));
    if (cut.state !== undefined) this.#lastState = cut.state;
    this.#runs.seeCut(cut);
    if (cut.final)
      refuseIncomplete({
        plans: this.#streams.values(),
        runs: this.#runs,
        recordsAfterState: cut.recordsAfterState,
        hasState: this.#lastState !== undefined,
      });
    const noted = this.#streamsToNote(cut);
    if (cut.batches.length === 0 && noted.length === 0) return;
    const begun = performance.now();
    const outcomes = await this.#loader.load(cut, { noted, state: cut.final ? this.#lastState : cut.state, stop });
    // The cut is committed: nothing from here on may fail it, or it would be loaded again.
    for (const plan of [...cut.batches.map((batch) => batch.plan), ...noted]) this.#runs.noted(plan.stream);
    this.#report.loaded(outcomes ?? [], (performance.now() - begun) / 1000);
    this.#quarantine.report(cut.batches);
    for (const { plan, discarded } of cut.batches) this.#report.discardedOf(plan, discarded);
    if (cut.final) this.#report.leftOut();
    const aside = this.#quarantine.seal(cut.batches, cut.sequence);
    await this.#afterCommit('the files of a cut that is loaded', () => this.#cleanUp([...cut.batches, ...aside]));
    if (!cut.final) return;
    await this.#afterCommit('_SDC_TABLES could not be compacted', () => this.#compact());
    this.#failedAfterCommit ??= await this.#afterCommit('post_load_sql', () =>
      this.#hooks.end(this.#options.warehouse),
    );
  }

  async close(outcome: 'done' | 'failed'): Promise<void> {
    await this.#budget.discard();
    this.#options.spool.close();
    await this.#options.warehouse.close();
    if (outcome === 'done' && this.#failedAfterCommit) throw this.#failedAfterCommit.error;
  }

  /** Does what is left to do once a cut is committed. A failure is a warning: it must not make anyone load the cut again. */
  async #afterCommit(what: string, act: () => Promise<void>): Promise<{ error: unknown } | undefined> {
    try {
      await act();
      return undefined;
    } catch (error) {
      this.#options.logger.warning(
        `${what}: ${error instanceof Error ? error.message : 'failed'}; everything is loaded nevertheless`,
      );
      return { error };
    }
  }

  /**
   * Signs in while the input is being read: settings that are wrong show before an hour of reading, and the driver is loaded while memory
   * is still small.
   */
  #signIn(): void {
    if (this.#signingIn) return;
    this.#signingIn = true;
    this.#options.warehouse.session().catch((error: unknown) => {
      // What may work when it is tried again is tried again with the first cut.
      if (!(error instanceof SingerError && error.retriable)) this.#refused = { error };
    });
  }

  /**
   * Streams of which a cut brings nothing, but which have something to be recorded nevertheless: at the end a ledger entry, and the tap's run
   * before a STATE that names it is written.
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

  async #compact(): Promise<void> {
    const session = await this.#options.warehouse.session();
    for (const schema of tablesBySchema([...this.#streams.values()].map(({ table }) => table)).keys())
      await this.#schemaKeeper.memory.compact(session, schema, this.#options.runId);
  }

  async #cleanUp(batches: readonly SealedStream[]): Promise<void> {
    const { config } = this.#options;
    for (const sealed of batches) {
      const files = filesOf(sealed);
      await this.#budget.release(files);
      for (const file of files) await rm((await file).path, { force: true });
      for (const source of sealed.sources)
        if (config.clean_up_batch_files && liesUnder(source, config.batch_config?.storage?.root))
          await rm(source, { force: true });
    }
  }
}
