import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { compressionOf } from './compression.js';

/** The number that a line of a spooled file bears; undefined when it cannot be found. */
export async function numberOfRow(path: string, line: number): Promise<number | undefined> {
  let current = 0;
  const source = createReadStream(path);
  const lines = createInterface({ input: source.pipe(compressionOf(path).decompressor()), crlfDelay: Infinity });
  try {
    for await (const text of lines) {
      current += 1;
      if (current === line) return Number(/^\{"n":(\d+)/.exec(text)?.[1] ?? NaN) || undefined;
    }
  } catch {
    // The line is an aid to the user only.
  } finally {
    source.destroy();
  }
  return undefined;
}
