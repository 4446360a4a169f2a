import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { PART_OF_LINE } from '../plan/shared-line.js';
import { compressionOf, type Compression } from './compression.js';
import { SpoolError } from './spool-error.js';
import type { ClosedFile } from './spool-file.js';

/** The files of a part and the number by which its lines are known in a shared file. Each file has a line at least. */
export interface SharingPart {
  number: number;
  files: readonly ClosedFile[];
}

/**
 * Writes the lines of small files into one, each in an object that names its part: `{"p":3,"3":{"n":line,…}}`. One file costs one upload and one
 * COPY, however many streams it serves.
 *
 * @throws {SpoolError} when the disk is full
 */
export async function writeSharedFile(
  path: string,
  parts: readonly SharingPart[],
  compression: Compression,
): Promise<ClosedFile> {
  const output = createWriteStream(path, { mode: 0o600 });
  let lineBytes = 0;
  async function* lines(): AsyncGenerator<Buffer> {
    for (const { number, files } of parts) {
      for (const file of files) {
        const marked = markLines(await readWhole(file.path), number);
        lineBytes += marked.length;
        yield marked;
      }
    }
  }
  try {
    await pipeline(lines(), compression.compressor(), output);
  } catch (error) {
    throw new SpoolError({
      message: `${path}: cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}); make room or set "spool_directory" to another disk`,
      cause: error,
    });
  }
  return { path, bytes: output.bytesWritten, lineBytes };
}

async function readWhole(path: string): Promise<Buffer> {
  const decompressor = compressionOf(path).decompressor();
  decompressor.end(await readFile(path));
  return buffer(decompressor);
}

/** Every line ends with a line feed and has none within: JSON writes that as an escape. */
function markLines(lines: Buffer, part: number): Buffer {
  const head = `{"${PART_OF_LINE}":${part},"${part}":`;
  // As latin1 every byte stays as it is.
  const text = lines.toString('latin1', 0, lines.length - 1);
  return Buffer.from(`${head}${text.replaceAll('\n', `}\n${head}`)}}\n`, 'latin1');
}
