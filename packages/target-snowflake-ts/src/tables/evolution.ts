import { SchemaConflictError } from '@singer-io-ts/sdk';
import { MAX_TEXT_LENGTH, renderType, TEXT, VARIANT, type ColumnType } from '../plan/column-type.js';
import { conversionNames } from '../sql/conversion.js';
import { widest, type WantedType } from '../plan/json-schema-type.js';
import type { RememberedColumn } from './table-memory.js';
import { UTC_COMMENT, type LoadColumn, type TableColumn, type WantedColumn } from '../plan/table.js';

/** One change to a table. Each is complete in itself, and a run that is cut off between two is finished by the next one. */
export type EvolutionStep =
  | { step: 'create'; columns: { name: string; type: ColumnType; comment?: string }[] }
  | { step: 'add'; columns: { name: string; type: ColumnType; comment?: string }[] }
  | { step: 'widen'; column: string; type: ColumnType }
  | { step: 'drop-not-null'; column: string }
  /** Replaces a column by one of another type, filled from it; see `sql/conversion.ts`. */
  | { step: 'convert'; column: string; from: ColumnType; to: ColumnType; comment?: string }
  /** Finishes a conversion that an earlier run began: the old column, if it is still there, is set aside already. */
  | { step: 'finish-conversion'; column: string; from: ColumnType | undefined; to: ColumnType }
  | { step: 'drop'; column: string };

/** What has to happen to a table, and how rows are loaded into it then. */
export interface EvolutionPlan {
  steps: EvolutionStep[];
  /** By wanted name. */
  columns: Map<string, LoadColumn>;
}

export interface PlanOptions {
  /** For messages. */
  stream: string;
  /** The table's columns; undefined when there is no table. */
  existing: readonly TableColumn[] | undefined;
  /** What is remembered of the table's columns, by name in upper case. */
  remembered: ReadonlyMap<string, RememberedColumn>;
  wanted: readonly WantedColumn[];
  /** The columns that rows are never without. */
  required: readonly string[];
  onTypeConflict: 'convert' | 'refuse';
  ntzPolicy: 'auto' | 'utc' | 'wall-clock';
}

/**
 * Compares a table with what a stream needs. Columns are matched in any case; a column that can hold the values stays as it is.
 *
 * @throws {SchemaConflictError} when a column cannot hold them and conversion is not allowed
 */
export function planEvolution({
  stream,
  existing,
  remembered,
  wanted,
  required,
  onTypeConflict,
  ntzPolicy,
}: PlanOptions): EvolutionPlan {
  const columns = new Map<string, LoadColumn>();
  if (existing === undefined) {
    for (const column of wanted) columns.set(column.name, loadNew(column));
    return { steps: [{ step: 'create', columns: wanted.map(newColumn) }], columns };
  }
  const recovered = recover(existing, wanted);
  const steps = recovered.steps;
  const byName = matchByName(recovered.columns, stream);
  const missing: WantedColumn[] = [];
  for (const column of wanted) {
    const found = byName.get(column.name);
    if (!found) {
      missing.push(column);
      columns.set(column.name, loadNew(column));
      continue;
    }
    const change = reconcile(found.type, column);
    if (change.how === 'widen') steps.push({ step: 'widen', column: found.name, type: change.type });
    if (change.how === 'convert') {
      if (onTypeConflict === 'refuse')
        throw new SchemaConflictError({ message: conflictMessage(stream, column, found.type) });
      steps.push({
        step: 'convert',
        column: found.name,
        from: found.type,
        to: change.type,
        ...commentFor(change.type),
      });
    }
    const comment = change.how === 'convert' ? commentFor(change.type).comment : found.comment;
    const utc = remembered.get(column.name)?.['utc'];
    columns.set(
      column.name,
      loadInto(
        { name: found.name, type: change.type, isUtc: typeof utc === 'boolean' ? utc : comment === UTC_COMMENT },
        column,
        ntzPolicy,
      ),
    );
  }
  if (missing.length > 0) steps.push({ step: 'add', columns: missing.map(newColumn) });
  for (const { name, nullable } of recovered.columns) {
    if (!nullable && !required.includes(name.toUpperCase())) steps.push({ step: 'drop-not-null', column: name });
  }
  return { steps, columns };
}

