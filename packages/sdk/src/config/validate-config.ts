import { Ajv, type ErrorObject } from 'ajv';
import leven from 'leven';
import { ConfigError } from '../errors/config-error.js';
import { cloneJson } from '../json/clone-json.js';
import type { JsonObject } from '../json/json-value.js';
import { formats } from '../schema/formats.js';
import type { JsonSchema } from '../schema/json-schema.js';
import { describeRule } from '../schema/schema-errors.js';
import { envNameOf } from './load-config.js';

export interface ValidateConfigOptions {
  plugin: string;
  configSchema: JsonSchema;
  config: JsonObject;
}

/**
 * Checks settings against their schema and returns them with defaults filled in. Unknown settings are refused:
 * a mistyped one would silently do nothing.
 *
 * @throws {ConfigError} naming the setting and its environment variable; never a value
 */
// The caller names the type that the schema describes.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function validateConfig<C>({ plugin, configSchema, config }: ValidateConfigOptions): C {
  const known = Object.keys(configSchema.properties ?? {});
  const filled: JsonObject = cloneJson(config);
  // An empty setting in a UI or a `.env` file means that it was not set.
  for (const [setting, value] of Object.entries(filled)) if (value === null || value === '') delete filled[setting];
  const unknown = Object.keys(filled).find((setting) => !known.includes(setting));
  if (unknown !== undefined && configSchema.additionalProperties !== true) throw unknownSetting(plugin, unknown, known);
  const ajv = new Ajv({ strict: false, useDefaults: true, allErrors: true, formats, logger: false, verbose: true });
  const validate = ajv.compile(configSchema);
  if (!validate(filled)) throw invalidSetting(plugin, mostTelling(validate.errors ?? []));
  return filled as C;
}

function unknownSetting(plugin: string, setting: string, known: readonly string[]): ConfigError {
  const nearest = known
    .map((name) => ({ name, distance: leven(name, setting) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const advice =
    nearest && nearest.distance <= Math.max(2, setting.length / 3)
      ? `did you mean "${nearest.name}"?`
      : `"${plugin} --about" lists the settings`;
  return new ConfigError({ message: `unknown setting "${setting}"; ${advice}`, setting });
}

/** `anyOf` and its like come with an error of every branch; what a branch misses says more than that none matched. */
function mostTelling(errors: readonly ErrorObject[]): ErrorObject | undefined {
  return (
    errors.find(
      ({ keyword }) => keyword !== 'required' && keyword !== 'anyOf' && keyword !== 'oneOf' && keyword !== 'if',
    ) ?? errors[0]
  );
}

function invalidSetting(plugin: string, error: ErrorObject | undefined): ConfigError {
  if (!error) return new ConfigError({ message: 'the settings are not valid' });
  if (error.keyword === 'required') {
    const setting = settingPath(error.instancePath, (error.params as { missingProperty: string }).missingProperty);
    const advice = `set it in the config file or as environment variable ${envNameOf(plugin, setting)}`;
    return new ConfigError({ message: `setting "${setting}" is missing; ${advice}`, setting });
  }
  const setting = settingPath(error.instancePath);
  const own = (error.parentSchema as JsonSchema | undefined)?.['errorMessage'];
  const rule = typeof own === 'string' ? own : describeRule(error);
  return new ConfigError({
    message: `setting "${setting}" (environment variable ${envNameOf(plugin, setting)}) ${rule}`,
    setting,
  });
}

function settingPath(instancePath: string, last?: string): string {
  const parts = instancePath.split('/').slice(1);
  return [...parts, ...(last === undefined ? [] : [last])].join('.');
}
