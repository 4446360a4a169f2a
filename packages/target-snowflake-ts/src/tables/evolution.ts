import { SchemaConflictError } from '@singer-io-ts/sdk';
import { MAX_TEXT_LENGTH, renderType, TEXT, VARIANT, withAllDigits, type ColumnType } from '../plan/column-type.js';
import type { SchemaContract } from '../settings/settings.js';
import { isSdcColumn, SDC } from '../plan/sdc-columns.js';
import { quoteIdentifier } from '@singer-io-ts/snowflake-session';
import { conversionNames } from '../sql/conversion.js';
import { widest, type WantedType } from '../plan/json-schema-type.js';
import { changingTypesOf, type ChangingType } from '../values/changing-type.js';
import type { RememberedColumn } from './table-memory.js';
import { UTC_COMMENT, type LoadColumn, type TableColumn, type WantedColumn } from '../plan/table.js';

/** A column to be made. */
export interface NewColumn {
  name: string;
  type: ColumnType;
  comment?: string;
  /** What has to be remembered of it. */
  remember?: RememberedColumn;
}

/** One change to a table. Each is complete in itself, and a run that is cut off between two is finished by the next one. */
export type EvolutionStep =
  | { step: 'create'; columns: NewColumn[] }
  | { step: 'add'; columns: NewColumn[] }
  | { step: 'widen'; column: string; type: ColumnType }
  | { step: 'drop-not-null'; column: string }
  /** Replaces a column by one of another type, filled from it; see `sql/conversion.ts`. */
  | { step: 'convert'; column: string; from: ColumnType; to: ColumnType; utc: boolean }
  /** Finishes a conversion that an earlier run began: the old column, if it is still there, is set aside already. */
  | { step: 'finish-conversion'; column: string; from: ColumnType | undefined; to: ColumnType }
  | { step: 'drop'; column: string };

/** What has to happen to a table, and how rows are loaded into it then. */
export interface EvolutionPlan {
  steps: EvolutionStep[];
  /** By wanted name. */
  columns: Map<string, LoadColumn>;
  /** What columns that are there told of themselves, to be remembered from now on. */
  learned: Map<string, RememberedColumn>;
}

export interface PlanOptions {
  /** For messages. */
  stream: string;
  /** The table's columns; undefined when there is no table. */
  existing: readonly TableColumn[] | undefined;
  /** What is remembered of the table's columns, by name in upper case. */
  remembered: ReadonlyMap<string, RememberedColumn>;
  wanted: readonly WantedColumn[];
  /** Which types of column would change values that are about to be loaded, by wanted name. */
  changing: ReadonlyMap<string, ReadonlySet<ChangingType>>;
  /** Whether rows come from a table aside, which names every column. @default false */
  replaces?: boolean;
  /** The columns that rows are never without. */
  required: readonly string[];
  onTypeConflict: 'convert' | 'text' | 'refuse';
  contract: Required<SchemaContract>;
  /** For messages. */
  table: string;
  ntzPolicy: 'auto' | 'utc' | 'wall-clock';
}

/**
 * Compares a table with what a stream needs. Columns are matched in any case; a column that can hold the values stays as it is.
 *
 * @throws {SchemaConflictError} when a column cannot hold them and conversion is not allowed
 */
