import { Readable, Writable } from 'node:stream';
import { loadConfigWithOrigins, type ConfigSource } from '../config/load-config.js';
import { validateConfig } from '../config/validate-config.js';
import type { JsonObject } from '../json/json-value.js';
import type { ProgressLine } from '../logging/progress-line.js';
import type { Logger } from '../logging/logger.js';
import { loadMapper } from '../mapping/load-mapper.js';
import { withMappingSettings } from '../mapping/mapping-settings.js';
import { MessageWriter } from '../messages/message-writer.js';
import { Metrics } from '../metrics/metrics.js';
import { openInput } from './input.js';
import { load } from './load-engine.js';
import type { TargetContext, TargetDefinition } from './target.js';

export interface RunLoadOptions<C, B> {
  definition: TargetDefinition<C, B>;
  configSources: readonly ConfigSource[];
  /** The messages, or the path of their file. @default stdin */
  input: Readable | string | undefined;
  /** Where STATE goes. @default stdout */
  output?: Writable;
  options: TargetContext<C>['options'];
  logger: Logger;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  /** Shows how far the run has got. @default not shown */
  progress?: ProgressLine;
}

/** One call of a target's command: settings checked, target opened, input loaded, STATE to stdout. */
export async function runLoad<C, B>({
  definition,
  configSources,
  input: source,
  output = process.stdout,
  options,
  logger,
  env,
  signal,
  progress,
}: RunLoadOptions<C, B>): Promise<void> {
  const { name: plugin } = definition;
  const configSchema = withMappingSettings(definition.configSchema);
  const config = validateConfig<C>({
    plugin,
    configSchema,
    ...loadConfigWithOrigins({ plugin, configSchema, sources: configSources, env }),
  });
  const mapper = await loadMapper(config as JsonObject);
  const input = source instanceof Readable ? source : await openInput(source);
  const metrics = new Metrics(logger);
  const {
    target,
    policy,
    validateRecords,
    formats,
    maxLineBytes,
    discardState = false,
  } = await definition.open({ config, logger, metrics, options });
  await load({
    input,
    target,
    policy,
    logger,
    metrics,
    formats,
    writer: new MessageWriter(discardState ? nowhere() : output),
    stop: signal,
    ...(progress ? { progress } : {}),
    ...(mapper ? { mapper } : {}),
    ...(validateRecords === undefined ? {} : { validateRecords }),
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
  });
}

/** An output that takes everything and keeps nothing. */
const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
