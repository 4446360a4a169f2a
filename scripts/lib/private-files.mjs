import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';

const OTHERS = 0o077;

/**
 * From now on whatever this process and its children write is readable by its owner alone, and so is what stands in the folders
 * already: they hold keys, passwords and invoices. Folders that are missing are made.
 *
 * @param {...string} folders
 */
export function keepPrivate(...folders) {
  process.umask(OTHERS);
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    close(folder);
  }
}

/** Takes the rights of others off a file, or off a folder and what is in it; links lead elsewhere and are left alone. */
function close(file) {
  let found;
  try {
    found = lstatSync(file);
    if (!found.isSymbolicLink() && found.mode & OTHERS && found.uid === process.getuid())
      chmodSync(file, found.mode & ~OTHERS & 0o7777);
  } catch (error) {
    // Gone meanwhile: whoever is at work here writes with this umask, too.
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (found.isDirectory()) for (const name of readdirSync(file)) close(path.join(file, name));
}