export function planEvolution(options: PlanOptions): EvolutionPlan {
  const { stream, existing, remembered, wanted, required, ntzPolicy } = options;
  const columns = new Map<string, LoadColumn>();
  const learned = new Map<string, RememberedColumn>();
  if (existing === undefined) {
    for (const column of wanted) columns.set(column.name, loadNew(column));
    return { steps: [{ step: 'create', columns: wanted.map(newColumn) }], columns, learned };
  }
  const recovered = recover(existing, wanted);
  const steps = recovered.steps;
  const byName = matchByName(recovered.columns, stream);
  const missing: WantedColumn[] = [];
  for (const column of wanted) {
    const found = byName.get(column.name);
    if (!found) {
      const discard = discardedAsNew(column, options);
      if (discard === undefined) missing.push(column);
      const contract = discard && { contract: { place: 'no column', discard } as const };
      columns.set(column.name, { ...loadNew(column), ...contract });
      continue;
    }
    const known = remembered.get(column.name);
    if (isNtz(found.type) && known?.['utc'] === undefined && found.comment === UTC_COMMENT && !isSdcColumn(column.name))
      learned.set(column.name, { utc: true });
    const isUtc = known?.['utc'] === undefined ? found.comment === UTC_COMMENT : known['utc'] === true;
    const change = changeOf(found, column, known, options);
    if (change.contract) {
      columns.set(column.name, {
        name: found.name,
        type: found.type,
        utc: utcBy(ntzPolicy, isUtc),
        text: undefined,
        contract: change.contract,
      });
      continue;
    }
    if (change.how === 'widen') steps.push({ step: 'widen', column: found.name, type: change.type });
    if (change.how === 'convert')
      steps.push({
        step: 'convert',
        column: found.name,
        from: found.type,
        to: change.type,
        utc: utcBy(ntzPolicy, isUtc),
      });
    const utc = change.how === 'convert' && isNtz(change.type) && !isNtz(found.type) ? true : utcBy(ntzPolicy, isUtc);
    const dashless = isNativeUuid(change.type, column);
    const isNumberInText =
      change.type.kind === 'text' && NUMBERS.includes(column.type.kind) && required.includes(column.name);
    columns.set(column.name, {
      name: found.name,
      type: change.type,
      utc,
      text: dashless ? 'uuid-without-dashes' : column.text,
      ...(isNumberInText ? { number: column.type } : {}),
    });
  }
  if (missing.length > 0) steps.push({ step: 'add', columns: missing.map(newColumn) });
  for (const { name, nullable, fillsItself } of recovered.columns) {
    const isLeftOut = fillsItself === true && !columns.has(name.toUpperCase()) && options.replaces !== true;
    if (!nullable && !isLeftOut && !required.includes(name.toUpperCase()))
      steps.push({ step: 'drop-not-null', column: name });
  }
  return { steps, columns, learned };
}

/** What the contract says of a property that the table has no column for; undefined when the table follows. */
function discardedAsNew(
  { name }: WantedColumn,
  { stream, table, required, contract: { new_columns: mode } }: PlanOptions,
): 'value' | 'row' | undefined {
  if (mode === 'evolve' || isSdcColumn(name)) return undefined;
  if (mode === 'freeze' || required.includes(name)) {
    throw new SchemaConflictError({
      message: `stream ${stream}: table ${table} has no column ${name}, which the schema describes now, and schema_contract keeps new columns out; add the column, drop the property with stream_maps, or set new_columns to evolve`,
    });
  }
  return mode === 'discard_value' ? 'value' : 'row';
}

interface Change {
  how: 'keep' | 'widen' | 'convert';
  type: ColumnType;
  contract?: NonNullable<LoadColumn['contract']>;
}

/** What must happen to a column that is there, and what the contract and the settings allow. */
function changeOf(
  found: TableColumn,
  column: WantedColumn,
  known: RememberedColumn | undefined,
  { stream, table, required, changing, onTypeConflict, contract: { changed_types: mode } }: PlanOptions,
): Change {
  const described = reconcile(found.type, column, known?.['uuid'] !== false);
  if (column.name === SDC.tableVersion && !NUMBERS.includes(found.type.kind))
    throw new SchemaConflictError({
      message: `stream ${stream}: column ${found.name} of table ${table} is ${renderType(found.type)}, but this target compares versions in it as ${renderType(column.type)}; rename or drop it (ALTER TABLE ${table} RENAME COLUMN ${quoteIdentifier(found.name)} TO …)`,
    });
  if (isSdcColumn(column.name)) return described;
  refuseUnfillable(found, column, { stream, table });
  const change = described.how === 'keep' ? forValues(described, column, changing.get(column.name)) : described;
  if (change.how === 'keep') return change;
  const isClosed = mode === 'freeze' || (mode !== 'evolve' && required.includes(column.name));
  // What suits the schema stays where it may not change: each value that it would change is refused by its line then.
  if (described.how === 'keep' && (isClosed || onTypeConflict === 'refuse')) return described;
  if (isClosed) {
    throw new SchemaConflictError({
      message: `stream ${stream}: column ${column.name} of table ${table} is ${renderType(found.type)}, the schema describes ${renderType(column.type)} now, and schema_contract keeps the type as it is; change the column or the schema, or set changed_types to evolve`,
    });
  }
  if (mode !== 'evolve')
    return { ...change, contract: { place: 'another type', discard: mode === 'discard_value' ? 'value' : 'row' } };
  if (change.how !== 'convert' || described.how === 'keep') return change;
  if (onTypeConflict === 'refuse')
    throw new SchemaConflictError({ message: conflictMessage(stream, column, found.type) });
  return onTypeConflict === 'text' && change.type.kind !== 'variant' ? { how: 'convert', type: TEXT } : change;
}

const NUMBERS: readonly ColumnType['kind'][] = ['number', 'float', 'decfloat'];

