import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Why nothing can be written into a folder that may still have to be made; undefined when it can. What is missing of it is made.
 *
 * @param {string} setting what names the folder: an environment variable or an option
 * @param {string | undefined} folder undefined or empty is no problem
 */
export function folderProblem(setting, folder) {
  if (!folder) return undefined;
  const missing = [];
  let existing = path.resolve(folder);
  for (; !existsSync(existing); existing = path.dirname(existing)) missing.unshift(existing);
  if (!statSync(existing).isDirectory())
    return `${setting} must be a folder; it is "${folder}", and ${existing} is a file`;
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
    // One by one: where nothing can be made, such as in /proc, Node's recursive mkdir tries for ever.
    for (const one of missing) mkdirSync(one, { mode: 0o700 });
    return undefined;
  } catch (error) {
    return `${setting} must be a folder that can be written to; it is "${folder}" (${error.code})`;
  }
}
