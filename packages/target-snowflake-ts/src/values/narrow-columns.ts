import { sameType, type ColumnType } from '../plan/column-type.js';
import type { WantedType } from '../plan/json-schema-type.js';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { LoadColumn, PropertyPlan } from '../plan/table.js';
import { alternativesOf, changingTypesOf, type ChangingType } from './changing-type.js';
import { undoubtedDigits, type InexactPolicy } from './number.js';

/** A column of a table that does not hold every value which its property's schema allows. */
export interface NarrowColumn {
  type: ColumnType;
  /** Whether uuids are stored without their dashes. */
  dashless: boolean;
  /** What becomes of a record with a value that the column does not hold, by the stream's contract. */
  misfit: 'refuse' | 'value' | 'row';
  /**
   * What reading must have noted of the values before one of them can be such a value: a type that would change it, or that a record was
   * longer than the column. Undefined: any value can.
   */
  only: readonly Suspicion[] | undefined;
}

export type Suspicion = ChangingType | 'long record';

/** By the property's position. */
export type NarrowColumns = ReadonlyMap<number, NarrowColumn>;

export interface NarrowColumnsOptions {
  plan: Pick<StreamPlan, 'properties' | 'keys' | 'contract'>;
  /** The table's columns by wanted name. */
  columns: ReadonlyMap<string, LoadColumn>;
  onInexactNumber: InexactPolicy;
  /** Whether the schema's validator checks the records. */
  validated: boolean;
}

/**
 * Finds the columns that are narrower than the schema. Columns whose type the contract keeps are not among them: their values travel as
 * texts and are judged where they are read.
 */
export function narrowColumns({ plan, columns, onInexactNumber, validated }: NarrowColumnsOptions): NarrowColumns {
  const narrow = new Map<number, NarrowColumn>();
  for (const [index, property] of plan.properties.entries()) {
    const wanted = property.column;
    const have = columns.get(wanted.name);
    if (!have || have.contract || (validated && isAlwaysNull(property))) continue;
    const isKey = plan.keys.includes(index);
    const refused = refusedBy(have.type, wanted, isKey ? 'refuse' : onInexactNumber);
    if (refused?.length === 0) continue;
    const { changed_types: mode } = plan.contract;
    narrow.set(index, {
      type: have.type,
      dashless: have.text === 'uuid-without-dashes',
      misfit:
        isKey || sameType(have.type, wanted.type) || mode === 'evolve' || mode === 'freeze'
          ? 'refuse'
          : mode === 'discard_value'
            ? 'value'
            : 'row',
      only: refused,
    });
  }
  return narrow;
}

/** A validator lets no value pass where the schema has no type but null. */
const isAlwaysNull = ({ property, column, loose }: PropertyPlan): boolean =>
  column.branches.length === 0 && loose !== true && property !== '__proto__';

/** What must have been noted of a value that a column refuses; none: it refuses nothing; undefined: it may refuse anything. */
function refusedBy(
  have: ColumnType,
  { type: wanted, branches }: WantedType,
  policy: InexactPolicy,
): readonly Suspicion[] | undefined {
  switch (have.kind) {
    case 'variant':
      return isNumeric(wanted) && policy === 'refuse' ? ['variant'] : [];
    case 'text':
      if (wanted.kind === 'text') return wanted.length <= have.length ? [] : undefined;
      if (isNumeric(wanted)) return policy === 'refuse' ? ['variant'] : [];
      return ['long record'];
    case 'number':
      return wanted.kind === 'number' ? refusedByNumber(have, wanted) : undefined;
    case 'float':
    case 'decfloat':
      if (!isNumeric(wanted)) return undefined;
      return policy === 'refuse' ? [have.kind] : [];
    case 'binary':
      if (have.length !== undefined) return undefined;
      break;
    case 'date':
    case 'time':
      break;
    case 'timestamp':
      if (wanted.kind === 'date') return [];
      break;
    case 'other':
      // Only Snowflake can tell what the others hold.
      return have.sql === 'ARRAY' || have.sql === 'OBJECT' ? undefined : [];
    case 'boolean':
      return wanted.kind === 'boolean' ? [] : undefined;
  }
  const changing = changingTypesOf(have);
  if (wanted.kind === have.kind) return changing.filter((one) => one !== have.kind);
  return alternativesOf(wanted, branches).some((kind) => kind === have.kind) ? changing : undefined;
}

type NumberType = ColumnType & { kind: 'number' };

function refusedByNumber(have: NumberType, wanted: NumberType): readonly Suspicion[] | undefined {
  if (wanted.scale > have.scale) return undefined;
  const whole = have.precision - have.scale;
  if (wanted.precision - wanted.scale <= whole) return [];
  return undoubtedDigits(wanted.scale) <= whole ? ['number'] : undefined;
}

const isNumeric = ({ kind }: ColumnType): boolean => kind === 'number' || kind === 'float' || kind === 'decfloat';
