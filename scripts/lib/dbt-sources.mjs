import { existsSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { inRoot } from './paths.mjs';

const RAW_SOURCES = 'models/staging/_sources.yml';
const RAW_SOURCE = 'sevdesk';
/** The loader writes it, whatever it loads. */
const LEDGER = 'load_ledger';

/** Files of a dbt project that change a build, wherever its settings look for models. */
const PROJECT_FILES = ['dbt_project.yml', 'profiles.yml', 'packages.yml', 'dependencies.yml', 'package-lock.yml'];
const PATH_SETTINGS = ['model-paths', 'seed-paths', 'test-paths', 'macro-paths', 'snapshot-paths', 'analysis-paths'];
const SOURCE_SUFFIXES = new Set(['.sql', '.yml', '.yaml', '.csv', '.py']);

const changedAt = async (file) => (existsSync(file) ? (await stat(file)).mtimeMs : 0);

/** The newest change in a folder of sources, and of the folders in it: those change when a file is removed. */
async function folderChangedAt(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const times = await Promise.all(
    entries.map((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return folderChangedAt(file);
      return SOURCE_SUFFIXES.has(path.extname(entry.name)) ? changedAt(file) : 0;
    }),
  );
  return Math.max(await changedAt(folder), ...times);
}

/**
 * When something that dbt builds from was last changed: its settings, or a file in one of the folders that they name. A README, the tests in
 * Python and what dbt writes itself do not count.
 *
 * @param {string} [project] the project's folder
 * @returns {Promise<number>} in milliseconds since 1970
 */
export async function dbtSourcesChangedAt(project = inRoot('dbt')) {
  const settings = parse(readFileSync(path.join(project, 'dbt_project.yml'), 'utf8')) ?? {};
  const folders = PATH_SETTINGS.flatMap((name) => settings[name] ?? [])
    .map((folder) => path.join(project, folder))
    .filter((folder) => existsSync(folder));
  const times = await Promise.all([
    ...PROJECT_FILES.map((file) => changedAt(path.join(project, file))),
    ...folders.map(folderChangedAt),
  ]);
  return Math.max(...times);
}

/**
 * The streams that the models read. The tap extracts more of them; their rows change no figure.
 *
 * @param {string} [project] the project's folder
 * @returns {string[]}
 */
export function streamsThatModelsRead(project = inRoot('dbt')) {
  const { sources } = parse(readFileSync(path.join(project, RAW_SOURCES), 'utf8'));
  const { tables } = sources.find(({ name }) => name === RAW_SOURCE);
  return tables.map(({ name }) => name).filter((name) => name !== LEDGER);
}
