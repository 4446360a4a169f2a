import { createHash } from 'node:crypto';
import { renderType, type ColumnType } from '../plan/column-type.js';
import { quoteIdentifier, quoteLiteral, quoteTable, type TableName } from '@singer-io-ts/snowflake-session';

/**
 * The names of the columns that a conversion of `column` uses while it is under way: the one that is filled, and the one that it
 * replaces. Hashed, so that they fit however long the name is.
 */
export function conversionNames(column: string): { fresh: string; old: string } {
  const hash = createHash('sha256').update(column.toUpperCase()).digest('hex').slice(0, 12).toUpperCase();
  return { fresh: `_SDC_NEW_${hash}`, old: `_SDC_OLD_${hash}` };
}

/** A conversion as statements in order. Each leaves a table that tells how far it got. */
export interface Conversion {
  addFresh: string;
  fill: string;
  /** Counts the values that did not survive; undefined where none can be lost. */
  countLost: string | undefined;
  setAside: string;
  /** What another run wrote between filling and setting aside. */
  fillRest: string;
  putInPlace: string;
  dropOld: string;
}

export interface ConversionOptions {
  table: TableName;
  column: string;
  from: ColumnType | undefined;
  to: ColumnType;
  comment?: string;
}

/** Renders the replacement of a column by one of another type. Snowflake changes neither a scale nor a type's family in place. */
export function renderConversion({ table, column, from, to, comment }: ConversionOptions): Conversion {
  const { fresh, old } = conversionNames(column);
  const [name, freshName, oldName] = [column, fresh, old].map(quoteIdentifier) as [string, string, string];
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const fillFrom = (source: string) =>
    `UPDATE ${quoteTable(table)} SET ${freshName} = ${castExpression(source, from, to)} WHERE ${freshName} IS NULL AND ${source} IS NOT NULL`;
  return {
    addFresh: `${alter} ADD COLUMN ${freshName} ${renderType(to)}${comment === undefined ? '' : ` COMMENT ${quoteLiteral(comment)}`}`,
    fill: fillFrom(name),
    countLost:
      to.kind === 'float' && from?.kind === 'number'
        ? `SELECT COUNT(*) AS "LOST" FROM ${quoteTable(table)} WHERE ${name} IS NOT NULL AND ${freshName}::${renderType(from)} <> ${name}`
        : undefined,
    setAside: `${alter} RENAME COLUMN ${name} TO ${oldName}`,
    fillRest: fillFrom(oldName),
    putInPlace: `${alter} RENAME COLUMN ${freshName} TO ${name}`,
    dropOld: `${alter} DROP COLUMN ${oldName}`,
  };
}

function castExpression(source: string, from: ColumnType | undefined, to: ColumnType): string {
  if (to.kind === 'variant') return `TO_VARIANT(${source})`;
  // Instants become texts that say their offset, so that nothing is left to guess.
  if (to.kind === 'text' && from?.kind === 'timestamp') {
    const format = from.zone === 'NTZ' ? 'YYYY-MM-DD"T"HH24:MI:SS.FF9' : 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM';
    return `TO_VARCHAR(${source}, '${format}')`;
  }
  if (to.kind === 'text' && from?.kind === 'binary') return `BASE64_ENCODE(${source})`;
  return `${source}::${renderType(to)}`;
}
