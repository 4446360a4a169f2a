import { quoteLiteral } from '@singer-io-ts/snowflake-session';
import { MAX_TEXT_LENGTH, renderType, TEXT, type ColumnType } from '../plan/column-type.js';

/** Columns of the temporary table that are not of the record. */
export const STAGED = {
  /** The line of input. */
  line: 'N',
  /** When the record was received, in milliseconds. */
  received: 'M',
  extracted: 'X',
  version: 'V',
  /** When the row was deleted, for a record that says so. */
  deleted: 'D',
  /** Which properties such a record does not carry: a character for each, `1` for those. */
  missing: 'A',
} as const;

/** The temporary column of the nth property. */
export const stagedName = (index: number): string => `C${index}`;

/** A column of the temporary table: positional names, so that no property's name can clash. */
export interface StagedColumn {
  name: string;
  type: ColumnType;
  /** Where the value is in a staged line. */
  from: readonly string[];
}

/**
 * The value of a column in a staged line, cast to its type. A text keeps its length, since a cast to a shorter VARCHAR cuts it off without
 * an error; the column that it goes to refuses it instead.
 *
 * @param line what holds the line
 */
export function valueAt(line: string, { type, from }: Pick<StagedColumn, 'type' | 'from'>): string {
  const path = `${line}${from.map((step) => `[${quoteLiteral(step)}]`).join('')}`;
  if (type.kind === 'variant') return path;
  return `${path}::${renderType(type.kind === 'text' && type.length < MAX_TEXT_LENGTH ? TEXT : type)}`;
}
