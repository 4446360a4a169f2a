import type { ClosedFile } from '../spool/spool-file.js';
import type { SharingPart } from '../spool/shared-file.js';

/** What one shared file holds at most, uncompressed: every stream of it reads all of the table that it is copied into. */
const MAX_SHARED_BYTES = 16 * 1024 * 1024;
/** Where each value is read by a cast of its own in MERGE, a statement must not become too long. */
const MAX_PROPERTIES = 500;

export interface PartSize {
  files: readonly ClosedFile[];
  properties: number;
}

/**
 * Groups small parts that are copied together; those in no group are copied by themselves.
 *
 * @param maxBytes what a small part has at most, uncompressed; 0 for none
 * @returns groups of at least two, each with the parts' positions as their numbers
 */
export function groupParts(parts: readonly PartSize[], maxBytes: number): SharingPart[][] {
  const groups: SharingPart[][] = [];
  let size = Infinity;
  for (const [number, { files, properties }] of parts.entries()) {
    const bytes = bytesOf(files);
    if (bytes === 0 || bytes > maxBytes || properties > MAX_PROPERTIES) continue;
    size += bytes;
    if (size > MAX_SHARED_BYTES) {
      groups.push([]);
      size = bytes;
    }
    groups.at(-1)?.push({ number, files });
  }
  return groups.filter((group) => group.length > 1);
}

/** Uncompressed bytes of files together. */
export const bytesOf = (files: readonly ClosedFile[]): number =>
  files.reduce((sum, { lineBytes }) => sum + lineBytes, 0);
