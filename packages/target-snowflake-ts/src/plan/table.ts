import type { ColumnType } from './column-type.js';
import type { WantedType } from './json-schema-type.js';

/** The comment by which earlier versions told that a TIMESTAMP_NTZ column holds UTC. It is read once, where nothing is remembered of the column. */
export const UTC_COMMENT = 'UTC';

/** A column as it is in the warehouse. */
export interface TableColumn {
  name: string;
  type: ColumnType;
  nullable: boolean;
  comment: string | undefined;
  /** Set where a row that says nothing of the column has a value nevertheless: a default, or the next number. */
  fillsItself?: true;
  /** Set for a time of which the catalog does not say how many digits of a second it keeps. */
  digitsUnknown?: true;
  /** The rules by which its texts are compared, where those are not the texts' characters. */
  collation?: string;
}

/** A column as a stream wants it. */
export interface WantedColumn extends WantedType {
  /** The name in upper case. */
  name: string;
  /** What a new column is given as its comment. */
  comment?: string;
}

/** A property of a stream and the column it goes to. */
export interface PropertyPlan {
  property: string;
  column: WantedColumn;
  /** Set where only an alternative of the schema describes the property, so that a record may have it with a value of another type. */
  loose?: true;
}

/** A column as rows are loaded into it. */
export interface LoadColumn {
  /** The name as stored, which may be in another case than the wanted one. */
  name: string;
  type: ColumnType;
  /** Whether a TIMESTAMP_NTZ holds UTC; otherwise it holds the wall clock of the value. */
  utc: boolean;
  /** How a text is to be treated on its way in. */
  text: WantedType['text'];
  /** What a number of a key is written as in a VARCHAR, so that 1, 1.0 and 1e0 are one key. */
  number?: ColumnType;
  /** What the stream's contract says of values that the table has no place for: no column, or one of another type. */
  contract?: { place: 'no column' | 'another type'; discard: 'value' | 'row' };
}

/** How a table is made, beside its columns. */
export interface TableOptions {
  /** From the schema's description. */
  comment: string | undefined;
  transient: boolean;
  /** Columns by their names, or expressions. */
  clusterBy: readonly string[];
  dataRetentionDays: number | undefined;
}
