import { open } from 'node:fs/promises';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../errors/usage-error.js';

/** Files are read in pieces of this many bytes; a pipe gives 64 KiB at most. */
const FILE_CHUNK_BYTES = 1024 * 1024;

/**
 * Opens the input of a target: a file (gzip is recognised by its first bytes), or stdin.
 *
 * @throws {UsageError} when the file cannot be read
 */
export async function openInput(path: string | undefined): Promise<Readable> {
  if (path === undefined) return process.stdin;
  try {
    const file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    const stream = file.createReadStream({ start: 0, highWaterMark: FILE_CHUNK_BYTES });
    if (bytesRead < 2 || buffer[0] !== 0x1f || buffer[1] !== 0x8b) return stream;
    const plain = new PassThrough({ highWaterMark: FILE_CHUNK_BYTES });
    pipeline(stream, createGunzip({ chunkSize: FILE_CHUNK_BYTES }), plain).catch((error: unknown) =>
      plain.destroy(error as Error),
    );
    return plain;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new UsageError({
      message: `input file ${path} cannot be read (${code}); check its path`,
      cause,
    });
  }
}
