import { MAX_TEXT_LENGTH, renderType, withAllDigits, type ColumnType } from '../plan/column-type.js';
import { quoteIdentifier, quoteLiteral, quoteTable, type TableName } from '@singer-io-ts/snowflake-session';
import type { LoadColumn } from '../plan/table.js';
import { fittingValue } from './contract.js';
import { valueAt, type StagedColumn } from './staged.js';

/** What deciding how a value is copied depends on. */
export type CopiedColumn = Pick<LoadColumn, 'type' | 'utc' | 'text' | 'number' | 'contract'>;

/** What loses its dashes; a text of another form stays as it is. */
const UUID = '[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}';

const ANY_TEXT: ColumnType = { kind: 'text', length: MAX_TEXT_LENGTH };

/**
 * The type a value is copied as. COPY takes casts and little more, so what needs a function is copied as it came and finished in the
 * statement that reads the temporary table.
 */
export function stagedType({ type, utc, text, contract }: CopiedColumn): ColumnType {
  if (contract) return ANY_TEXT;
  if (type.kind === 'timestamp' && type.zone === 'NTZ' && utc) return { kind: 'timestamp', zone: 'TZ' };
  return type.kind === 'binary' || type.kind === 'decfloat' || text === 'uuid-without-dashes'
    ? ANY_TEXT
    : withAllDigits(type);
}

/** The value that goes into the table, from a temporary column. */
export function finalExpression(source: string, { type, utc, text, number, contract }: CopiedColumn): string {
  if (contract) return fittingValue(source, { type, utc });
  if (number) return `${source}::${renderType(number)}::VARCHAR`;
  if (type.kind === 'timestamp' && type.zone === 'NTZ' && utc)
    return `CONVERT_TIMEZONE('UTC', ${source})::TIMESTAMP_NTZ`;
  if (type.kind === 'binary') return `TO_BINARY(${source}, 'BASE64')`;
  if (type.kind === 'decfloat') return `${source}::DECFLOAT`;
  if (text === 'uuid-without-dashes')
    return `IFF(REGEXP_LIKE(${source}, '${UUID}'), REPLACE(${source}, '-', ''), ${source})`;
  // A JSON null on top is a missing value; nulls further down are part of the value.
  if (type.kind === 'variant') return `IFF(IS_NULL_VALUE(${source}), NULL, ${source})`;
  return source;
}

export interface CopyOptions {
  table: TableName;
  columns: readonly StagedColumn[];
  /** The stage and folder, with its `@`. */
  location: string;
  files: readonly string[];
  compression: 'GZIP' | 'ZSTD';
}

/** The most files one COPY may list. */
export const MAX_FILES_PER_COPY = 1000;

/** Copies listed files, all or nothing, into the temporary table. A file that is not there is an error, not zero rows. */
export function copyInto({ table, columns, location, files, compression }: CopyOptions): string {
  return [
    `COPY INTO ${quoteTable(table)} (${columns.map(({ name }) => quoteIdentifier(name)).join(', ')})`,
    `FROM (SELECT ${columns.map((column) => valueAt('$1', column)).join(', ')} FROM ${quoteLiteral(location)})`,
    `FILES = (${files.map(quoteLiteral).join(', ')})`,
    `FILE_FORMAT = (TYPE = JSON COMPRESSION = ${compression} ALLOW_DUPLICATE = TRUE)`,
    'ON_ERROR = ABORT_STATEMENT',
  ].join(' ');
}
