/** `node scripts/release/packages.mjs`: prints the folders of the packages that are published, each after those that it depends on. */
import { readdirSync, readFileSync } from 'node:fs';
import { inRoot } from '../lib/paths.mjs';

const manifests = new Map(
  readdirSync(inRoot('packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name: folder }) => [folder, JSON.parse(readFileSync(inRoot('packages', folder, 'package.json'), 'utf8'))])
    .filter(([, { private: isPrivate }]) => !isPrivate)
    .map(([folder, manifest]) => [manifest.name, { folder, needs: Object.keys(manifest.dependencies ?? {}) }]),
);

const ordered = new Set();
function add(name) {
  for (const needed of manifests.get(name).needs) if (manifests.has(needed)) add(needed);
  ordered.add(name);
}
for (const name of [...manifests.keys()].sort()) add(name);
for (const name of ordered) process.stdout.write(`packages/${manifests.get(name).folder}\n`);
