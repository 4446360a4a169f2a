import { quoteSchema, type SchemaName, type TableName } from '@singer-io-ts/snowflake-session';

/** The names of tables, by the schema that they are in; each once, in the order given. */
export function tablesBySchema(tables: Iterable<TableName>): Map<SchemaName, string[]> {
  const schemas = new Map<string, { schema: SchemaName; names: Set<string> }>();
  for (const { database, schema, table } of tables) {
    const key = quoteSchema({ database, schema });
    const known = schemas.get(key) ?? { schema: { database, schema }, names: new Set<string>() };
    known.names.add(table);
    schemas.set(key, known);
  }
  return new Map([...schemas.values()].map(({ schema, names }) => [schema, [...names]]));
}

export const isInSchema = (table: TableName, { database, schema }: SchemaName): boolean =>
  table.database === database && table.schema === schema;
