import { INTEGER, type TimestampZone } from './column-type.js';
import type { WantedColumn } from './table.js';

/** Names of the columns that tell how a row got into its table: those of the Python SDK, with its types. */
export const SDC = {
  extractedAt: '_SDC_EXTRACTED_AT',
  receivedAt: '_SDC_RECEIVED_AT',
  batchedAt: '_SDC_BATCHED_AT',
  deletedAt: '_SDC_DELETED_AT',
  sequence: '_SDC_SEQUENCE',
  tableVersion: '_SDC_TABLE_VERSION',
  syncStartedAt: '_SDC_SYNC_STARTED_AT',
} as const;

export type SdcColumn = (typeof SDC)[keyof typeof SDC];

/** Whether a column, by its name in upper case, is one of them. */
export const isSdcColumn = (name: string): boolean => (Object.values(SDC) as string[]).includes(name);

const TIMES: readonly SdcColumn[] = [SDC.extractedAt, SDC.receivedAt, SDC.batchedAt, SDC.deletedAt];

/** The metadata columns as a stream wants them. */
export function sdcColumns(zone: TimestampZone): (WantedColumn & { name: SdcColumn })[] {
  return Object.values(SDC).map((name) => {
    const type = TIMES.includes(name) ? ({ kind: 'timestamp', zone } as const) : INTEGER;
    return { name, type, branches: [type] };
  });
}
