import { RecordError } from '@singer-io-ts/sdk';
import type { CheckedRow, ColumnCheck } from '../values/column-check.js';
import type { Part } from './part-writer.js';
import { RecordFiles, type RecordFilesOptions } from './record-files.js';
import { refusedRecord, type RefusedRecord } from './refused-record.js';
import { readWrittenRows, type WrittenRow } from './written-rows.js';

/** What checking a part against the table's columns came to. */
export interface RecheckedPart {
  /** The part without the rows that are not loaded. */
  part: Part;
  refused: RefusedRecord[];
  /** How many values, or rows, the contract left out, by property. */
  discarded: Map<string, number>;
}

export interface RecheckOptions extends RecordFilesOptions {
  stream: string;
  check: Pick<ColumnCheck, 'check'>;
  /** Told of a record that does not fit. @throws when it may not be put aside */
  onRefused: (error: RecordError) => void;
}

/**
 * Checks the rows of a part, which were written before the table was known, against its columns. Files are only written again if one of
 * the rows cannot be loaded as it is.
 *
 * @returns undefined when the part stays as it is
 */
export async function recheckPart(part: Part, options: RecheckOptions): Promise<RecheckedPart | undefined> {
  const files = await Promise.all(part.files);
  const { stream, check } = options;
  const readAll = await readWrittenRows(files, stream, ({ record }) =>
    staysAsItIs(record, () => check.check(record, part.placeOf(record.line))),
  );
  if (readAll) return undefined;
  const writer = new RecordFiles(options);
  const refused: RefusedRecord[] = [];
  const discarded = new Map<string, number>();
  await readWrittenRows(
    files,
    stream,
    ({ record, head }) => {
      const row = checked(record, { part, options, refused });
      for (const property of row?.discarded ?? []) discarded.set(property, (discarded.get(property) ?? 0) + 1);
      if (row?.bytes) writer.appendRow(head, row.bytes);
      return true;
    },
    () => writer.drained(),
  );
  const written = writer.close() ?? { files: [], rows: 0 };
  return { part: { ...part, files: written.files, rows: written.rows }, refused, discarded };
}

function staysAsItIs(record: WrittenRow['record'], check: () => CheckedRow): boolean {
  try {
    return check().bytes === record.bytes;
  } catch (error) {
    if (error instanceof RecordError) return false;
    throw error;
  }
}

/** What is to be loaded for a row; undefined for one that is put aside. */
function checked(
  record: WrittenRow['record'],
  { part, options, refused }: { part: Part; options: RecheckOptions; refused: RefusedRecord[] },
): CheckedRow | undefined {
  try {
    return options.check.check(record, part.placeOf(record.line));
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    options.onRefused(error);
    refused.push(refusedRecord(options.stream, error, record.bytes));
    return undefined;
  }
}
