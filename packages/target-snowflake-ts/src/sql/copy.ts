import { MAX_TEXT_LENGTH, renderType, type ColumnType } from '../plan/column-type.js';
import { quoteIdentifier, quoteLiteral, quoteTable, type TableName } from '@singer-io-ts/snowflake-session';
import type { LoadColumn } from '../plan/table.js';

/** Columns of the temporary table that are not of the record. */
export const STAGED = {
  /** The line of input. */
  line: 'N',
  /** When the record was received, in milliseconds. */
  received: 'M',
  extracted: 'X',
  version: 'V',
} as const;

/** A column of the temporary table: positional names, so that no property's name can clash. */
export interface StagedColumn {
  name: string;
  type: ColumnType;
  /** Where the value stands in a staged line, or an expression of COPY's own. */
  from: readonly string[] | { sql: string };
}

/** How the lines of a file are laid out: as this target writes them, around the record, or as a bare record (BATCH files). */
export type LineLayout = 'wrapped' | 'bare';

/** The temporary column of the nth property. */
export const stagedName = (index: number): string => `C${index}`;

/** What deciding how a value is copied depends on. */
export type CopiedColumn = Pick<LoadColumn, 'type' | 'utc' | 'text' | 'exact'>;

const ANY_TEXT: ColumnType = { kind: 'text', length: MAX_TEXT_LENGTH };

/**
 * The type a value is copied as. COPY takes casts and little more, so what needs a function is copied as it came and finished in the
 * statement that reads the temporary table. Numbers of bare records were not checked on reading and stay texts, so that a cast cannot
 * round them unseen.
 */
export function stagedType({ type, utc, text, exact }: CopiedColumn, layout: LineLayout): ColumnType {
  if (type.kind === 'timestamp' && type.zone === 'NTZ' && utc) return { kind: 'timestamp', zone: 'TZ' };
  if (type.kind === 'time' || type.kind === 'binary' || text === 'uuid-without-dashes') return ANY_TEXT;
  if ((exact ?? type).kind === 'number' && layout === 'bare') return ANY_TEXT;
  return exact ?? type;
}

/** The value that goes into the table, from a temporary column. */
export function finalExpression(source: string, { type, utc, text, exact }: CopiedColumn, layout: LineLayout): string {
  if (type.kind === 'timestamp' && type.zone === 'NTZ' && utc)
    return `CONVERT_TIMEZONE('UTC', ${source})::TIMESTAMP_NTZ`;
  if (type.kind === 'time') return `REGEXP_REPLACE(${source}, '([zZ]|[+-]00(:?00)?)$', '')::TIME`;
  if (type.kind === 'binary') return `TO_BINARY(${source}, 'BASE64')`;
  if (text === 'uuid-without-dashes') return `REPLACE(${source}, '-', '')`;
  if ((type.kind === 'number' && layout === 'bare') || exact) return `${source}::${renderType(type)}`;
  // A JSON null on top is a missing value; nulls further down are part of the value.
  if (type.kind === 'variant') return `IFF(IS_NULL_VALUE(${source}), NULL, ${source})`;
  return source;
}

/** A condition that tells rows whose value the table could not hold exactly; undefined where that cannot be. */
export function inexactCondition(
  source: string,
  { type, exact }: CopiedColumn,
  layout: LineLayout,
): string | undefined {
  const number = exact ?? type;
  if (number.kind !== 'number') return undefined;
  const rendered = renderType(number);
  const conditions: string[] = [];
  if (layout === 'bare') {
    const plain = `REGEXP_LIKE(${source}, '-?[0-9]+([.][0-9]{0,${number.scale}}0*)?')`;
    const exponent = `(REGEXP_LIKE(${source}, '.*[eE].*') AND ${source}::FLOAT = ${source}::FLOAT::${rendered}::FLOAT)`;
    conditions.push(`NOT (${plain} OR ${exponent})`);
  }
  if (exact) conditions.push(`${source}::FLOAT::${rendered} <> ${source}::${rendered}`);
  return conditions.length === 0 ? undefined : `(${source} IS NOT NULL AND (${conditions.join(' OR ')}))`;
}

const path = (steps: readonly string[]): string => `$1${steps.map((step) => `[${quoteLiteral(step)}]`).join('')}`;

const valueOf = ({ type, from }: StagedColumn): string => {
  if ('sql' in from) return from.sql;
  return type.kind === 'variant' ? path(from) : `${path(from)}::${renderType(type)}`;
};

export interface CopyOptions {
  table: TableName;
  columns: readonly StagedColumn[];
  /** The stage and folder, with its `@`. */
  location: string;
  files: readonly string[];
  compression: 'gzip' | 'none';
}

/** The most files one COPY may list. */
export const MAX_FILES_PER_COPY = 1000;

/** Copies listed files, all or nothing, into the temporary table. A file that is not there is an error, not zero rows. */
export function copyInto({ table, columns, location, files, compression }: CopyOptions): string {
  return [
    `COPY INTO ${quoteTable(table)} (${columns.map(({ name }) => quoteIdentifier(name)).join(', ')})`,
    `FROM (SELECT ${columns.map(valueOf).join(', ')} FROM ${quoteLiteral(location)})`,
    `FILES = (${files.map(quoteLiteral).join(', ')})`,
    `FILE_FORMAT = (TYPE = JSON COMPRESSION = ${compression.toUpperCase()} ALLOW_DUPLICATE = TRUE)`,
    'ON_ERROR = ABORT_STATEMENT',
  ].join(' ');
}
