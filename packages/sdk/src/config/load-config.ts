import { readFileSync } from 'node:fs';
import { ConfigError } from '../errors/config-error.js';
import { UsageError } from '../errors/usage-error.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { jsonFault, type JsonFault } from '../json/json-fault.js';
import { parseJson } from '../json/lossless.js';
import { schemaTypes, type JsonSchema } from '../schema/json-schema.js';

/** The environment variable that holds a setting: `tap-sevdesk`, `api_key` → `TAP_SEVDESK_API_KEY`. */
export function envNameOf(plugin: string, setting: string): string {
  return `${plugin}_${setting}`.replace(/[^A-Za-z0-9]/g, '_').toUpperCase();
}

/** Where settings come from: the path of a JSON file, `ENV` for environment variables, or the settings themselves. */
export type ConfigSource = string | JsonObject;

export interface LoadConfigOptions {
  /** The plugin's name, which prefixes its environment variables. */
  plugin: string;
  /** The settings' schema. */
  configSchema: JsonSchema;
  /** What `--config` named, in order. Later ones win. */
  sources: readonly ConfigSource[];
  /** The environment. */
  env: Readonly<Record<string, string | undefined>>;
}

/** Settings, and where each came from: a file's path or an environment variable. Settings given as an object have no origin. */
export interface LoadedConfig {
  readonly config: JsonObject;
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * Reads and merges the sources of a plugin's settings, without judging them yet.
 *
 * @throws {UsageError} when a file cannot be read or is no JSON object
 */
export function loadConfig(options: LoadConfigOptions): JsonObject {
  return loadConfigWithOrigins(options).config;
}

/** As {@link loadConfig}, with where each setting came from. */
export function loadConfigWithOrigins({ plugin, configSchema, sources, env }: LoadConfigOptions): LoadedConfig {
  const config: JsonObject = {};
  const origins = new Map<string, string>();
  for (const source of sources) {
    const settings = settingsOf(source, { plugin, configSchema, env });
    for (const setting of Object.keys(settings)) {
      if (typeof source !== 'string') origins.delete(setting);
      else origins.set(setting, source === 'ENV' ? `environment variable ${envNameOf(plugin, setting)}` : source);
    }
    Object.assign(config, settings);
  }
  return { config, origins };
}

function settingsOf(
  source: ConfigSource,
  { plugin, configSchema, env }: Omit<LoadConfigOptions, 'sources'>,
): JsonObject {
  if (typeof source !== 'string') return source;
  return source === 'ENV' ? readEnv(plugin, configSchema, env) : readJsonObject(source, 'config');
}

/**
 * Reads a file that must hold one JSON object.
 *
 * @param what what the file is, for messages: `config`, `state`, `catalog`
 */
export function readJsonObject(path: string, what: string): JsonObject {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new UsageError({
      message: `${what} file ${path} cannot be read (${code}); check the path given to --${what}`,
      cause,
    });
  }
  let value: unknown;
  try {
    // A state must come out as it went in, whatever the size of the numbers in it.
    value = parseJson(text);
  } catch {
    // The parser's message quotes the text around the fault, which in a config may be a secret.
    throw new UsageError({ message: `${what} file ${path} is not valid JSON${placeOf(jsonFault(text))}` });
  }
  if (!isJsonObject(value)) throw new UsageError({ message: `${what} file ${path} must contain a JSON object` });
  return value;
}

const placeOf = (fault: JsonFault | undefined): string =>
  fault ? `: see line ${fault.line}, column ${fault.column}` : '';

function readEnv(plugin: string, configSchema: JsonSchema, env: LoadConfigOptions['env']): JsonObject {
  const config: JsonObject = {};
  for (const [setting, schema] of Object.entries(configSchema.properties ?? {})) {
    const name = envNameOf(plugin, setting);
    const text = env[name];
    if (text !== undefined && text !== '') config[setting] = parseEnvValue(text, schema, { setting, name });
  }
  return config;
}

/** An environment variable is text; the setting's schema says what it stands for. */
function parseEnvValue(
  text: string,
  schema: JsonSchema,
  { setting, name }: { setting: string; name: string },
): JsonObject[string] {
  const types = schemaTypes(schema);
  if (types.includes('boolean') && /^(true|false|1|0|yes|no|on|off)$/i.test(text))
    return /^(true|1|yes|on)$/i.test(text);
  if ((types.includes('integer') || types.includes('number')) && text.trim() !== '' && Number.isFinite(Number(text)))
    return Number(text);
  if (types.includes('object') || types.includes('array')) {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object') return value as JsonObject;
    } catch (cause) {
      if (!types.includes('string')) {
        throw new ConfigError({
          message: `setting "${setting}" (environment variable ${name}) must be JSON`,
          setting,
          cause,
        });
      }
    }
  }
  return text;
}
