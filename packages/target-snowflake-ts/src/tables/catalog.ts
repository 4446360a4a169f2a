import { parseType, type ColumnType } from '../plan/column-type.js';
import { quoteTable, type SchemaName, type TableName } from '@singer-io-ts/snowflake-session';
import { readCatalog } from '../sql/catalog.js';
import type { TableColumn } from '../plan/table.js';
import { notLoadable } from './table-kind.js';
import type { Row, Session } from '@singer-io-ts/snowflake-session';

/** A table as it is in the warehouse. */
export interface CatalogTable {
  /** When it was created, in milliseconds of unix time: tells it from an earlier table of its name. */
  created: number;
  rows: number;
  columns: TableColumn[];
  /** Its clustering key as Snowflake shows it, such as `LINEAR(ID)`. */
  clusteringKey: string | undefined;
  /** What it is, if not a table that takes rows; see {@link notLoadable}. */
  notLoadable: string | undefined;
}

/** No look-up takes longer than this. */
const QUICK = { timeoutMs: 300_000 };
/** This many names fit into a statement, however long they are. */
const NAMES_PER_STATEMENT = 1000;

/** Looks up tables of a schema by their names; those that are not there, or that the role may not see, are not in the result. */
export async function lookUpTables(
  session: Session,
  schema: SchemaName,
  names: readonly string[],
): Promise<Map<string, CatalogTable>> {
  const found = new Map<string, CatalogTable>();
  for (let from = 0; from < names.length; from += NAMES_PER_STATEMENT) {
    const rows = await session.run(readCatalog(schema, names.slice(from, from + NAMES_PER_STATEMENT)), QUICK);
    for (const row of rows) {
      const name = row['TABLE'] ?? '';
      const table = found.get(name) ?? tableOf(row);
      if (typeof row['NAME'] === 'string') table.columns.push(columnOf(row));
      found.set(name, table);
    }
  }
  return found;
}

const tableOf = (row: Row): CatalogTable => ({
  created: Number(row['CREATED']),
  rows: Number(row['ROWS'] ?? 0),
  columns: [],
  clusteringKey: row['CLUSTERING_KEY'] ?? undefined,
  notLoadable: notLoadable(row),
});

/**
 * The table's columns with the digits of a second that each keeps: the documentation has `DESCRIBE TABLE` tell them, and leaves open whether
 * INFORMATION_SCHEMA does.
 */
export async function withDigits(
  session: Session,
  table: TableName,
  columns: readonly TableColumn[],
): Promise<TableColumn[]> {
  const rows = await session.run(`DESCRIBE TABLE ${quoteTable(table)}`, QUICK);
  const types = new Map(rows.map((row) => [row['name'], row['type'] ?? '']));
  return columns.map(({ digitsUnknown: _, ...column }) => {
    const { digits } = { digits: undefined, ...parseType(types.get(column.name) ?? '') };
    return digits === undefined ? column : { ...column, type: { ...column.type, digits } as ColumnType };
  });
}

function columnOf(row: Row): TableColumn {
  const type = typeOf(row);
  const isTime = type.kind === 'time' || type.kind === 'timestamp';
  const collation = row['COLLATION'] ?? '';
  return {
    name: row['NAME'] ?? '',
    type,
    nullable: row['NULLABLE'] !== 'NO',
    comment: row['COMMENT'] ?? undefined,
    ...((row['DEFAULT'] ?? '') !== '' || row['IDENTITY'] === 'YES' ? { fillsItself: true } : {}),
    ...(isTime && typeof row['DIGITS'] !== 'string' ? { digitsUnknown: true } : {}),
    ...(BY_CHARACTERS.has(collation.toLowerCase()) ? {} : { collation }),
  };
}

/** Collations by which texts are the same only if their characters are. */
const BY_CHARACTERS: ReadonlySet<string> = new Set(['', 'utf8', 'bin']);

/** INFORMATION_SCHEMA tells the parts of a type in columns of their own. */
function typeOf({ TYPE, LENGTH, OCTETS, PRECISION, SCALE, DIGITS }: Row): ColumnType {
  const name = TYPE ?? '';
  if (name.startsWith('TIME')) return parseType(typeof DIGITS === 'string' ? `${name}(${DIGITS})` : name);
  if (name === 'NUMBER') return parseType(`NUMBER(${PRECISION ?? 38},${SCALE ?? 0})`);
  if (name === 'BINARY') return parseType(`BINARY(${OCTETS ?? LENGTH ?? ''})`.replace('()', ''));
  if (name === 'TEXT') return parseType(`VARCHAR(${LENGTH ?? ''})`.replace('()', ''));
  return parseType(name);
}
