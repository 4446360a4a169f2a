import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, runCommand } from '../ci/run-tool.js';

/** A package as `npm publish` would send it. */
export interface PackedPackage {
  readonly name: string;
  readonly folder: string;
  readonly tarball: string;
  /** Paths of the files inside, sorted. */
  readonly files: readonly string[];
  readonly manifest: {
    bin?: Record<string, string>;
    exports?: Record<string, unknown>;
    dependencies?: Record<string, string>;
  };
}

/** The folders of the packages that are published. */
export const publishedFolders = readdirSync(path.join(root, 'packages')).filter(
  (folder) => !readManifest(folder).private,
);

function readManifest(folder: string): PackedPackage['manifest'] & { name: string; private?: boolean } {
  return JSON.parse(readFileSync(path.join(root, 'packages', folder, 'package.json'), 'utf8')) as ReturnType<
    typeof readManifest
  >;
}

/** Packs all published packages into a folder. */
export async function packAll(into: string): Promise<PackedPackage[]> {
  const packed: PackedPackage[] = [];
  for (const folder of publishedFolders) {
    const output = await runCommand('npm', [
      'pack',
      '--json',
      '--silent',
      '--pack-destination',
      into,
      '--workspace',
      `packages/${folder}`,
    ]);
    const parsed = JSON.parse(output.slice(output.search(/^[[{]/m))) as unknown;
    const [entry] = (Array.isArray(parsed) ? parsed : Object.values(parsed as object)) as {
      name: string;
      filename: string;
      files: { path: string }[];
    }[];
    if (!entry) throw new Error(`npm pack said nothing of packages/${folder}`);
    packed.push({
      name: entry.name,
      folder,
      tarball: path.join(into, entry.filename),
      files: entry.files.map((file) => file.path).sort(),
      manifest: readManifest(folder),
    });
  }
  return packed;
}

/** An empty folder outside the repository, taken away by `remove`. */
export function emptyFolder(prefix: string): { path: string; write(file: string, text: string): void; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), prefix));
  return {
    path: folder,
    write: (file, text) => writeFileSync(path.join(folder, file), text),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
