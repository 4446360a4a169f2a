import { forEachConcurrently } from '@singer-io-ts/sdk';
import type { Session } from '@singer-io-ts/snowflake-session';
import { link, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ClosedFile } from '../spool/spool-file.js';

/** A PUT sends its files one after the other, so only so many, and only small ones, share it. */
const MAX_FILES_PER_PUT = 4;
const MAX_BYTES_PER_PUT = 8 * 1024 * 1024;

export interface UploadOptions {
  /** The stage and folder, with its `@`. */
  location: string;
  compression: 'GZIP' | 'ZSTD';
  /** How many PUTs run at a time. */
  parallelism: number;
}

/**
 * Uploads files of one folder to a stage and makes sure that each arrived whole. A statement costs a round trip, and a cut of many streams has
 * many small files, so those share statements.
 */
export async function uploadFiles(
  session: Session,
  files: readonly ClosedFile[],
  { location, compression, parallelism }: UploadOptions,
): Promise<void> {
  const put = (pattern: string, these: readonly ClosedFile[]): Promise<void> =>
    session.upload({ pattern, bytes: new Map(these.map((file) => [nameOf(file), file.bytes])), location, compression });
  await forEachConcurrently(groupFiles(files), parallelism, async (group) => {
    const [only] = group;
    if (only && group.length === 1) return put(only.path, group);
    const folder = await linkInto(group);
    if (folder === undefined) for (const file of group) await put(file.path, [file]);
    else await put(path.join(folder, '*'), group).finally(() => rm(folder, { recursive: true, force: true }));
  });
}

/** Files that share a PUT, in their order. */
export function groupFiles(files: readonly ClosedFile[]): ClosedFile[][] {
  const groups: ClosedFile[][] = [];
  let bytes = Infinity;
  for (const file of files) {
    const last = groups.at(-1);
    bytes += file.bytes;
    if (last && last.length < MAX_FILES_PER_PUT && bytes <= MAX_BYTES_PER_PUT) last.push(file);
    else {
      groups.push([file]);
      bytes = file.bytes;
    }
  }
  return groups;
}

export const nameOf = ({ path: file }: Pick<ClosedFile, 'path'>): string => path.basename(file);

/** A folder that holds these files and no other, so that a pattern names them; undefined where the disk has no hard links. */
async function linkInto(files: readonly ClosedFile[]): Promise<string | undefined> {
  const [first] = files;
  if (!first) return undefined;
  const folder = `${first.path}.put`;
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
    for (const file of files) await link(file.path, path.join(folder, nameOf(file)));
    return folder;
  } catch {
    await rm(folder, { recursive: true, force: true });
    return undefined;
  }
}
