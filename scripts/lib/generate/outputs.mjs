import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { inRoot } from '../paths.mjs';
import { meltanoSetting } from './meltano-setting.mjs';

const COMMAND = 'npm run generate';

const settingsOf = ({ about }) => Object.entries(about.settings.properties);

/** Lines without end of a YAML document that is to stand inside another one. */
const indented = (text, by) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(by) + line))
    .join('\n');

/** Replaces what stands between a mark's two lines. */
function between(text, { begin, end }, content, where) {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${where} has no lines "${begin}" and "${end}"`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(text.lastIndexOf('\n', to) + 1)}`;
}

/** The definition that ships with a package, for `meltano add --from-ref`. */
export function hubDefinition(plugin) {
  const { name, type, label, folder, about } = plugin;
  const kind = type === 'extractors' ? 'extractor' : 'loader';
  const path = `${folder.replace('packages/', 'node_modules/')}/meltano/${name}.yml`;
  const definition = {
    plugin_type: type,
    name,
    namespace: name.replaceAll('-', '_'),
    label,
    description: about.description,
    executable: `./node_modules/.bin/${name}`,
    capabilities: about.capabilities,
    settings: settingsOf(plugin).map(([setting, schema]) => meltanoSetting(setting, schema)),
    ...(about.settings.required ? { settings_group_validation: [about.settings.required] } : {}),
  };
  return {
    path: `${folder}/meltano/${name}.yml`,
    text: `# Made by \`${COMMAND}\` from the schema of the settings.
# \`meltano add --from-ref ${path} --plugin-type ${kind} ${name}\` takes this definition over.
${stringify(definition, { lineWidth: 0 })}`,
  };
}

/** Capabilities and settings of all plugins in meltano.yml. What a setting means stands in the packages' READMEs. */
export function meltanoProject(plugins) {
  let text = readFileSync(inRoot('meltano.yml'), 'utf8');
  for (const plugin of plugins) {
    const settings = settingsOf(plugin).map(([name, schema]) => {
      const { kind, sensitive, value, options } = meltanoSetting(name, schema);
      const own = plugin.defaults?.[name] ?? value;
      return stringify(
        { name, kind, sensitive, value: own, options },
        { collectionStyle: 'flow', lineWidth: 0 },
      ).trim();
    });
    const content = `capabilities: [${plugin.about.capabilities.join(', ')}]
# What each means: ${plugin.folder}/README.md
settings:
${settings.map((setting) => `  - ${setting}`).join('\n')}`;
    const begin = `# ${plugin.name}: made by \`${COMMAND}\``;
    text = between(text, { begin, end: `# ${plugin.name}: end` }, indented(content, 6), 'meltano.yml');
  }
  return { path: 'meltano.yml', text };
}

/** The table of settings in a package's README. */
export function readmeTable(plugin) {
  const path = `${plugin.folder}/README.md`;
  const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const rows = settingsOf(plugin).map(([name, schema]) => {
    const { default: fallback, description = '', enum: values } = schema;
    const required = plugin.about.settings.required?.includes(name);
    const shown =
      fallback === undefined
        ? required
          ? 'required'
          : ''
        : `\`${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}\``;
    const choices = values
      ? `${/[.:]$/.test(description) ? '' : '.'} One of ${values.map((value) => `\`${value}\``).join(', ')}.`
      : '';
    return `| \`${name}\` | ${cell(shown)} | ${cell(description + choices)} |`;
  });
  const content = ['', '| setting | default | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
  const marks = { begin: `<!-- settings: made by \`${COMMAND}\` -->`, end: '<!-- settings: end -->' };
  return { path, text: between(readFileSync(inRoot(path), 'utf8'), marks, content, path) };
}

/** The variables that meltano.yml reads, in `.env.example`, each with what its setting means. */
export function environmentExample(plugins) {
  const path = '.env.example';
  const project = parse(readFileSync(inRoot('meltano.yml'), 'utf8'));
  const prod = project.environments.find(({ name }) => name === 'prod');
  const lines = [];
  for (const { name, type, about, defaults = {} } of plugins) {
    const configOf = (source) => source?.plugins?.[type]?.find((one) => one.name === name)?.config ?? {};
    const variables = new Map(
      Object.entries({ ...configOf(project), ...configOf(prod.config) }).flatMap(([setting, value]) =>
        /^\$[A-Z_]+$/.test(value) ? [[setting, value.slice(1)]] : [],
      ),
    );
    if (variables.size > 0) lines.push('', `# ${name}`);
    for (const setting of Object.keys(about.settings.properties).filter((one) => variables.has(one))) {
      lines.push(
        `# ${about.settings.properties[setting].description}`,
        `${variables.get(setting)}=${defaults[setting] ?? ''}`,
      );
    }
  }
  const marks = { begin: `# Made by \`${COMMAND}\` from meltano.yml:`, end: '# End of what is made.' };
  return { path, text: between(readFileSync(inRoot(path), 'utf8'), marks, lines.join('\n'), path) };
}
