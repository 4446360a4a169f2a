import { folderProblem } from './folder-problem.mjs';
import { portProblems } from './ports.mjs';
import { namedPythonProblem } from './python-env.mjs';

/**
 * What is wrong with the settings of everything that runs on this machine: ports, Python, and the folder that keeps the data.
 *
 * @param {readonly import('./ports.mjs').ServerName[]} [servers] the embedded servers that a script starts; all by default
 * @returns {Promise<string[]>} a line for each variable; empty when nothing is
 */
export async function localProblems(servers) {
  const problems = [
    ...portProblems(process.env, servers),
    await namedPythonProblem(),
    folderProblem('LOCAL_DIR', process.env['LOCAL_DIR']),
  ];
  return problems.filter((problem) => problem !== undefined);
}
