import { Environment } from '@marcbachmann/cel-js';
import { ConfigError } from '../errors/config-error.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
import type { SchemaMessage } from '../messages/messages.js';
import { flattenRecord, flattenSchema } from './flattening.js';
import type { MappedStream, StreamMapper } from './mapped-stream.js';
import type { Flattening, MappingSettings } from './mapping-settings.js';
import { compileStreamMap, isNothing } from './stream-map.js';

/**
 * Makes the function that applies the settings `stream_maps` and `flattening_*` to streams.
 * What a stream map says is checked when the stream's schema is known.
 *
 * @throws {ConfigError} when `stream_maps` holds what is no map
 */
export function createMapper({ maps, mapConfig, flattening }: MappingSettings): StreamMapper {
  const { __else__: rest, ...named } = maps;
  if (rest !== undefined && !isNothing(rest)) refuse('stream_maps.__else__', 'can only be null');
  for (const [name, map] of Object.entries(named)) {
    if (name.startsWith('__')) refuse(`stream_maps.${name}`, 'is no option of stream maps');
    if (!isNothing(map) && !isJsonObject(map)) {
      refuse(`stream_maps.${name}`, 'must be an object, or null to leave the stream out');
    }
  }
  return (source) => {
    let own: MappedStream | 'as it is' | 'left out' = rest === undefined ? 'as it is' : 'left out';
    const copies: MappedStream[] = [];
    for (const [name, map] of Object.entries(named)) {
      if (isJsonObject(map) && typeof map['__source__'] === 'string') {
        const { __source__: from, ...copy } = map;
        if (from === source.stream)
          copies.push(compile({ source, alias: name, name, map: copy, mapConfig, flattening }));
      } else if (matches(name, source.stream)) {
        own = isJsonObject(map) ? withAlias({ source, name, map, mapConfig, flattening }) : 'left out';
      }
    }
    if (own === 'as it is' && copies.length === 0 && !flattening) return undefined;
    if (own === 'left out') return copies;
    return [own === 'as it is' ? unmapped(source, flattening) : own, ...copies];
  };
}

interface CompileOptions {
  source: Omit<SchemaMessage, 'type'>;
  name: string;
  map: JsonObject;
  mapConfig: JsonObject;
  flattening: Flattening | undefined;
}

function withAlias({ map, ...options }: CompileOptions): MappedStream {
  const { __alias__: alias, ...rest } = map;
  const { stream } = options.source;
  return compile({
    ...options,
    map: rest,
    alias: alias === undefined ? stream : evaluateAlias(alias, stream, options.name),
  });
}

function compile({ name, ...options }: CompileOptions & { alias: string }): MappedStream {
  return compileStreamMap({ ...options, where: `stream_maps.${name}` });
}

/** An alias is a name, or an expression over `__stream_name__`. */
function evaluateAlias(alias: JsonValue, stream: string, name: string): string {
  if (typeof alias !== 'string' || alias === '') return refuse(`stream_maps.${name}.__alias__`, 'must be a name');
  try {
    const environment = new Environment().registerVariable('__stream_name__', 'string');
    const value: unknown = environment.evaluate(alias, { __stream_name__: stream });
    return typeof value === 'string' ? value : alias;
  } catch {
    return alias;
  }
}

function unmapped(source: Omit<SchemaMessage, 'type'>, flattening: Flattening | undefined): MappedStream {
  if (!flattening) return { message: source, map: (record) => record };
  const schema = flattenSchema(source.stream, source.schema, flattening);
  return { message: { ...source, schema }, map: (record) => flattenRecord(source.stream, record, schema, flattening) };
}

/** Whether a stream's name fits a pattern of `*` and `?`. */
function matches(pattern: string, stream: string): boolean {
  if (pattern === stream) return true;
  if (!/[*?]/.test(pattern)) return false;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(stream);
}

function refuse(setting: string, what: string): never {
  throw new ConfigError({ message: `setting "${setting}" ${what}`, setting });
}