/** Conversions that an earlier run left half done: told by the columns it made, finished or begun anew. */
function recover(
  existing: readonly TableColumn[],
  wanted: readonly WantedColumn[],
): { steps: EvolutionStep[]; columns: TableColumn[] } {
  const steps: EvolutionStep[] = [];
  let columns = [...existing];
  const without = (name: string): TableColumn[] => columns.filter((column) => column.name !== name);
  for (const { name } of wanted) {
    const names = conversionNames(name);
    const current = columns.find((column) => column.name.toUpperCase() === name);
    const fresh = columns.find((column) => column.name === names.fresh);
    const old = columns.find((column) => column.name === names.old);
    if (fresh && current) {
      // The old column is still whole: start over.
      steps.push({ step: 'drop', column: fresh.name });
      columns = without(fresh.name);
    } else if (fresh) {
      steps.push({ step: 'finish-conversion', column: name, from: old?.type, to: fresh.type });
      columns = [...without(fresh.name).filter((column) => column !== old), { ...fresh, name }];
    } else if (old && current) {
      steps.push({ step: 'drop', column: old.name });
      columns = without(old.name);
    }
  }
  return { steps, columns };
}

/** What must happen to a column of type `have` so that it holds the values of a property. */
export function reconcile(
  have: ColumnType,
  { type, branches }: WantedType,
): { how: 'keep' | 'widen' | 'convert'; type: ColumnType } {
  const keep = { how: 'keep', type: have } as const;
  if (branches.length === 0 || have.kind === 'variant' || have.kind === 'other') return keep;
  if (have.kind === 'text') {
    // A text column holds the text of anything. The 32 characters of the Python target's uuids are left as they are.
    const needed = type.kind === 'text' ? type.length : MAX_TEXT_LENGTH;
    return needed <= have.length || (have.length === 32 && needed === 36)
      ? keep
      : { how: 'widen', type: { kind: 'text', length: needed } };
  }
  if (have.kind === 'number' && type.kind === 'number') return reconcileNumbers(have, type);
  if (have.kind === 'float' && type.kind === 'number') return keep;
  if (branches.some(({ kind }) => kind === have.kind))
    return have.kind === type.kind || comesAsText(have) ? keep : convert(have, type);
  if (have.kind === 'timestamp' && type.kind === 'date') return keep;
  return convert(have, type);
}

const comesAsText = ({ kind }: ColumnType): boolean => ['date', 'time', 'timestamp', 'binary'].includes(kind);

function convert(have: ColumnType, want: ColumnType): { how: 'convert'; type: ColumnType } {
  if (have.kind === 'date' && want.kind === 'timestamp') return { how: 'convert', type: want };
  const type = widest(have, want);
  return {
    how: 'convert',
    type: type.kind === 'variant' && want.kind !== 'variant' ? (isScalar(have) ? TEXT : VARIANT) : type,
  };
}

const isScalar = ({ kind }: ColumnType): boolean => kind !== 'variant' && kind !== 'other';

function reconcileNumbers(
  have: ColumnType & { kind: 'number' },
  want: ColumnType & { kind: 'number' },
): ReturnType<typeof reconcile> {
  // Snowflake raises a precision in place, but never changes a scale.
  if (want.scale > have.scale) return { how: 'convert', type: widest(have, want) };
  const precision = Math.min(38, Math.max(have.precision, want.precision - want.scale + have.scale));
  return precision === have.precision ? { how: 'keep', type: have } : { how: 'widen', type: { ...have, precision } };
}

function matchByName(existing: readonly TableColumn[], stream: string): Map<string, TableColumn> {
  const byName = new Map<string, TableColumn>();
  for (const column of existing) {
    const name = column.name.toUpperCase();
    const other = byName.get(name);
    if (other) {
      throw new SchemaConflictError({
        message: `stream ${stream}: the table has columns ${JSON.stringify(other.name)} and ${JSON.stringify(column.name)}, which differ by case only; rename one of them`,
      });
    }
    byName.set(name, column);
  }
  return byName;
}

const commentFor = (type: ColumnType): { comment?: string } =>
  type.kind === 'timestamp' && type.zone === 'NTZ' ? { comment: UTC_COMMENT } : {};

const newColumn = ({ name, type }: WantedColumn) => ({ name, type, ...commentFor(type) });

const loadNew = ({ name, type, text }: WantedColumn): LoadColumn => ({ name, type, utc: true, text });

function loadInto(
  { name, type, isUtc }: { name: string; type: ColumnType; isUtc: boolean },
  wanted: WantedColumn,
  ntzPolicy: PlanOptions['ntzPolicy'],
): LoadColumn {
  const utc = ntzPolicy === 'auto' ? isUtc : ntzPolicy === 'utc';
  const isUuid = wanted.type.kind === 'text' && wanted.type.length === 36 && type.kind === 'text' && type.length === 32;
  const exact = type.kind === 'float' && wanted.type.kind === 'number' ? { exact: wanted.type } : {};
  return { name, type, utc, text: isUuid ? 'uuid-without-dashes' : wanted.text, ...exact };
}

function conflictMessage(stream: string, { name, type }: WantedColumn, have: ColumnType): string {
  return (
    `stream ${stream}: column ${name} is ${renderType(have)} and cannot hold ${renderType(type)}, which the schema describes now; ` +
    'set on_type_conflict to convert, or rename the column and run again'
  );
}
