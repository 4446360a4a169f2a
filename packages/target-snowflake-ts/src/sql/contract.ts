import { DECFLOAT_DIGITS, renderType, SECOND_DIGITS, type ColumnType } from '../plan/column-type.js';
import type { LoadColumn } from '../plan/table.js';
import { stagedName } from './staged.js';
import { sourceOf, type StagedRows, type StagedSource } from './staged-rows.js';

// A stream's contract may keep a table as it is. What has no place in it then travels as text, and is judged here.

const DATE = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const HOUR = '([01][0-9]|2[0-3])';
/** Seconds with as many digits as a column keeps; zeros behind them say nothing. */
function second(digits = SECOND_DIGITS): string {
  const zeros = SECOND_DIGITS - digits;
  const fraction = digits === 0 ? `0{1,${zeros}}` : `[0-9]{1,${digits}}${zeros === 0 ? '' : `0{0,${zeros}}`}`;
  return `[0-5][0-9]([.]${fraction})?`;
}
const OFFSET = `(Z|[+-]${HOUR}:[0-5][0-9])?`;
const DECIMAL = '-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]{1,2})?';
/** A decimal of so many characters is far from the ends of FLOAT and DECFLOAT. */
const MODERATE = 60;

/**
 * Whether the text of a value can be a value of the column, with all that it says. Casts alone do not tell: they take `17` for a moment of
 * 1970, drop a time of day or an offset, round, and know NaN.
 */
function fits(source: string, type: ColumnType): string {
  const like = (pattern: string): string => `REGEXP_LIKE(${source}, '${pattern}')`;
  const decimal = `${like(DECIMAL)} AND LENGTH(${source}) <= ${MODERATE}`;
  switch (type.kind) {
    case 'number':
      return like(decimalPattern(type));
    case 'float':
      return `(${decimal} AND (${significantDigits(source)} <= 15 OR TRY_TO_DOUBLE(${source})::VARCHAR = ${source}))`;
    case 'decfloat':
      return `(${decimal} AND ${significantDigits(source)} <= ${DECFLOAT_DIGITS})`;
    case 'boolean':
      return `${source} IN ('true', 'false')`;
    case 'date':
      return `(${like(DATE)} AND TRY_TO_DATE(${source}) IS NOT NULL)`;
    case 'time':
      return like(`${HOUR}:[0-5][0-9](:${second(type.digits)})?`);
    case 'timestamp':
      return `(${like(`${DATE}([T ]${HOUR}:[0-5][0-9]:${second(type.digits)}${OFFSET})?`)} AND TRY_TO_TIMESTAMP_TZ(${source}) IS NOT NULL)`;
    case 'text':
      return `LENGTH(${source}) <= ${type.length}`;
    default:
      return 'FALSE';
  }
}

function decimalPattern({ precision, scale }: ColumnType & { kind: 'number' }): string {
  const whole = precision === scale ? '0' : `(0|[1-9][0-9]{0,${precision - scale - 1}})`;
  return `-?${whole}([.]${scale === 0 ? '0+' : `[0-9]{1,${scale}}0*`})?`;
}

/** How many digits of a decimal's text count. */
const significantDigits = (source: string): string =>
  `LENGTH(LTRIM(REGEXP_REPLACE(${source}, '[eE].*|[^0-9]', ''), '0'))`;

/** The value of a column that keeps its type: NULL where the value is none of that type. */
export function fittingValue(source: string, { type, utc }: Pick<LoadColumn, 'type' | 'utc'>): string {
  const value = attempted(source, type, utc);
  return value === undefined ? `NULL::${renderType(type)}` : `IFF(${fits(source, type)}, ${value}, NULL)`;
}

/** A text as a value of a type that TRY_CAST takes, or that has a function of its own; undefined for types that no text fits. */
function attempted(source: string, type: ColumnType, utc: boolean): string | undefined {
  switch (type.kind) {
    case 'text':
      return source;
    case 'decfloat':
      return `TRY_TO_DECFLOAT(${source})`;
    case 'timestamp': {
      const instant = `TRY_TO_TIMESTAMP_TZ(${source})`;
      return type.zone === 'NTZ' && utc
        ? `CONVERT_TIMEZONE('UTC', ${instant})::TIMESTAMP_NTZ`
        : `${instant}::${renderType(type)}`;
    }
    case 'number':
    case 'float':
    case 'boolean':
    case 'date':
    case 'time':
      return `TRY_CAST(${source} AS ${renderType(type)})`;
    default:
      return undefined;
  }
}

/** Tells values that the table has no place for; undefined for a column without a contract. */
function misfit(index: number, { type, contract }: LoadColumn, { value }: StagedSource): string | undefined {
  if (!contract) return undefined;
  const source = value(stagedName(index));
  const there = `${source} IS NOT NULL`;
  return contract.place === 'no column' ? there : `(${there} AND NOT COALESCE(${fits(source, type)}, FALSE))`;
}

/** Conditions on the rows of the temporary table that are loaded. */
export const keptRows = (columns: readonly LoadColumn[], source: StagedSource): string[] =>
  columns.flatMap((column, index) => {
    const condition = column.contract?.discard === 'row' ? misfit(index, column, source) : undefined;
    return condition === undefined ? [] : [`NOT ${condition}`];
  });

/** Counts what is left out: `ROWS`, and per column `C_n`. Undefined when nothing can be. */
export function countDiscarded({
  staged,
  columns,
}: {
  staged: StagedRows;
  columns: readonly LoadColumn[];
}): string | undefined {
  const source = sourceOf(staged);
  const counts = columns.flatMap((column, index) => {
    const condition = misfit(index, column, source);
    return condition === undefined ? [] : [`COUNT_IF(${condition}) AS "C_${index}"`];
  });
  if (counts.length === 0) return undefined;
  const kept = keptRows(columns, source);
  const rows = kept.length === 0 ? '0' : `COUNT_IF(NOT (${kept.join(' AND ')}))`;
  return `SELECT ${[`${rows} AS "ROWS"`, ...counts].join(', ')} FROM ${source.from}${source.where.map((one) => ` WHERE ${one}`).join('')}`;
}
