import type { StreamDescription } from '../catalog/catalog.js';
import { placeholderConfig } from '../config/placeholder-config.js';
import { validateConfig } from '../config/validate-config.js';
import { ConfigError } from '../errors/config-error.js';
import type { JsonObject } from '../json/json-value.js';
import type { JsonSchema } from '../schema/json-schema.js';
import type { TapContext, TapDefinition } from './tap.js';

export interface DescribeStreamsOptions<C> {
  /** The settings as far as they are given. */
  config: JsonObject;
  configSchema: JsonSchema;
  context: (config: C) => TapContext<C>;
}

/** What is known of a tap's streams; without them, why not. */
export interface DescribedStreams {
  readonly streams?: readonly StreamDescription[];
  /** What the settings lack for asking the source. */
  readonly missing?: unknown;
}

/**
 * Describes a tap's streams with the settings there are. Settings that are valid go to `streams` as in a run. With others
 * the tap describes itself, or is given placeholders; a tap that asks its source is never called with those.
 */
export async function describeStreams<C>(
  definition: TapDefinition<C>,
  { config, configSchema, context }: DescribeStreamsOptions<C>,
): Promise<DescribedStreams> {
  let missing: unknown;
  try {
    const valid = validateConfig<C>({ plugin: definition.name, configSchema, config });
    return { streams: await definition.streams(context(valid)) };
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    missing = error;
  }
  if (definition.describe) return { streams: definition.describe() };
  if (isAsync(definition)) return { missing };
  try {
    return { streams: await definition.streams(context(placeholderConfig(configSchema, config) as C)) };
  } catch {
    // What cannot be built with placeholders needs its settings; that is what there is to tell.
    return { missing };
  }
}

/** Whether the tap has said that it asks its source. */
function isAsync(definition: object): boolean {
  const streams: unknown = Reflect.get(definition, 'streams');
  return typeof streams === 'function' && streams.constructor.name === 'AsyncFunction';
}
