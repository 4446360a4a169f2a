import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ProtocolError } from '../errors/protocol-error.js';
import { RecordError } from '../errors/record-error.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { mayLoseDigits, parseJson } from '../json/lossless.js';
import { openInput } from './input.js';

/**
 * Where a file of a BATCH message is on this machine.
 *
 * @throws {ProtocolError} when it is not on this machine, or not there
 */
export function batchFilePath(address: string, stream: string, line: number): string {
  const isUrl = address.includes('://');
  const file = address.startsWith('file://') ? fileURLToPath(address) : isUrl ? undefined : path.resolve(address);
  if (file !== undefined && existsSync(file)) return file;
  const fault = file === undefined ? 'is not on this machine; only file:// is read' : `does not exist: ${file}`;
  throw new ProtocolError({
    message: `line ${String(line)}: BATCH of stream "${stream}" names a file that ${fault}`,
    line,
  });
}

/**
 * Reads a file of a BATCH message, gzipped or not: a record a line, numbers with all their digits.
 *
 * @param check throws when a record does not fit; told the line within the file
 * @throws {RecordError} for a line that is no JSON object
 */
export async function* readBatchFile(
  file: string,
  stream: string,
  check: (record: JsonObject, line: number) => void,
): AsyncGenerator<{ record: JsonObject; bytes: number }> {
  let line = 0;
  for await (const text of createInterface({ input: await openInput(file), crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === '') continue;
    const record = parseLine(text, file, stream, line);
    check(record, line);
    yield { record: mayLoseDigits(text) ? (parseJson(text) as JsonObject) : record, bytes: text.length };
  }
}

function parseLine(text: string, file: string, stream: string, line: number): JsonObject {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
  }
  if (isJsonObject(record)) return record;
  throw new RecordError({
    message: `line ${String(line)} of ${path.basename(file)}: a record of stream "${stream}" must be a JSON object`,
    stream,
    line,
  });
}
