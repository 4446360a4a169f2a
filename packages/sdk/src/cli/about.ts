import { envNameOf } from '../config/load-config.js';
import type { Logger } from '../logging/logger.js';
import { withMappingSettings } from '../mapping/mapping-settings.js';
import { Metrics } from '../metrics/metrics.js';
import type { JsonSchema } from '../schema/json-schema.js';
import { schemaTypes } from '../schema/json-schema.js';
import { withBatchSetting } from '../tap/batch-settings.js';
import { describeStreams } from '../tap/describe-streams.js';
import type { TapDefinition } from '../tap/tap.js';
import type { TargetDefinition } from '../target/target.js';
import { TAP_CAPABILITIES, TARGET_CAPABILITIES } from './capabilities.js';

/** What `--about` tells of a plugin. */
export interface About {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly capabilities: readonly string[];
  readonly configSchema: JsonSchema;
  /** Undefined where the source has to be asked which streams there are. */
  readonly streams?: readonly string[];
}

/** What there is to tell of a tap. */
export async function aboutTap<C>(definition: TapDefinition<C>, logger: Logger): Promise<About> {
  const { name, version, description, configSchema, capabilities = [] } = definition;
  const signal = new AbortController().signal;
  const { streams } = await describeStreams(definition, {
    config: {},
    configSchema,
    context: (config) => ({ config, logger, metrics: new Metrics(logger), signal, options: {} }),
  });
  return {
    name,
    version,
    description,
    configSchema: withMappingSettings(withBatchSetting(configSchema)),
    capabilities: [...TAP_CAPABILITIES, ...capabilities],
    ...(streams ? { streams: streams.map((stream) => stream.name) } : {}),
  };
}

/** What there is to tell of a target. */
export function aboutTarget<C, B>(definition: TargetDefinition<C, B>): About {
  const { name, version, description, configSchema, capabilities = [] } = definition;
  return {
    name,
    version,
    description,
    configSchema: withMappingSettings(configSchema),
    capabilities: [...TARGET_CAPABILITIES, ...capabilities],
  };
}

export type AboutFormat = 'text' | 'json' | 'markdown';

/** Renders what a plugin is and which settings it has; JSON with the keys of the Python SDK's `--about --format=json`. */
export function renderAbout(about: About, format: AboutFormat): string {
  if (format === 'json') {
    const { configSchema: settings, ...rest } = about;
    return JSON.stringify({ ...rest, sdk: 'singer-io-ts', settings }, undefined, 2);
  }
  return format === 'markdown' ? renderMarkdown(about) : renderText(about);
}

interface Setting {
  readonly name: string;
  readonly env: string;
  readonly type: string;
  readonly required: boolean;
  readonly fallback: string;
  readonly description: string;
}

function settingsOf({ name: plugin, configSchema }: About): Setting[] {
  return Object.entries(configSchema.properties ?? {}).map(([name, schema]) => ({
    name,
    env: envNameOf(plugin, name),
    type: schemaTypes(schema).join(' or ') || 'any',
    required: configSchema.required?.includes(name) ?? false,
    fallback: schema.default === undefined ? '' : JSON.stringify(schema.default),
    description: schema.description ?? '',
  }));
}

function renderMarkdown(about: About): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const rows = settingsOf(about).map(
    ({ name, env, type, required, fallback, description }) =>
      `| \`${name}\` | \`${env}\` | ${cell(type)} | ${required ? 'yes' : 'no'} | ${fallback === '' ? '' : `\`${cell(fallback)}\``} | ${cell(description)} |`,
  );
  return [
    `# ${about.name}`,
    '',
    `${about.description} Version ${about.version}.`,
    '',
    '## Capabilities',
    '',
    ...about.capabilities.map((capability) => `- \`${capability}\``),
    '',
    '## Settings',
    '',
    '| setting | environment variable | type | required | default | description |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    ...(about.streams ? ['', '## Streams', '', ...about.streams.map((stream) => `- \`${stream}\``)] : []),
  ].join('\n');
}

function renderText(about: About): string {
  const settings = settingsOf(about).map(({ name, required, fallback, description }) => {
    const notes = [required ? 'required' : '', fallback === '' ? '' : `default ${fallback}`].filter(Boolean).join(', ');
    return `  ${name}${notes === '' ? '' : ` (${notes})`}: ${description}`;
  });
  return [
    `${about.name} ${about.version}: ${about.description}`,
    `Capabilities: ${about.capabilities.join(', ')}`,
    ...(about.streams ? [`Streams: ${about.streams.join(', ')}`] : []),
    'Settings:',
    ...settings,
  ].join('\n');
}