export const isNtz = (type: ColumnType): boolean => type.kind === 'timestamp' && type.zone === 'NTZ';

const utcBy = (policy: PlanOptions['ntzPolicy'], isUtc: boolean): boolean =>
  policy === 'auto' ? isUtc : policy === 'utc';

/** Columns of 32 characters for uuids, as the Python target makes them, hold them without their dashes. */
const isNativeUuid = (type: ColumnType, wanted: WantedType): boolean =>
  wanted.uuid === true && type.kind === 'text' && type.length === 32;

/** Conversions that an earlier run left half done: recognised by the columns it made, and finished or started over. */
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

/**
 * What must happen to a column of type `have` so that it holds the values of a property.
 *
 * @param mayBeNative whether 32 characters may be those of uuids without dashes: not, when this target made the column for other texts
 */
export function reconcile(
  have: ColumnType,
  wanted: WantedType,
  mayBeNative = true,
): { how: 'keep' | 'widen' | 'convert'; type: ColumnType } {
  const { type, branches } = wanted;
  const keep = { how: 'keep', type: have } as const;
  if (branches.length === 0 || have.kind === 'variant' || have.kind === 'other') return keep;
  if (have.kind === 'text') {
    // A text column holds the text of anything.
    const needed = type.kind === 'text' ? type.length : MAX_TEXT_LENGTH;
    return needed <= have.length || (mayBeNative && isNativeUuid(have, wanted))
      ? keep
      : { how: 'widen', type: { kind: 'text', length: needed } };
  }
  if (have.kind === 'number' && type.kind === 'number') return reconcileNumbers(have, type);
  // Whether a number is the same as a FLOAT is looked at one by one.
  if (have.kind === 'float' && type.kind === 'number') return keep;
  if (have.kind === 'decfloat' && (type.kind === 'number' || type.kind === 'float')) return keep;
  if (branches.some(({ kind }) => kind === have.kind))
    return have.kind === type.kind || comesAsText(have) ? keep : convert(have, type);
  if (have.kind === 'timestamp' && type.kind === 'date') return keep;
  return convert(have, type);
}

/** Types that this target never makes, but fills: from JSON by a cast that keeps what a value says, or refuses it. */
const FILLED = ['ARRAY', 'OBJECT', 'GEOGRAPHY', 'GEOMETRY'];

/** Casts to the other types, such as VECTOR and MAP, round elements or change their kind. @throws {SchemaConflictError} */
function refuseUnfillable(
  { name, type }: TableColumn,
  { branches, type: wanted }: WantedColumn,
  { stream, table }: Pick<PlanOptions, 'stream' | 'table'>,
): void {
  if (type.kind !== 'other' || FILLED.includes(type.sql) || branches.length === 0) return;
  throw new SchemaConflictError({
    message: `stream ${stream}: column ${name} of table ${table} is ${type.sql}, in which values do not arrive as they were sent; rename it (ALTER TABLE ${table} RENAME COLUMN ${quoteIdentifier(name)} TO …), and the next run makes one of type ${renderType(wanted)}, or drop the property with stream_maps`,
  });
}

/** What must happen to a column that the schema lets stay, so that it changes no value that is about to be loaded. */
function forValues(keep: Change, { type }: WantedColumn, changing: ReadonlySet<ChangingType> | undefined): Change {
  const have = keep.type;
  const by = comesAsText(have) ? changingTypesOf(have).filter((one) => changing?.has(one)) : [];
  if (by.length === 0) return keep;
  return by.some((one) => one === have.kind) ? convert(have, type) : { how: 'convert', type: withAllDigits(have) };
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

function newColumn({ name, type, comment, uuid }: WantedColumn): NewColumn {
  const described = comment === undefined ? {} : { comment };
  if (isNtz(type) && !isSdcColumn(name)) return { name, type, ...described, remember: { utc: true } };
  // Without this, a text of 32 characters could later be mistaken for a uuid without dashes.
  const isShort = type.kind === 'text' && type.length === 32;
  return { name, type, ...described, ...(isShort ? { remember: { uuid: uuid === true } } : {}) };
}

const loadNew = ({ name, type, text }: WantedColumn): LoadColumn => ({ name, type, utc: true, text });

function conflictMessage(stream: string, { name, type }: WantedColumn, have: ColumnType): string {
  return (
    `stream ${stream}: column ${name} is ${renderType(have)} and cannot hold ${renderType(type)}, which the schema describes now; ` +
    'set on_type_conflict to convert or text, or rename the column and run again'
  );
}
