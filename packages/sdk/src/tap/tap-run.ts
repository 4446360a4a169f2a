import type { Writable } from 'node:stream';
import { describeStream, parseCatalog, type Catalog } from '../catalog/catalog.js';
import { loadConfigWithOrigins, readJsonObject, type ConfigSource, type LoadedConfig } from '../config/load-config.js';
import { validateConfig } from '../config/validate-config.js';
import type { JsonObject } from '../json/json-value.js';
import type { ProgressLine } from '../logging/progress-line.js';
import type { Logger } from '../logging/logger.js';
import { loadMapper } from '../mapping/load-mapper.js';
import { withMappingSettings } from '../mapping/mapping-settings.js';
import { BatchingWriter } from '../messages/batching-writer.js';
import { MessageWriter } from '../messages/message-writer.js';
import { Metrics } from '../metrics/metrics.js';
import type { JsonSchema } from '../schema/json-schema.js';
import { TapState } from '../state/tap-state.js';
import { readBatchSetting, withBatchSetting } from './batch-settings.js';
import { checkingOutput } from './checking-output.js';
import { discardingOutput } from './discarding-output.js';
import { describeStreams } from './describe-streams.js';
import { runSync } from './run-sync.js';
import { requireKeysInSchema } from './stream-keys.js';
import type { TapContext, TapDefinition, TestMode } from './tap.js';

export interface TapRunOptions<C> {
  definition: TapDefinition<C>;
  configSources: readonly ConfigSource[];
  /** The state of the last run, or the path of its file. */
  state: JsonObject | string | undefined;
  /** The catalog, or the path of its file. */
  catalog: Catalog | string | undefined;
  options: TapContext<C>['options'];
  logger: Logger;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  /** Shows how far the run has got. @default not shown */
  progress?: ProgressLine;
}

/** One call of a tap's command: what was asked for on its command line, ready to be done. */
export class TapRun<C> {
  readonly #run: TapRunOptions<C>;
  readonly #metrics: Metrics;

  constructor(options: TapRunOptions<C>) {
    this.#run = options;
    this.#metrics = new Metrics(options.logger);
  }

  /**
   * The catalog of all streams. Needs no valid settings where streams are known without: Meltano discovers before anything
   * is configured.
   *
   * @throws {ConfigError} where the source has to be asked and the settings do not do for it
   */
  async discover(): Promise<Catalog> {
    const { definition } = this.#run;
    const config = this.#loaded().config;
    try {
      const { streams, missing } = await describeStreams(definition, {
        config,
        configSchema: this.#configSchema,
        context: (settings) => this.#context(settings),
      });
      if (!streams) throw missing;
      streams.forEach(requireKeysInSchema);
      return { streams: streams.map((stream) => describeStream(stream)) };
    } finally {
      await definition.close?.();
    }
  }

  /** Extracts the selected streams into an output. */
  async sync(output: Writable): Promise<void> {
    const { definition, logger, signal } = this.#run;
    const config = this.#validConfig();
    const context = this.#context(config);
    const catalog = this.#catalog();
    const state = this.#state();
    const mapper = await loadMapper(config as JsonObject);
    const batches = readBatchSetting(config as JsonObject, runName());
    try {
      await runSync({
        streams: await definition.streams(context),
        catalog,
        state,
        writer: batches ? new BatchingWriter(output, batches) : new MessageWriter(output),
        logger,
        metrics: this.#metrics,
        signal,
        progress: this.#run.progress,
        mapper,
        maxConcurrentStreams: definition.maxConcurrentStreams,
      });
    } finally {
      await definition.close?.();
    }
  }

  /** Tries the tap without writing messages. */
  async test(mode: TestMode): Promise<void> {
    const { definition, logger, signal } = this.#run;
    const context = this.#context(this.#validConfig());
    const catalog = this.#catalog();
    const checked = mode === 'schema' ? checkingOutput() : undefined;
    try {
      if (definition.test) await definition.test(mode, context);
      else {
        await runSync({
          streams: await definition.streams(context),
          catalog,
          state: new TapState(),
          writer: new MessageWriter(checked ? checked.output : discardingOutput()),
          logger,
          metrics: this.#metrics,
          signal,
          maxRecords: 1,
        });
        checked?.throwIfWrong();
      }
      logger.info(`test of ${mode} passed`);
    } finally {
      await definition.close?.();
    }
  }

  #loaded(): LoadedConfig {
    const { definition, configSources, env } = this.#run;
    const { name: plugin } = definition;
    return loadConfigWithOrigins({ plugin, configSchema: this.#configSchema, sources: configSources, env });
  }

  get #configSchema(): JsonSchema {
    return withMappingSettings(withBatchSetting(this.#run.definition.configSchema));
  }

  #validConfig(): C {
    return validateConfig<C>({
      plugin: this.#run.definition.name,
      configSchema: this.#configSchema,
      ...this.#loaded(),
    });
  }

  #state(): TapState {
    const { state, logger } = this.#run;
    const value = typeof state === 'string' ? readJsonObject(state, 'state') : state;
    const made = new TapState(value);
    const [first] = Object.keys(value ?? {});
    if (first !== undefined && !Object.hasOwn(value ?? {}, 'bookmarks'))
      logger.warning(
        `the state holds "${first}" and no "bookmarks", so no stream continues from it; everything is read`,
      );
    return made;
  }

  #catalog(): Catalog | undefined {
    const { catalog } = this.#run;
    return typeof catalog === 'string' ? parseCatalog(readJsonObject(catalog, 'catalog')) : catalog;
  }

  #context(config: C): TapContext<C> {
    const { logger, signal, options, definition } = this.#run;
    return { plugin: definition, config, logger, metrics: this.#metrics, signal, options };
  }
}

/** Tells this run from others, so that its files overwrite nobody else's. */
function runName(): string {
  return `${new Date().toISOString().replace(/[-:.]/g, '')}-${String(process.pid)}`;
}
