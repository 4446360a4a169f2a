import { createHash } from 'node:crypto';
import { DECFLOAT_DIGITS, renderType, type ColumnType } from '../plan/column-type.js';
import { quoteIdentifier, quoteTable, type TableName } from '@singer-io-ts/snowflake-session';

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
  /** Counts the values that would not survive, before anything is changed; undefined where none can be lost. */
  countLost: string | undefined;
  addFresh: string;
  fill: string;
  /** Takes the new column back, when it could not be filled. */
  dropFresh: string;
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
  /** Whether a TIMESTAMP_NTZ column holds UTC. @default false */
  utc?: boolean;
}

/** Renders the replacement of a column by one of another type. Snowflake changes neither a scale nor a type's family in place. */
export function renderConversion({ table, column, from, to, utc = false }: ConversionOptions): Conversion {
  const { fresh, old } = conversionNames(column);
  const [name, freshName, oldName] = [column, fresh, old].map(quoteIdentifier) as [string, string, string];
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const fillFrom = (source: string) =>
    `UPDATE ${quoteTable(table)} SET ${freshName} = ${convertedValue(source, { from, to, utc })} WHERE ${freshName} IS NULL AND ${source} IS NOT NULL`;
  const lost = from && lostCondition(name, { from, to });
  return {
    countLost: lost === undefined ? undefined : `SELECT COUNT_IF(${lost}) AS "LOST" FROM ${quoteTable(table)}`,
    addFresh: `${alter} ADD COLUMN ${freshName} ${renderType(to)}`,
    fill: fillFrom(name),
    dropFresh: `${alter} DROP COLUMN ${freshName}`,
    setAside: `${alter} RENAME COLUMN ${name} TO ${oldName}`,
    fillRest: fillFrom(oldName),
    putInPlace: `${alter} RENAME COLUMN ${freshName} TO ${name}`,
    dropOld: `${alter} DROP COLUMN ${oldName}`,
  };
}

/** Tells values that the new type would change; undefined where there are none. */
export function lostCondition(source: string, { from, to }: { from: ColumnType; to: ColumnType }): string | undefined {
  // Doubles and decimals that travel through them are only sure to be the same up to 15 digits, or to 2^53.
  const digits = `LENGTH(LTRIM(RTRIM(REPLACE(TO_VARCHAR(ABS(${source})), '.', ''), '0'), '0'))`;
  if (from.kind === 'number' && to.kind === 'float')
    return `${digits} > 15${from.scale === 0 ? ` AND ABS(${source}) > 9007199254740992` : ''}`;
  if (from.kind === 'number' && to.kind === 'decfloat') return `${digits} > ${DECFLOAT_DIGITS}`;
  if (from.kind === 'number' && to.kind === 'number' && from.precision - from.scale > to.precision - to.scale)
    return `ABS(${source}) >= 1${'0'.repeat(to.precision - to.scale)}`;
  if (from.kind === 'float' && (to.kind === 'text' || to.kind === 'decfloat'))
    return `${source}::VARCHAR::FLOAT <> ${source}`;
  // VARIANT has no decimals of that kind: what is beyond its own is a double there.
  if (from.kind === 'decfloat' && to.kind === 'variant')
    return `${source} IS NOT NULL AND COALESCE(TRY_PARSE_JSON(${source}::VARCHAR)::VARCHAR::DECFLOAT <> ${source}, TRUE)`;
  return undefined;
}

/** The value of a column as one of another type. @param change `utc`: whether a TIMESTAMP_NTZ column holds UTC */
export function convertedValue(
  source: string,
  { from, to, utc }: { from: ColumnType | undefined; to: ColumnType; utc: boolean },
): string {
  if (to.kind === 'text' || to.kind === 'variant') {
    // Records bring these as texts, so the old values become texts of the same forms.
    const text = from && textOf(source, from, utc);
    if (text !== undefined) return to.kind === 'variant' ? `TO_VARIANT(${text})` : text;
  }
  if (to.kind === 'variant')
    return from?.kind === 'decfloat' ? `PARSE_JSON(${source}::VARCHAR)` : `TO_VARIANT(${source})`;
  // What a FLOAT shows is the number that is meant; its bits are another one.
  if (to.kind === 'decfloat' && from?.kind === 'float') return `${source}::VARCHAR::DECFLOAT`;
  return `${source}::${renderType(to)}`;
}

/**
 * The text of a value that a record brings as text; undefined for other kinds. Formats are given: a cast takes the session's, which have no
 * fractions of a second in a TIME and three digits in a TIMESTAMP.
 */
function textOf(source: string, type: ColumnType, utc: boolean): string | undefined {
  switch (type.kind) {
    case 'timestamp': {
      // Instants say their offset, so that nothing is left to guess.
      const offset = type.zone === 'NTZ' ? (utc ? '"Z"' : '') : 'TZH:TZM';
      return `TO_VARCHAR(${source}, 'YYYY-MM-DD"T"HH24:MI:SS.FF9${offset}')`;
    }
    case 'time':
      return `TO_VARCHAR(${source}, 'HH24:MI:SS.FF9')`;
    case 'date':
      return `TO_VARCHAR(${source}, 'YYYY-MM-DD')`;
    case 'binary':
      return `BASE64_ENCODE(${source})`;
    default:
      return undefined;
  }
}
