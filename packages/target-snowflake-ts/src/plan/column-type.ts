/** The length of a VARCHAR that names none, in characters. */
export const MAX_TEXT_LENGTH = 16_777_216;

/** The length of a BINARY that names none, in bytes. */
export const MAX_BINARY_LENGTH = 8_388_608;

/** Which of Snowflake's three timestamp types. */
export type TimestampZone = 'NTZ' | 'LTZ' | 'TZ';

/** A Snowflake column type, as far as this target makes or meets them. */
export type ColumnType =
  | { kind: 'number'; precision: number; scale: number }
  | { kind: 'float' }
  /** A decimal of up to {@link DECFLOAT_DIGITS} digits, wherever its point is. */
  | { kind: 'decfloat' }
  | { kind: 'boolean' }
  | { kind: 'text'; length: number }
  /** Without a length it holds {@link MAX_BINARY_LENGTH} bytes. */
  | { kind: 'binary'; length?: number }
  | { kind: 'date' }
  /** `digits`: how many of a fraction of a second a column keeps, where those are not all nine. */
  | { kind: 'time'; digits?: number }
  | { kind: 'timestamp'; zone: TimestampZone; digits?: number }
  | { kind: 'variant' }
  /** A type that this target never makes, such as GEOGRAPHY. */
  | { kind: 'other'; sql: string };

/** Digits that every DECFLOAT holds. */
export const DECFLOAT_DIGITS = 36;

/** Digits of a fraction of a second that a column keeps unless its type says less. */
export const SECOND_DIGITS = 9;

export const INTEGER: ColumnType = { kind: 'number', precision: 38, scale: 0 };
export const TEXT: ColumnType = { kind: 'text', length: MAX_TEXT_LENGTH };
export const VARIANT: ColumnType = { kind: 'variant' };

/** The type in SQL, as in `CREATE TABLE`. */
export function renderType(type: ColumnType): string {
  switch (type.kind) {
    case 'number':
      return `NUMBER(${type.precision},${type.scale})`;
    case 'text':
      return type.length === MAX_TEXT_LENGTH ? 'VARCHAR' : `VARCHAR(${type.length})`;
    case 'time':
    case 'timestamp':
      return `${type.kind === 'time' ? 'TIME' : `TIMESTAMP_${type.zone}`}${type.digits === undefined ? '' : `(${type.digits})`}`;
    case 'binary':
      return type.length === undefined ? 'BINARY' : `BINARY(${type.length})`;
    case 'other':
      return type.sql;
    default:
      return type.kind.toUpperCase();
  }
}

/** Reads a type as `DESCRIBE TABLE` writes it: `NUMBER(38,0)`, `VARCHAR(16777216)`, `TIMESTAMP_NTZ(9)`, … */
export function parseType(sql: string): ColumnType {
  const match = /^\s*([A-Z_ ]+?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?\s*$/i.exec(sql);
  const name = match?.[1]?.toUpperCase() ?? '';
  const first = match?.[2] === undefined ? undefined : Number(match[2]);
  switch (name) {
    case 'NUMBER':
    case 'DECIMAL':
    case 'NUMERIC':
      return { kind: 'number', precision: first ?? 38, scale: Number(match?.[3] ?? 0) };
    case 'INT':
    case 'INTEGER':
    case 'BIGINT':
      return INTEGER;
    case 'FLOAT':
    case 'DOUBLE':
    case 'DOUBLE PRECISION':
    case 'REAL':
      return { kind: 'float' };
    case 'DECFLOAT':
      return { kind: 'decfloat' };
    case 'VARCHAR':
    case 'STRING':
    case 'TEXT':
      return { kind: 'text', length: first ?? MAX_TEXT_LENGTH };
    case 'CHAR':
    case 'CHARACTER':
      return { kind: 'text', length: first ?? 1 };
    case 'BOOLEAN':
      return { kind: 'boolean' };
    case 'BINARY':
    case 'VARBINARY':
      return first === undefined || first >= MAX_BINARY_LENGTH ? { kind: 'binary' } : { kind: 'binary', length: first };
    case 'DATE':
      return { kind: 'date' };
    case 'TIME':
      return { kind: 'time', ...digitsOf(first) };
    case 'DATETIME':
    case 'TIMESTAMP_NTZ':
      return { kind: 'timestamp', zone: 'NTZ', ...digitsOf(first) };
    case 'TIMESTAMP_LTZ':
      return { kind: 'timestamp', zone: 'LTZ', ...digitsOf(first) };
    case 'TIMESTAMP_TZ':
      return { kind: 'timestamp', zone: 'TZ', ...digitsOf(first) };
    case 'VARIANT':
      return VARIANT;
    default:
      return { kind: 'other', sql };
  }
}

const digitsOf = (written: number | undefined): { digits?: number } =>
  written === undefined || written >= SECOND_DIGITS ? {} : { digits: written };

/** The type with all digits of a second. */
export function withAllDigits(type: ColumnType): ColumnType {
  if (type.kind === 'time') return { kind: 'time' };
  return type.kind === 'timestamp' ? { kind: 'timestamp', zone: type.zone } : type;
}

/** Whether two types are the same type. */
export function sameType(a: ColumnType, b: ColumnType): boolean {
  return renderType(a) === renderType(b);
}
