import { exactnessOf, LineSplitter, type JsonObject, type RecordLine } from '@singer-io-ts/sdk';
import { createReadStream } from 'node:fs';
import { compressionOf } from './compression.js';
import type { ClosedFile } from './spool-file.js';

/** A row as it was written: its record, and what stands before that. */
export interface WrittenRow {
  /** `record.line` is the number that the row bears. */
  record: RecordLine;
  head: string;
}

/** What stands before a record. Before it are numbers, times and digits only, so the first is the one. */
const RECORD = Buffer.from(',"r":');

/**
 * Reads files of rows again, in order.
 *
 * @param onRow takes a row; returns false when no more is needed
 * @param ready resolves when more may come
 * @returns whether `onRow` wanted all of them
 */
export async function readWrittenRows(
  files: readonly ClosedFile[],
  stream: string,
  onRow: (row: WrittenRow) => boolean,
  ready: () => Promise<void> = () => Promise.resolve(),
): Promise<boolean> {
  const reading = { isEnough: false };
  for (const { path } of files) {
    const splitter = new LineSplitter({
      maxLineBytes: Infinity,
      onLine: (buffer, start, end) => {
        if (!reading.isEnough) reading.isEnough = !onRow(rowOf(buffer, start, end, stream));
      },
    });
    const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
    const lines = file.pipe(compressionOf(path).decompressor());
    // A pipe does not pass errors on.
    file.on('error', (error) => lines.destroy(error));
    try {
      for await (const chunk of lines) {
        splitter.push(chunk as Buffer);
        if (reading.isEnough) return false;
        await ready();
      }
    } finally {
      file.destroy();
    }
  }
  return true;
}

function rowOf(buffer: Buffer, start: number, end: number, stream: string): WrittenRow {
  const from = buffer.indexOf(RECORD, start) + RECORD.length;
  const head = buffer.toString('latin1', start, from);
  const text = buffer.toString('utf8', from, end - 1);
  const record: RecordLine = {
    stream,
    record: JSON.parse(text) as JsonObject,
    version: undefined,
    timeExtracted: undefined,
    line: Number(/^\{"n":(\d+)/.exec(head)?.[1]),
    bytes: { buffer, start: from, end: end - 1 },
    isExact: exactnessOf(text),
  };
  return { record, head };
}
