import { ConfigError } from '@singer-io-ts/sdk';
import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/** How files are compressed on their way to Snowflake. */
export interface Compression {
  /** Its name in PUT and COPY. */
  readonly name: 'GZIP' | 'ZSTD';
  /** What names of files end with. */
  readonly ending: string;
  compressor(): Transform;
  decompressor(): Transform;
  compress(whole: Buffer): Promise<Buffer>;
}

/** Compression costs more CPU than all else here; the fastest level gives files a fifth larger. */
const FASTEST = { level: zlib.constants.Z_BEST_SPEED };
const CHUNK_BYTES = 128 * 1024;

export const GZIP: Compression = {
  name: 'GZIP',
  ending: '.gz',
  compressor: () => zlib.createGzip({ ...FASTEST, chunkSize: CHUNK_BYTES, memLevel: 9 }),
  decompressor: () => zlib.createGunzip(),
  compress: (whole) => promisify<Buffer, { level: number }, Buffer>(zlib.gzip)(whole, FASTEST),
};

/** What Node has from 22.15 on. */
interface ZstdOfNode {
  constants: { ZSTD_c_compressionLevel: number };
  createZstdCompress(options: object): Transform;
  createZstdDecompress(): Transform;
  zstdCompress(whole: Buffer, options: object, done: (error: Error | null, compressed: Buffer) => void): void;
}

/** Smaller than gzip and for less CPU; undefined where this Node does not have it. */
export const ZSTD: Compression | undefined = zstdOf(zlib as unknown as Partial<ZstdOfNode>);

function zstdOf({ createZstdCompress, createZstdDecompress, zstdCompress, constants }: Partial<ZstdOfNode>) {
  if (!createZstdCompress || !createZstdDecompress || !zstdCompress || !constants) return undefined;
  const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
  return {
    name: 'ZSTD',
    ending: '.zst',
    compressor: () => createZstdCompress({ ...options, chunkSize: CHUNK_BYTES }),
    decompressor: () => createZstdDecompress(),
    compress: (whole: Buffer) => promisify<Buffer, object, Buffer>(zstdCompress)(whole, options),
  } as const satisfies Compression;
}

/** What a setting asks for. @throws {ConfigError} when this Node does not have it */
export function chooseCompression(setting: 'auto' | 'gzip' | 'zstd'): Compression {
  if (setting === 'gzip') return GZIP;
  if (setting === 'zstd' && !ZSTD) {
    throw new ConfigError({
      message: `setting "compression" (environment variable TARGET_SNOWFLAKE_TS_COMPRESSION) is zstd, which Node ${process.versions.node} does not have; take 22.15 or newer, or leave the setting out`,
      setting: 'compression',
    });
  }
  return ZSTD ?? GZIP;
}

/** How a file was compressed, by its name. */
export const compressionOf = (path: string): Compression => (ZSTD && path.endsWith(ZSTD.ending) ? ZSTD : GZIP);
