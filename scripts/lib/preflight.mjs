import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { nodeModulesAreCurrent, nodeProblem } from './node-modules.mjs';
import { localDir, root } from './paths.mjs';
import { checkPort } from './ports.mjs';
import { findPython, pythonEnvIsCurrent } from './python-env.mjs';

const NETWORK_MS = 1800;
/** Free disk space that installing everything takes, and that a run on what is installed takes. */
const INSTALL_BYTES = 3e9;
const RUN_BYTES = 3e8;
/** What a package client says when a registry cannot be reached at all. A slow answer is no such thing. */
const UNREACHABLE =
  /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ENETUNREACH|Name or service not known|nodename nor servname|Temporary failure in name resolution|Connection refused|Network is unreachable/i;

/** The words of an error in place of a result; undefined when all is well. */
const problemOf = async (check) => {
  try {
    return (await check()) ?? undefined;
  } catch (error) {
    return error.message;
  }
};

/**
 * Checks within about two seconds what a first run needs: Node, Python, ports, disk space, and the package registries where
 * something has to be installed.
 *
 * @param {{ ports: Record<string, number>, environments: string[] }} needs the embedded servers' ports, and the Python environments
 * @returns {Promise<string[]>} all that is missing, each as one line that says what to do; empty when nothing is
 */
export async function missingForStart({ ports, environments }) {
  const node = nodeProblem();
  if (node) return [node];
  let python;
  const pythonProblem = await problemOf(async () => void (python = await findPython()));
  const missingPackages = !nodeModulesAreCurrent();
  const missingEnvironments = !(await Promise.all(environments.map(pythonEnvIsCurrent))).every(Boolean);
  const problems = await Promise.all([
    pythonProblem,
    ...Object.entries(ports).map(([name, port]) => problemOf(async () => void (await checkPort(name, port)))),
    problemOf(() => diskProblem(missingPackages || missingEnvironments ? INSTALL_BYTES : RUN_BYTES)),
    missingPackages
      ? registryProblem('npm', 'npm', ['ping', '--fetch-retries=0', `--fetch-timeout=${NETWORK_MS}`])
      : undefined,
    missingEnvironments && python
      ? registryProblem('PyPI', python, ['-m', 'pip', 'index', 'versions', 'uv', '--retries', '0', '--timeout', '1.5'])
      : undefined,
  ]);
  return problems.filter((problem) => problem !== undefined);
}

/** Two paths may be on one file system: the one with the least room counts. */
async function diskProblem(needed) {
  for (const folder of [root, existsSync(localDir) ? localDir : path.dirname(localDir)].filter(existsSync)) {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < needed)
      return `${((bavail * bsize) / 1e9).toFixed(1)} GB are free in ${folder}, and ${(needed / 1e9).toFixed(1)} GB are needed; make room`;
  }
  return undefined;
}

async function registryProblem(name, command, args) {
  try {
    await promisify(execFile)(command, args, { timeout: NETWORK_MS });
    return undefined;
  } catch (error) {
    const unreachable = UNREACHABLE.test(`${error.stdout ?? ''}${error.stderr ?? ''}`);
    return unreachable
      ? `the package registry of ${name} cannot be reached; packages have to be installed first: check the network, the proxy and ${name === 'npm' ? '.npmrc' : 'pip.conf'}`
      : undefined;
  }
}
