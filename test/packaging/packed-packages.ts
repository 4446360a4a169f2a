import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

function readManifest(folder: string): PackedPackage['manifest'] & { name: string; private?: boolean } {
  return JSON.parse(readFileSync(path.join(root, 'packages', folder, 'package.json'), 'utf8')) as ReturnType<
    typeof readManifest
  >;
}

/** Packs all published packages into a folder, as `npm run pack` does. */
export async function packAll(into: string): Promise<PackedPackage[]> {
  const output = await runCommand(process.execPath, ['scripts/pack.mjs', '--into', into, '--json']);
  const packed = JSON.parse(output.slice(output.indexOf('['))) as Omit<PackedPackage, 'manifest'>[];
  return packed.map((one) => ({ ...one, manifest: readManifest(one.folder) }));
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
