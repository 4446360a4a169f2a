import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inRoot, root } from './paths.mjs';
import { refuseSettings } from './configuration-error.mjs';
import { run } from './run.mjs';

const MINIMUM = [3, 11];
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'];

/** The folder of a Python environment: `.venvs/<name>`. */
export const envDir = (name) => inRoot('.venvs', name);

/** The path of a program in a Python environment. */
export const envBin = (name, program) => path.join(envDir(name), 'bin', program);

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** The version of the Python that is used, or undefined when there is none that does. */
export async function pythonVersion() {
  try {
    return (await run(await findPython(), ['--version'])).replace('Python', '').trim();
  } catch {
    return undefined;
  }
}

/** The version of a Python as `3.12`, or undefined when there is no such command or it is no Python. */
async function versionOf(command) {
  try {
    const version = await run(command, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
    return /^\d+\.\d+$/.test(version.trim()) ? version.trim() : undefined;
  } catch {
    return undefined;
  }
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major === MINIMUM[0] && minor >= MINIMUM[1];
}

/** What is wrong with the Python that the environment names; undefined when nothing is, or when it names none. */
export async function namedPythonProblem() {
  const command = process.env['PYTHON'];
  if (!command) return undefined;
  const version = await versionOf(command);
  if (version !== undefined && isNewEnough(version)) return undefined;
  const found = version === undefined ? 'which is no Python' : `which is Python ${version}`;
  return `PYTHON must be a Python ${MINIMUM.join('.')} or newer; it is "${command}", ${found}`;
}

/**
 * The command of a Python that is new enough: the one that the environment names, else the first that is there.
 *
 * @throws {ConfigurationError} when the named one is not
 * @throws when there is none, with what was found instead
 */
export async function findPython() {
  refuseSettings([await namedPythonProblem()]);
  if (process.env['PYTHON']) return process.env['PYTHON'];
  const seen = [];
  for (const command of CANDIDATES) {
    const version = await versionOf(command);
    if (version === undefined) continue;
    if (isNewEnough(version)) return command;
    seen.push(`${command} is ${version}`);
  }
  throw new Error(
    `Python ${MINIMUM.join('.')} or newer is needed and was not found${seen.length ? ` (${seen.join(', ')})` : ''}. ` +
      'Install it, or name it in the environment variable PYTHON.',
  );
}

async function isCurrent(name, wanted) {
  try {
    return (
      (await readFile(path.join(envDir(name), '.requirements'), 'utf8')) === wanted &&
      existsSync(envBin(name, 'python'))
    );
  } catch {
    return false;
  }
}

/** Files that go into an environment's site-packages beside what is pinned: `python/<name>.site/`, where it is there. */
async function siteFiles(name) {
  const folder = inRoot('python', `${name}.site`);
  if (!existsSync(folder)) return [];
  const files = (await readdir(folder)).filter((file) => /\.(py|pth)$/.test(file)).sort();
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(path.join(folder, file), 'utf8') })));
}

/** What an environment is to hold, as a hash. */
async function wantedOf(name) {
  const pinned = await readFile(inRoot('python', `${name}.txt`), 'utf8');
  return sha256([pinned, ...(await siteFiles(name)).map(({ file, text }) => file + text)].join(''));
}

/** Whether `.venvs/<name>` holds what `python/<name>.txt` pins. */
export const pythonEnvIsCurrent = async (name) => isCurrent(name, await wantedOf(name));

/** Environments in which the repository's own packages can be imported from any folder, as `dg` does. */
const IMPORT_FROM_REPOSITORY = new Set(['orchestration']);

async function importFromRepository(name) {
  const lib = path.join(envDir(name), 'lib');
  for (const python of readdirSync(lib))
    await writeFile(path.join(lib, python, 'site-packages', 'repository.pth'), `${root}\n`);
}

const stamp = (name, wanted) => writeFile(path.join(envDir(name), '.requirements'), wanted);

async function ensureUv() {
  const requirements = inRoot('python', 'uv.txt');
  const wanted = sha256(await readFile(requirements, 'utf8'));
  if (!(await isCurrent('uv', wanted))) {
    await rm(envDir('uv'), { recursive: true, force: true });
    await mkdir(inRoot('.venvs'), { recursive: true });
    await run(await findPython(), ['-m', 'venv', envDir('uv')]);
    await run(envBin('uv', 'python'), ['-m', 'pip', 'install', '--quiet', '--require-hashes', '-r', requirements]);
    await stamp('uv', wanted);
  }
  return envBin('uv', 'uv');
}

/**
 * Makes the Python environment `.venvs/<name>` hold exactly what `python/<name>.txt` pins, hashes checked.
 * Does nothing when it already does, so it is cheap to call first in any command.
 *
 * @param {string} name the requirement file's name in `python/`, without its ending
 * @returns {Promise<boolean>} whether anything was installed
 */
export async function ensurePythonEnv(name) {
  const requirements = inRoot('python', `${name}.txt`);
  const wanted = await wantedOf(name);
  if (await isCurrent(name, wanted)) return false;
  const uv = await ensureUv();
  if (!existsSync(envBin(name, 'python'))) {
    await run(uv, ['venv', '--quiet', '--clear', '--python', await findPython(), envDir(name)]);
  }
  await run(uv, ['pip', 'sync', '--quiet', '--require-hashes', '--python', envBin(name, 'python'), requirements]);
  const [site] = (await run(envBin(name, 'python'), ['-c', 'import site; print(site.getsitepackages()[0])'])).split(
    '\n',
  );
  for (const { file, text } of await siteFiles(name)) await writeFile(path.join(site, file), text);
  if (IMPORT_FROM_REPOSITORY.has(name)) await importFromRepository(name);
  // uv makes it for everybody to write; a release is its owner's alone.
  await chmod(path.join(envDir(name), '.lock'), 0o644);
  await stamp(name, wanted);
  return true;
}

/** Pins `python/<name>.in` into `python/<name>.txt`, with hashes and for every supported Python. */
export async function lockPythonEnv(name) {
  const uv = await ensureUv();
  const args = ['pip', 'compile', '--quiet', '--universal', '--python-version', MINIMUM.join('.'), '--generate-hashes'];
  const header = [
    '--no-emit-index-url',
    '--no-emit-find-links',
    '--custom-compile-command',
    `node scripts/python.mjs lock ${name}`,
  ];
  await run(uv, [...args, ...header, path.join('python', `${name}.in`), '-o', path.join('python', `${name}.txt`)]);
}
