import {
  LineSplitter,
  exactnessOf,
  parseBareRecord,
  ProtocolError,
  RecordError,
  SingerError,
  type RecordBytes,
  type RecordLine,
} from '@singer-io-ts/sdk';
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { createGunzip } from 'node:zlib';

const GZIP = Buffer.of(0x1f, 0x8b);

/** A record of a file, counted from 1 within it. */
export type FileRecord = RecordLine;

export interface BatchReaderOptions {
  path: string;
  /** Undefined: as the file's first bytes say. */
  compression: 'gzip' | 'none' | undefined;
  stream: string;
  /** The line of the BATCH message. */
  messageLine: number;
  maxLineBytes: number;
  /** Takes a record. */
  onRecord: (record: FileRecord) => void;
  /** Told of a line that is a record and cannot be taken. */
  onRefused: (bytes: RecordBytes, error: RecordError) => void;
  /** Resolves when more may come. */
  ready: () => Promise<void>;
}

/**
 * Reads the records of a file that a BATCH message names, a line each, so that they are checked like all others.
 *
 * @throws a SingerError that names the message's line, the file and its line
 */
export async function readBatchFile(options: BatchReaderOptions): Promise<void> {
  const { path, compression, stream, maxLineBytes, ready } = options;
  const splitter = new LineSplitter({
    maxLineBytes,
    onLine: (buffer, start, end, line) => {
      try {
        options.onRecord(recordOf(buffer, start, end, line, stream));
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        options.onRefused({ buffer, start, end }, located(error, options));
      }
    },
  });
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  const gunzip = (compression ?? compressionOf(path)) === 'gzip' ? createGunzip() : undefined;
  const source = gunzip ? file.pipe(gunzip) : file;
  // A pipe does not pass errors on.
  if (gunzip) file.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source) {
      splitter.push(chunk as Buffer);
      await ready();
    }
    splitter.end();
    if (gunzip) await refuseRest(gunzip.bytesWritten, options);
  } catch (error) {
    throw unreadable(error, options);
  } finally {
    file.destroy();
  }
}

/** Node stops at a zero byte behind compressed data, which may be padding, and says nothing of what follows. */
async function refuseRest(from: number, { path, stream, messageLine: line }: Location): Promise<void> {
  for await (const chunk of createReadStream(path, { start: from })) {
    if ((chunk as Buffer).every((byte) => byte === 0)) continue;
    const message = `line ${line}: BATCH file ${path} of stream "${stream}" is damaged: it has more behind the end of its compressed data`;
    throw new BatchFileError({ message, line });
  }
}

/** Some taps gzip their files whatever they say, or say nothing. A file that cannot be read fails where it is read. */
function compressionOf(path: string): 'gzip' | 'none' {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const head = Buffer.alloc(2);
    readSync(file, head);
    return head.equals(GZIP) ? 'gzip' : 'none';
  } catch {
    return 'none';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function recordOf(buffer: Buffer, start: number, end: number, line: number, stream: string): FileRecord {
  const text = buffer.toString('utf8', start, end);
  return {
    stream,
    record: parseBareRecord(text, { stream, line }),
    version: undefined,
    timeExtracted: undefined,
    line,
    bytes: { buffer, start, end },
    isExact: exactnessOf(text),
  };
}

/** Says that a file is not what its message says it is, and which message that was. */
class BatchFileError extends ProtocolError {}

/** A message that names the stream, unless it does already. */
const naming = (stream: string, message: string): string =>
  message.includes(`stream "${stream}"`) ? message : `${message} (stream "${stream}")`;

type Location = Pick<BatchReaderOptions, 'path' | 'stream' | 'messageLine'>;

/** Says in which file a record is that does not fit, and which message named it. */
function located(error: RecordError, { path, stream, messageLine: line }: Location): RecordError {
  const message = `line ${line}: BATCH file ${path}, ${error.message}`;
  return new RecordError({ message: naming(stream, message), stream, line, property: error.property, cause: error });
}

function unreadable(error: unknown, { path, stream, messageLine: line }: Location): unknown {
  const where = `line ${line}: BATCH file ${path}`;
  // It says already where the record is.
  if (error instanceof RecordError) return error;
  if (error instanceof BatchFileError) return error;
  if (error instanceof ProtocolError)
    return new ProtocolError({ message: naming(stream, `${where}, ${error.message}`), line, cause: error });
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof SingerError) return error;
  const what = code.startsWith('Z_') ? 'is not the gzip file that its encoding says it is' : 'cannot be read';
  return new ProtocolError({ message: `${where} of stream "${stream}" ${what} (${code})`, line, cause: error });
}
