import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inRoot } from '../paths.mjs';

const execute = promisify(execFile);

/** The plugins of this repository, as far as their packages do not say it themselves. */
const PLUGINS = [
  { name: 'tap-sevdesk', type: 'extractors', label: 'sevDesk' },
  { name: 'tap-ecb', type: 'extractors', label: 'European Central Bank' },
  {
    name: 'target-snowflake-ts',
    type: 'loaders',
    label: 'Snowflake',
    // What this project sets where nothing else does.
    defaults: { database: 'SEVDESK', default_target_schema: 'RAW' },
  },
];

/**
 * What each plugin says of itself with `--about`: the JSON Schema of its settings is the only place that lists them.
 *
 * @typedef {object} Plugin
 * @property {string} name
 * @property {'extractors' | 'loaders'} type
 * @property {string} label
 * @property {Record<string, string>} [defaults] values in meltano.yml beside the schema's
 * @property {string} folder
 * @property {{ description: string, capabilities: string[], settings: { properties: Record<string, object>, required?: string[] } }} about
 *
 * @returns {Promise<Plugin[]>}
 */
export const describePlugins = () =>
  Promise.all(
    PLUGINS.map(async (plugin) => {
      const command = inRoot('packages', plugin.name, 'bin', `${plugin.name}.js`);
      const { stdout } = await execute(process.execPath, [command, '--about', '--format', 'json']);
      return { ...plugin, folder: `packages/${plugin.name}`, about: JSON.parse(stdout) };
    }),
  );
