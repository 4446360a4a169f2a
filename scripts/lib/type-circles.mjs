import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { inRoot } from './paths.mjs';

/** The folders with TypeScript that runs. */
function sourceFolders() {
  const { references } = JSON.parse(readFileSync(inRoot('tsconfig.json'), 'utf8'));
  return references.map(({ path: folder }) => inRoot(folder, 'src')).filter((folder) => existsSync(folder));
}

/** For each file of a folder the files that it imports, for their types alone included. */
function importsIn(folder) {
  const files = readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.ts') && !/\.(test|d)\.ts$/.test(file))
    .map((file) => path.join(folder, file));
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
      const relative = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
      return [file, relative.map((name) => path.join(path.dirname(file), name).replace(/\.js$/, '.ts'))];
    }),
  );
}

/** Files that import each other in a circle, each circle once, by Tarjan's algorithm. */
function circlesIn(imports) {
  const circles = [];
  const index = new Map();
  const lowest = new Map();
  const stack = [];
  const visit = (file) => {
    index.set(file, index.size);
    lowest.set(file, index.get(file));
    stack.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!imports.has(next)) continue;
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file), lowest.get(next)));
    }
    if (lowest.get(file) !== index.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) circles.push(circle);
  };
  for (const file of imports.keys()) if (!index.has(file)) visit(file);
  return circles;
}

/**
 * Finds circles of imports that ESLint does not see, since it passes over imports of types: a file in such a circle cannot be read alone.
 *
 * @throws naming the files of each circle
 */
export function refuseTypeCircles() {
  const circles = sourceFolders().flatMap((folder) => circlesIn(importsIn(folder)));
  if (circles.length === 0) return;
  const told = circles.map((circle) => circle.map((file) => path.relative(inRoot(), file)).join(', '));
  throw new Error(
    `files import each other in a circle, if only for types: ${told.join('; ')}. Move what they share into a file below both.`,
  );
}
