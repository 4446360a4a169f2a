import { existsSync, readdirSync, readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const TEMPLATES = new URL('../templates/', import.meta.url);

/** What can be started. */
export type ProjectKind = 'tap' | 'target';

export interface CreateProjectOptions {
  kind: ProjectKind;
  /** The project's name, which is also that of its command: `tap-shop`. */
  name: string;
  /** The folder to create the project's folder in. */
  into: string;
}

/** A project cannot be started; the message says why, in one line. */
export class CreateProjectError extends Error {
  override readonly name = 'CreateProjectError';
}

/**
 * Writes a new project that passes its conformance suite as it is.
 *
 * @returns the project's folder
 * @throws {CreateProjectError} when the name is none, or the folder is there and not empty; then nothing is written
 */
export function createProject({ kind, name, into }: CreateProjectOptions): string {
  if (!new RegExp(`^${kind}-[a-z0-9]+(?:-[a-z0-9]+)*$`).test(name)) {
    throw new CreateProjectError(
      `a ${kind} is called ${kind}-…, in lower case letters, digits and dashes, not "${name}"`,
    );
  }
  const folder = path.resolve(into, name);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new CreateProjectError(`${folder} already exists and is not empty; choose another name or remove it`);
  }
  copy(new URL(`${kind}/`, TEMPLATES), folder, (text) => fillIn(text, kind, name));
  return folder;
}

/** Templates are whole programs of the name `tap-example` or `target-example`. */
function fillIn(text: string, kind: ProjectKind, name: string): string {
  const snake = name.replaceAll('-', '_');
  return text
    .replaceAll(`${kind}-example`, name)
    .replaceAll(`${kind}_example`, snake)
    .replaceAll(`${kind}_example`.toUpperCase(), snake.toUpperCase());
}

/** A leading underscore keeps npm and linters from taking a template's files for the package's own. */
const NAMES: Readonly<Record<string, string>> = {
  _src: 'src',
  _test: 'test',
  _gitignore: '.gitignore',
  '_package.json': 'package.json',
};

function copy(from: URL, to: string, fill: (text: string) => string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const target = path.join(to, fill(NAMES[entry.name] ?? entry.name).replace('.suite.', '.test.'));
    const source = new URL(entry.isDirectory() ? `${entry.name}/` : entry.name, from);
    if (entry.isDirectory()) copy(source, target, fill);
    else writeFileSync(target, fill(readFileSync(source, 'utf8')));
  }
}
