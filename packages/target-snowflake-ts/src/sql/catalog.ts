import { quoteIdentifier, quoteLiteral, type SchemaName } from '@singer-io-ts/snowflake-session';

/**
 * Every column of some tables of a schema, with what is known of the table beside it: one statement, however many tables. Whatever bears
 * such a name is found, even if no column of it is.
 */
export function readCatalog({ database, schema }: SchemaName, tables: readonly string[]): string {
  const names = tables.map((name) => quoteLiteral(name)).join(', ');
  // Both views are told the schema and the tables: Snowflake reads the metadata of a whole database where a join alone would narrow it.
  const only = (alias: string): string =>
    `${alias}."TABLE_SCHEMA" = ${quoteLiteral(schema)} AND ${alias}."TABLE_NAME" IN (${names})`;
  const view = (name: string): string =>
    [database, 'INFORMATION_SCHEMA', name].map((part) => quoteIdentifier(part)).join('.');
  return (
    'SELECT t."TABLE_NAME" AS "TABLE", DATE_PART(EPOCH_MILLISECOND, t."CREATED") AS "CREATED", t."ROW_COUNT" AS "ROWS", t."TABLE_TYPE", t."IS_DYNAMIC", t."CLUSTERING_KEY", ' +
    'c."COLUMN_NAME" AS "NAME", c."DATA_TYPE" AS "TYPE", c."CHARACTER_MAXIMUM_LENGTH" AS "LENGTH", c."CHARACTER_OCTET_LENGTH" AS "OCTETS", c."NUMERIC_PRECISION" AS "PRECISION", ' +
    'c."NUMERIC_SCALE" AS "SCALE", c."DATETIME_PRECISION" AS "DIGITS", c."COLLATION_NAME" AS "COLLATION", c."IS_NULLABLE" AS "NULLABLE", c."COLUMN_DEFAULT" AS "DEFAULT", c."IS_IDENTITY" AS "IDENTITY", c."COMMENT" AS "COMMENT" ' +
    `FROM ${view('TABLES')} t LEFT JOIN ${view('COLUMNS')} c ON c."TABLE_NAME" = t."TABLE_NAME" AND ${only('c')} ` +
    `WHERE ${only('t')} ` +
    'ORDER BY t."TABLE_NAME", c."ORDINAL_POSITION"'
  );
}
