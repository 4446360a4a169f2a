import { INTEGER, TEXT, type ColumnType } from '../plan/column-type.js';
import { quoteIdentifier, type TableName } from '@singer-io-ts/snowflake-session';
import type { SdcColumn } from '../plan/sdc-columns.js';
import type { Part } from '../spool/part-writer.js';
import type { SealedStream } from '../spool/sink.js';
import { stagedType } from '../sql/copy.js';
import { STAGED, stagedName, type StagedColumn } from '../sql/staged.js';
import type { StagedRows } from '../sql/staged-rows.js';
import type { LoadPlan, ReplicationKey } from '../sql/rows.js';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { LoadColumn } from '../plan/table.js';

const INSTANT_TYPE: ColumnType = { kind: 'timestamp', zone: 'TZ' };

export interface LoadPlanOptions {
  sealed: Pick<SealedStream, 'plan' | 'sealedAt'>;
  /** The table's columns by wanted name. */
  columns: ReadonlyMap<string, LoadColumn>;
  /** The table that the rows go to: the stream's, or the one aside that is to replace it. */
  table: TableName;
  staged: StagedRows;
  part: Pick<Part, 'deletions' | 'partial' | 'versions'>;
  syncStartedAt: number;
  atLeastVersion: number | undefined;
}

/** Brings together what the stream wants and what the table has. */
export function planLoad({
  sealed: { plan, sealedAt },
  columns,
  table,
  staged,
  part,
  syncStartedAt,
  atLeastVersion,
}: LoadPlanOptions): LoadPlan {
  const own = plan.properties.map(({ column }) => columnOf(columns, column.name));
  const metadata =
    plan.metadata && new Map<SdcColumn, LoadColumn>(plan.metadata.map(({ name }) => [name, columnOf(columns, name)]));
  return {
    table,
    staged,
    columns: own,
    keys: plan.keys,
    replicationKey: replicationKey(plan, own),
    metadata,
    deletions: !part.deletions ? 'none' : plan.hardDelete && plan.keys.length > 0 ? 'remove' : 'mark',
    partial: part.partial,
    batchedAt: sealedAt,
    syncStartedAt,
    versions: versionsOf(part),
    atLeastVersion,
  };
}

const versionsOf = ({ versions }: Pick<Part, 'versions'>): LoadPlan['versions'] =>
  versions === undefined ? 'none' : versions.least === versions.greatest ? 'one' : 'several';

/** The temporary table of a load and where COPY finds its values. */
export function stagedColumns(
  { columns, deletions, partial }: Pick<LoadPlan, 'columns' | 'deletions' | 'partial'>,
  properties: StreamPlan['properties'],
): StagedColumn[] {
  const meta: StagedColumn[] = [
    { name: STAGED.line, type: INTEGER, from: ['n'] },
    { name: STAGED.received, type: INTEGER, from: ['m'] },
    { name: STAGED.extracted, type: INSTANT_TYPE, from: ['x'] },
    { name: STAGED.version, type: INTEGER, from: ['v'] },
  ];
  if (deletions !== 'none') meta.push({ name: STAGED.deleted, type: INSTANT_TYPE, from: ['d'] });
  if (partial) meta.push({ name: STAGED.missing, type: TEXT, from: ['a'] });
  const own = columns.map((column, index): StagedColumn => {
    const property = properties[index]?.property ?? '';
    return { name: stagedName(index), type: stagedType(column), from: ['r', property] };
  });
  return [...meta, ...own];
}

function columnOf(columns: ReadonlyMap<string, LoadColumn>, name: string): LoadColumn {
  const column = columns.get(name);
  if (!column) throw new RangeError(`no column was planned for ${quoteIdentifier(name)}`);
  return column;
}

/** How the replication key can be compared, if it can: as a number, as an instant, or as the instant that a text stands for; never as text. */
function replicationKey(
  { replicationKey: index, properties }: StreamPlan,
  columns: readonly LoadColumn[],
): ReplicationKey | undefined {
  if (index === undefined) return undefined;
  const column = columns[index];
  const wanted = properties[index]?.column;
  if (!column || !wanted) return undefined;
  switch (column.type.kind) {
    case 'number':
    case 'float':
    case 'decfloat':
    case 'date':
      return { index, as: 'value' };
    case 'timestamp':
      // A wall clock without its offset cannot be compared.
      return column.type.zone === 'NTZ' && !column.utc ? undefined : { index, as: 'value' };
    case 'text':
      return wanted.branches.length > 0 && wanted.branches.every(({ kind }) => kind === 'timestamp' || kind === 'date')
        ? { index, as: 'instant-in-text' }
        : undefined;
    default:
      return undefined;
  }
}

/** A temporary table's name: of the run, so that no other run's can be meant, and short however long the table's is. */
export function temporaryName({ database, schema }: TableName, runId: string, number: number): TableName {
  return { database, schema, table: `_SDC_LOAD_${runId.toUpperCase()}_${number}` };
}
