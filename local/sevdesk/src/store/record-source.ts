import type { Seconds } from '../company/berlin-time.js';
import type { WireRecord } from '../company/wire.js';

/** Where a table's records come from before anybody edits them. Index order is id order. */
export interface RecordSource {
  readonly count: number;
  /** Makes the record at an index; the same each time. */
  record(index: number): WireRecord;
  /** Set when ids are consecutive numbers; otherwise they are read from the records. */
  readonly firstId?: number;
  /** Timestamp fields, for which not every record need be made. */
  readonly times?: Readonly<Record<string, (index: number) => Seconds>>;
  /** Spares making every record when only its `invoiceType` is asked for. */
  readonly typeOf?: (index: number) => string;
  /** The field that refers to the parent, for endpoints whose records belong to one, and the indexes of a parent's children. */
  readonly parent?: string;
  readonly childrenOf?: (parentId: string) => readonly number[];
}

/** A source over records that are there already. */
export function listSource(records: readonly WireRecord[]): RecordSource {
  return {
    count: records.length,
    record: (index) => {
      const record = records[index];
      if (record === undefined) throw new RangeError(`no record ${index}`);
      return record;
    },
  };
}
