import { readdirSync, readFileSync } from 'node:fs';
import { inRoot } from '../lib/paths.mjs';

/** The packages that are published, each after those that it depends on. */
export function publishedPackages() {
  const manifests = new Map(
    readdirSync(inRoot('packages'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name: folder }) => [folder, JSON.parse(readFileSync(inRoot('packages', folder, 'package.json'), 'utf8'))])
      .filter(([, { private: isPrivate }]) => !isPrivate)
      .map(([folder, manifest]) => [
        manifest.name,
        { name: manifest.name, folder: `packages/${folder}`, needs: Object.keys(manifest.dependencies ?? {}) },
      ]),
  );
  const ordered = new Map();
  const add = (name) => {
    for (const needed of manifests.get(name).needs) if (manifests.has(needed)) add(needed);
    ordered.set(name, manifests.get(name));
  };
  for (const name of [...manifests.keys()].sort()) add(name);
  return [...ordered.values()];
}
