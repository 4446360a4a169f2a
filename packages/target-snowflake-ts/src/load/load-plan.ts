import { INTEGER, type ColumnType } from '../plan/column-type.js';
import { quoteIdentifier, type TableName } from '@singer-io-ts/snowflake-session';
import type { SdcColumn } from '../plan/sdc-columns.js';
import type { SealedStream } from '../spool/sink.js';
import { STAGED, stagedName, stagedType, type LineLayout, type StagedColumn } from '../sql/copy.js';
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
  staged: TableName;
  layout: LineLayout;
  syncStartedAt: number;
  versions: LoadPlan['versions'];
  atLeastVersion: number | undefined;
}

/** Brings together what the stream wants and what the table has. */
export function planLoad({
  sealed: { plan, sealedAt },
  columns,
  table,
  staged,
  layout,
  syncStartedAt,
  versions,
  atLeastVersion,
}: LoadPlanOptions): LoadPlan {
  const own = plan.properties.map(({ column }) => columnOf(columns, column.name));
  const metadata =
    plan.metadata && new Map<SdcColumn, LoadColumn>(plan.metadata.map(({ name }) => [name, columnOf(columns, name)]));
  return {
    table,
    staged,
    layout,
    columns: own,
    keys: plan.keys,
    replicationKey: replicationKey(plan, own),
    metadata,
    deletedAt: plan.deletedAt,
    batchedAt: sealedAt,
    syncStartedAt,
    versions,
    atLeastVersion,
  };
}

/** BATCH files are numbered apart, so that later files win over earlier ones: the file's number and twelve digits for the line. */
const LINE_DIGITS = 12;

/** COPY knows no arithmetic operators: the number is put together as text. */
const batchLine = (file: number): string =>
  `TO_NUMBER(CONCAT('${file}', LPAD(TO_VARCHAR(METADATA$FILE_ROW_NUMBER), ${LINE_DIGITS}, '0')))`;

/** The temporary table of a load and where COPY finds its values. @param file the position of a BATCH file among the part's files */
export function stagedColumns(
  plan: Pick<LoadPlan, 'columns' | 'layout' | 'batchedAt'>,
  properties: StreamPlan['properties'],
  file = 0,
): StagedColumn[] {
  const wrapped = plan.layout === 'wrapped';
  const meta: StagedColumn[] = [
    {
      name: STAGED.line,
      type: INTEGER,
      from: wrapped ? ['n'] : { sql: batchLine(file) },
    },
    { name: STAGED.received, type: INTEGER, from: wrapped ? ['m'] : { sql: String(Date.parse(plan.batchedAt)) } },
    { name: STAGED.extracted, type: INSTANT_TYPE, from: wrapped ? ['x'] : { sql: 'NULL' } },
    { name: STAGED.version, type: INTEGER, from: wrapped ? ['v'] : { sql: 'NULL' } },
  ];
  const own = plan.columns.map((column, index): StagedColumn => {
    const property = properties[index]?.property ?? '';
    return {
      name: stagedName(index),
      type: stagedType(column, plan.layout),
      from: wrapped ? ['r', property] : [property],
    };
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
