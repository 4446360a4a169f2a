import { fileURLToPath } from 'node:url';
import path from 'node:path';

/** The repository's top folder, absolute. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** A path below the repository's top folder. */
export const inRoot = (...parts) => path.join(root, ...parts);

/** Where everything that a run on this machine keeps lives; `LOCAL_DIR` moves it. */
export const localDir = process.env['LOCAL_DIR'] ? path.resolve(process.env['LOCAL_DIR']) : inRoot('.local');
