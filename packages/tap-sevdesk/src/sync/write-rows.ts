import type { StreamSync } from '@singer-io-ts/sdk';
import { formatInstant, type Instant } from '../api/instant.js';
import type { Row } from '../api/page.js';

/** Records written before the output is asked whether it can take more. */
const RECORDS_PER_PAUSE = 250;

/** Writes rows as records of a version, no faster than the output takes them. */
export async function writeRows(
  sync: StreamSync,
  rows: readonly Row[],
  { version, readAt }: { version: number; readAt: Instant },
): Promise<void> {
  const options = { version, timeExtracted: formatInstant(readAt) };
  for (let first = 0; first < rows.length; first += RECORDS_PER_PAUSE) {
    for (const row of rows.slice(first, first + RECORDS_PER_PAUSE)) sync.recordBytes(row, options);
    await sync.ready();
  }
}
