import type { ColumnType } from './column-type.js';
import type { WantedType } from './json-schema-type.js';

/** The comment on TIMESTAMP_NTZ columns that this target made, which tells that they hold UTC. */
export const UTC_COMMENT = 'UTC';

/** A column as it is in the warehouse. */
export interface TableColumn {
  name: string;
  type: ColumnType;
  nullable: boolean;
  comment: string | undefined;
}

/** A column as a stream wants it. */
export interface WantedColumn extends WantedType {
  /** The name in upper case. */
  name: string;
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
  /** What the schema promises where the column is a FLOAT, which may lose digits: values that would are refused. */
  exact?: ColumnType;
}
