import { ConfigError } from '../errors/config-error.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import type { JsonSchema } from '../schema/json-schema.js';

/** The settings of stream maps and flattening, under the Python SDK's names; every tap and target has them. */
const MAPPING_SETTINGS: Record<string, JsonSchema> = {
  stream_maps: {
    type: 'object',
    description:
      'Transforms streams: filter records, rename, drop and compute properties. See docs/sdk/stream-maps.md.',
  },
  stream_map_config: { type: 'object', description: 'Values that stream_maps expressions can use as `config`.' },
  flattening_enabled: { type: 'boolean', description: 'Flatten nested objects into top-level properties.' },
  flattening_max_depth: { type: 'integer', minimum: 0, description: 'Maximum depth to flatten.' },
  flattening_max_key_length: {
    type: 'integer',
    minimum: 1,
    description: 'Shorten flattened names that would reach this length. Default: 255.',
  },
  flattening_separator: { type: 'string', description: 'Separator between the names of nested levels. Default: __.' },
};

/** A plugin's settings with those of stream maps and flattening; what the plugin says itself stands. */
export function withMappingSettings(configSchema: JsonSchema): JsonSchema {
  return {
    ...configSchema,
    properties: { ...configSchema.properties, ...without(MAPPING_SETTINGS, configSchema.properties) },
  };
}

function without<T>(all: Record<string, T>, taken: Record<string, unknown> = {}): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(taken, name)));
}

/** How nested objects are lifted. */
export interface Flattening {
  readonly maxDepth: number;
  readonly maxKeyLength: number;
  readonly separator: string;
}

/** What the settings ask to be done with streams. */
export interface MappingSettings {
  readonly maps: JsonObject;
  readonly mapConfig: JsonObject;
  readonly flattening: Flattening | undefined;
}

/**
 * Reads the settings of stream maps and flattening.
 *
 * @returns undefined when they ask for nothing
 * @throws {ConfigError} when flattening is on without a depth
 */
export function readMappingSettings(config: Readonly<JsonObject>): MappingSettings | undefined {
  const maps = isJsonObject(config['stream_maps']) ? config['stream_maps'] : {};
  const flattening = readFlattening(config);
  if (Object.keys(maps).length === 0 && !flattening) return undefined;
  const mapConfig = isJsonObject(config['stream_map_config']) ? config['stream_map_config'] : {};
  return { maps, mapConfig, flattening };
}

function readFlattening(config: Readonly<JsonObject>): Flattening | undefined {
  if (config['flattening_enabled'] !== true) return undefined;
  const maxDepth = config['flattening_max_depth'];
  if (typeof maxDepth !== 'number') {
    throw new ConfigError({
      message: 'setting "flattening_max_depth" is missing; it is needed when flattening_enabled is true',
      setting: 'flattening_max_depth',
    });
  }
  if (maxDepth === 0) return undefined;
  const { flattening_max_key_length: maxKeyLength, flattening_separator: separator } = config;
  return {
    maxDepth,
    maxKeyLength: typeof maxKeyLength === 'number' ? maxKeyLength : 255,
    separator: typeof separator === 'string' ? separator : '__',
  };
}
