import { Ajv, type ErrorObject } from 'ajv';
import { ConfigError } from '../errors/config-error.js';
import { cloneJson } from '../json/clone-json.js';
import type { JsonObject } from '../json/json-value.js';
import { formats } from '../schema/formats.js';
import type { JsonSchema } from '../schema/json-schema.js';
import { describeRule } from '../schema/schema-errors.js';
import { envNameOf } from './load-config.js';
import { nearestName } from './nearest-name.js';

export interface ValidateConfigOptions {
  plugin: string;
  configSchema: JsonSchema;
  config: JsonObject;
  /** Where settings came from, for messages. @default not told */
  origins?: ReadonlyMap<string, string>;
}

/**
 * Checks settings against their schema and returns them with defaults filled in. Unknown settings are refused:
 * a mistyped one would silently do nothing.
 *
 * @throws {ConfigError} naming every setting at fault and where it came from; never a value
 */
// The caller names the type that the schema describes.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function validateConfig<C>({ plugin, configSchema, config, origins }: ValidateConfigOptions): C {
  const known = Object.keys(configSchema.properties ?? {});
  const filled: JsonObject = cloneJson(config);
  // An empty setting in a UI or a `.env` file means that it was not set.
  for (const [setting, value] of Object.entries(filled)) if (value === null || value === '') delete filled[setting];
  const unknown = Object.keys(filled).filter((setting) => !known.includes(setting));
  const faults = new Map<string, string>();
  if (configSchema.additionalProperties !== true) {
    for (const setting of unknown) faults.set(setting, unknownSetting(plugin, setting, { known, origins }));
  }
  const ajv = new Ajv({ strict: false, useDefaults: true, allErrors: true, formats, logger: false, verbose: true });
  const validate = ajv.compile(configSchema);
  if (!validate(filled)) {
    // What was mistyped is missing too; once is enough.
    const meant = new Set(unknown.map((setting) => nearestName(setting, known)));
    for (const error of mostTelling(validate.errors ?? [])) {
      const setting = settingOf(error);
      const isTold = faults.has(setting) || error.keyword === 'additionalProperties' || meant.has(setting);
      if (!isTold) {
        faults.set(setting, invalidSetting(plugin, error, origins));
      }
    }
    if (faults.size === 0) faults.set('', 'the settings are not valid');
  }
  if (faults.size > 0) throw faultyConfig(faults);
  return filled as C;
}

/** All faults in one line, so that one run is enough to mend them. */
function faultyConfig(faults: ReadonlyMap<string, string>): ConfigError {
  const [first = ''] = faults.keys();
  const messages = [...faults.values()];
  const message =
    messages.length === 1
      ? messages.join('')
      : `${messages.length} settings are wrong: ${messages.map((text, index) => `(${index + 1}) ${text}`).join('; ')}`;
  return new ConfigError({ message, ...(first === '' ? {} : { setting: first }) });
}

function unknownSetting(
  plugin: string,
  setting: string,
  { known, origins }: { known: readonly string[]; origins: ValidateConfigOptions['origins'] },
): string {
  const nearest = nearestName(setting, known);
  const advice = nearest === undefined ? `"${plugin} --about" lists the settings` : `did you mean "${nearest}"?`;
  const origin = origins?.get(setting);
  return `unknown setting "${setting}"${origin === undefined ? '' : ` in ${origin}`}; ${advice}`;
}

/**
 * One error per setting. `anyOf` and its like come with an error of every branch; what a branch misses says more than that
 * none matched.
 */
function mostTelling(errors: readonly ErrorObject[]): ErrorObject[] {
  const groups = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    const branches = /^(.*?\/(?:anyOf|oneOf))(?:\/|$)/.exec(error.schemaPath)?.[1];
    const key = branches ?? `${settingOf(error)}\n${error.keyword === 'if' ? 'if' : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), error]);
  }
  const telling = [...groups.values()].flatMap(
    (group) => group.find(({ keyword }) => !VAGUE.has(keyword) && keyword !== 'required') ?? group.slice(0, 1),
  );
  const clear = telling.filter(({ keyword }) => !VAGUE.has(keyword));
  return clear.length > 0 ? clear : telling;
}

/** Rules that only say that a rule inside them is broken. */
const VAGUE = new Set(['anyOf', 'oneOf', 'if']);

function invalidSetting(plugin: string, error: ErrorObject, origins: ValidateConfigOptions['origins']): string {
  const setting = settingOf(error);
  const variable = `environment variable ${envNameOf(plugin, setting)}`;
  if (error.keyword === 'required') {
    return `setting "${setting}" is missing; set it in the config file or as ${variable}`;
  }
  const own = (error.parentSchema as JsonSchema | undefined)?.['errorMessage'];
  const rule = typeof own === 'string' ? own : describeRule(error);
  const origin = origins?.get(setting.split('.')[0] ?? '');
  // Meltano writes the file itself, so that its users look for the variable.
  const place = origin === undefined || origin === variable ? `(${variable})` : `in ${origin} (${variable})`;
  return `setting "${setting}" ${place} ${rule}`;
}

/** The setting that an error of ajv is about. */
function settingOf({ keyword, instancePath, params }: ErrorObject): string {
  return settingPath(
    instancePath,
    keyword === 'required' ? (params as { missingProperty: string }).missingProperty : undefined,
  );
}

function settingPath(instancePath: string, last?: string): string {
  const parts = instancePath.split('/').slice(1);
  return [...parts, ...(last === undefined ? [] : [last])].join('.');
}
