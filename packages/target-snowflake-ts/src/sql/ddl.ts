import { renderType, type ColumnType } from '../plan/column-type.js';
import {
  quoteIdentifier,
  quoteLiteral,
  quoteSchema,
  quoteTable,
  type SchemaName,
  type TableName,
} from '@singer-io-ts/snowflake-session';

export interface ColumnDefinition {
  name: string;
  type: ColumnType;
  comment?: string;
}

const define = ({ name, type, comment }: ColumnDefinition): string =>
  `${quoteIdentifier(name)} ${renderType(type)}${comment === undefined ? '' : ` COMMENT ${quoteLiteral(comment)}`}`;

export const createSchema = (schema: SchemaName): string => `CREATE SCHEMA IF NOT EXISTS ${quoteSchema(schema)}`;

/** No PRIMARY KEY: Snowflake does not enforce it, but it would forbid nulls in columns that stop being part of the key. */
export function createTable(table: TableName, columns: readonly ColumnDefinition[]): string {
  return `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (${columns.map(define).join(', ')})`;
}

export function createTemporaryTable(table: TableName, columns: readonly ColumnDefinition[]): string {
  return `CREATE OR REPLACE TEMPORARY TABLE ${quoteTable(table)} (${columns.map(define).join(', ')})`;
}

/** Only when it is not there yet, so that two runs that add the same column do not fail each other. */
export const addColumn = (table: TableName, column: ColumnDefinition): string =>
  `ALTER TABLE ${quoteTable(table)} ADD COLUMN IF NOT EXISTS ${define(column)}`;

export const widenColumn = (table: TableName, column: string, type: ColumnType): string =>
  `ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${quoteIdentifier(column)} SET DATA TYPE ${renderType(type)}`;

export const dropNotNull = (table: TableName, column: string): string =>
  `ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${quoteIdentifier(column)} DROP NOT NULL`;

export const dropColumn = (table: TableName, column: string): string =>
  `ALTER TABLE ${quoteTable(table)} DROP COLUMN ${quoteIdentifier(column)}`;

export const dropTable = (table: TableName): string => `DROP TABLE IF EXISTS ${quoteTable(table)}`;

export const describeTable = (table: TableName): string => `DESCRIBE TABLE ${quoteTable(table)}`;
