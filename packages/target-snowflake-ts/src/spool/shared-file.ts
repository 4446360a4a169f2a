import { mayLoseDigits } from '@singer-io-ts/sdk';
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

/**
 * Whether lines hold numbers that a double does not. A VARIANT keeps them while it is read from a file; that a column of that type keeps
 * each digit on the way out of it is nowhere promised, so such lines are better cast by COPY.
 */
export async function holdLongNumbers(files: readonly ClosedFile[]): Promise<boolean> {
  for (const { path } of files) {
    const text = (await readWhole(path)).toString('latin1');
    if (mayLoseDigits(text) && mayLoseDigits(text.replace(STRINGS, '""'))) return true;
  }
  return false;
}

const STRINGS = /"(?:[^"\\]|\\.)*"/g;

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
