import { SchemaConflictError } from '@singer-io-ts/sdk';
import { INTEGER, renderType, type ColumnType, type TimestampZone } from './column-type.js';
import type { PropertyPlan, WantedColumn } from './table.js';

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

const typeOf = (name: SdcColumn, zone: TimestampZone): ColumnType =>
  TIMES.includes(name) ? { kind: 'timestamp', zone } : INTEGER;

/** The metadata columns as a stream wants them. */
export function sdcColumns(zone: TimestampZone): (WantedColumn & { name: SdcColumn })[] {
  return Object.values(SDC).map((name) => {
    const type = typeOf(name, zone);
    return { name, type, branches: [type] };
  });
}

/** What a record may say by `_sdc_deleted_at`: an instant, also as a plain text, or true. */
const SAYS_DELETED: readonly ColumnType['kind'][] = ['timestamp', 'date', 'text', 'boolean'];

/** What records that do not describe it call it. */
const UNDESCRIBED = '_sdc_deleted_at';

/** The property by which records say that their row is deleted. */
export interface DeletedAt {
  property: string;
  /** Whether the stream's schema has it. */
  described: boolean;
}

/**
 * Takes a stream's own properties with the names of metadata columns out of its properties. The target's value of such a column wins, but
 * for the time of a deletion, which only the tap can know.
 *
 * Records may bear that time without their schema's saying so: other targets obey it all the same.
 *
 * @param options whether the target writes those columns itself, and whether it removes rows that are deleted
 * @throws {SchemaConflictError} when one of them has another type than the column
 */
export function deletedAtProperty(
  stream: string,
  all: readonly PropertyPlan[],
  { withMetadata, removesRows }: { withMetadata: boolean; removesRows: boolean },
): { deletedAt: DeletedAt | undefined; properties: PropertyPlan[] } {
  const properties: PropertyPlan[] = [];
  let deletedAt: DeletedAt | undefined;
  for (const one of all) {
    const { property, column } = one;
    const name = Object.values(SDC).find((own) => own === column.name);
    if (name === undefined || (!withMetadata && name !== SDC.deletedAt)) {
      properties.push(one);
      continue;
    }
    const kinds = name === SDC.deletedAt ? SAYS_DELETED : TIMES.includes(name) ? ['timestamp'] : ['number'];
    if (!column.branches.every(({ kind }) => kinds.includes(kind))) {
      const wanted = name === SDC.deletedAt ? 'a date-time, a text or true' : renderType(typeOf(name, 'NTZ'));
      throw new SchemaConflictError({
        message: `stream ${stream}: property ${JSON.stringify(property)} has the name of a column that this target writes itself, which must be ${wanted}; drop or rename it with stream_maps`,
      });
    }
    if (name === SDC.deletedAt) deletedAt = { property, described: true };
  }
  if (withMetadata || removesRows) deletedAt ??= { property: UNDESCRIBED, described: false };
  return { deletedAt, properties };
}
