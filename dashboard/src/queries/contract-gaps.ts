import { MARTS } from '../marts.js';
import type { Query } from '../warehouse/warehouse.js';
import { text } from '../warehouse/warehouse.js';

/** A table that the dashboard needs and does not find (`columns` empty), or finds without some columns. */
export interface ContractGap {
  readonly table: string;
  readonly columns: readonly string[];
}

/** What of the dashboard's tables is missing in a schema, as far as the role can see. */
export function contractGapsQuery(schema: string): Query<readonly ContractGap[]> {
  return {
    statement: {
      sql: 'select table_name, column_name from information_schema.columns where upper(table_schema) = upper(?)',
      binds: [schema],
    },
    read: (rows) => {
      const known = new Map<string, Set<string>>();
      for (const row of rows) {
        const table = text(row, 'TABLE_NAME').toUpperCase();
        known.set(table, (known.get(table) ?? new Set()).add(text(row, 'COLUMN_NAME').toUpperCase()));
      }
      return Object.entries(MARTS).flatMap(([table, columns]) => {
        const present = known.get(table);
        const missing = columns.filter((column) => !present?.has(column));
        if (!present) return [{ table, columns: [] }];
        return missing.length > 0 ? [{ table, columns: missing }] : [];
      });
    },
  };
}
