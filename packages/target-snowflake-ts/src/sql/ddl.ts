import { renderType, type ColumnType } from '../plan/column-type.js';
import type { TableOptions } from '../plan/table.js';
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
export function createTable(table: TableName, columns: readonly ColumnDefinition[], options: TableOptions): string {
  const { comment, transient, clusterBy, dataRetentionDays } = options;
  const names = new Map(columns.map(({ name }) => [name.toUpperCase(), name]));
  const cluster = clusterBy.map((one) => {
    const name = names.get(one.toUpperCase());
    return name === undefined ? one : quoteIdentifier(name);
  });
  return [
    `CREATE ${transient ? 'TRANSIENT ' : ''}TABLE IF NOT EXISTS ${quoteTable(table)} (${columns.map(define).join(', ')})`,
    cluster.length > 0 ? `CLUSTER BY (${cluster.join(', ')})` : '',
    dataRetentionDays === undefined ? '' : `DATA_RETENTION_TIME_IN_DAYS = ${dataRetentionDays}`,
    comment === undefined ? '' : `COMMENT = ${quoteLiteral(comment)}`,
  ]
    .filter(Boolean)
    .join(' ');
}

export function createTemporaryTable(table: TableName, columns: readonly ColumnDefinition[]): string {
  return `CREATE OR REPLACE TEMPORARY TABLE ${quoteTable(table)} (${columns.map(define).join(', ')})`;
}

/** Each only when it is not there yet, so that two runs that add the same columns do not fail each other. */
export const addColumns = (table: TableName, columns: readonly ColumnDefinition[]): string =>
  `ALTER TABLE ${quoteTable(table)} ADD COLUMN ${columns.map((column) => `IF NOT EXISTS ${define(column)}`).join(', ')}`;

/** A change of a column that Snowflake makes in place. */
export type ColumnChange =
  { step: 'widen'; column: string; type: ColumnType } | { step: 'drop-not-null'; column: string };

/** Changes columns in place, in one statement however many. */
export function alterColumns(table: TableName, changes: readonly ColumnChange[]): string {
  const rendered = changes.map(
    (change) =>
      `COLUMN ${quoteIdentifier(change.column)} ${change.step === 'widen' ? `SET DATA TYPE ${renderType(change.type)}` : 'DROP NOT NULL'}`,
  );
  return `ALTER TABLE ${quoteTable(table)} ALTER ${rendered.join(', ')}`;
}

export const dropColumn = (table: TableName, column: string): string =>
  `ALTER TABLE ${quoteTable(table)} DROP COLUMN ${quoteIdentifier(column)}`;

export const dropTable = (table: TableName): string => `DROP TABLE IF EXISTS ${quoteTable(table)}`;
