import { existsSync, readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

const MINIMUM = [20, 19];

/** Says what to do when this Node is older than the project supports; undefined when it is not. */
export function nodeProblem() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return undefined;
  return `Node ${MINIMUM.join('.')} or newer is needed; this is ${process.versions.node}. Install a newer Node and try again.`;
}

/** @throws when this Node is older than the project supports */
function requireNode() {
  const problem = nodeProblem();
  if (problem) throw new Error(problem);
}

/** Whether this is a release on a host: compiled already, and without what only developing needs. */
export const isRelease = () => process.env['NODE_ENV'] === 'production';

/** Whether `node_modules` holds what `package-lock.json` pins. */
export function nodeModulesAreCurrent() {
  const installed = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const want = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(
    // Workspaces are links into the tree, parts for other platforms are left out by npm, and a release has no tools for developing.
    ([where, { version, link, optional, dev }]) =>
      !where.startsWith('node_modules/') ||
      link ||
      optional ||
      (dev && isRelease()) ||
      have[where]?.version === version,
  );
}

/**
 * Makes `node_modules` hold what `package-lock.json` pins. Does nothing when it already does.
 *
 * @returns {Promise<boolean>} whether anything was installed
 */
export async function ensureNodeModules() {
  requireNode();
  if (nodeModulesAreCurrent()) return false;
  // Who runs a release cannot write it.
  if (isRelease())
    throw new Error(
      'node_modules does not hold what package-lock.json pins: install the release again (deploy/install.sh)',
    );
  await run('npm', ['ci', '--no-audit', '--no-fund']);
  return true;
}
