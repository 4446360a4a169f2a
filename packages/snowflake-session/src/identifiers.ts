/** Snowflake's longest identifier, in characters. */
export const MAX_IDENTIFIER_LENGTH = 255;

/**
 * Renders a name as a quoted Snowflake identifier. The only place that quotes names: whatever the name holds, the result is one
 * identifier and nothing else.
 *
 * @throws {RangeError} when Snowflake could not hold the name: empty, or longer than 255 characters
 */
export function quoteIdentifier(name: string): string {
  if (name === '') throw new RangeError('an identifier must not be empty');
  if (lengthOf(name) > MAX_IDENTIFIER_LENGTH) {
    throw new RangeError(`the name ${name.slice(0, 40)}… has more than ${MAX_IDENTIFIER_LENGTH} characters`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** How many characters Snowflake counts in a name: code points. */
export const lengthOf = (name: string): number => Array.from(name).length;

/** Renders a text as a Snowflake string literal. Backslashes are escapes in Snowflake's literals, so they are doubled too. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** A table's full address. Names are as stored, unquoted. */
export interface TableName {
  database: string;
  schema: string;
  table: string;
}

/** A schema's full address. */
export type SchemaName = Omit<TableName, 'table'>;

/** `"DATABASE"."SCHEMA"."TABLE"`. */
export function quoteTable({ database, schema, table }: TableName): string {
  return [database, schema, table].map(quoteIdentifier).join('.');
}

/** `"DATABASE"."SCHEMA"`. */
export function quoteSchema({ database, schema }: SchemaName): string {
  return [database, schema].map(quoteIdentifier).join('.');
}
