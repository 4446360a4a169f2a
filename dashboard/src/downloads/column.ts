/** What a column of a file holds. */
export type ColumnKind =
  | 'text'
  /** Money, or another decimal with two digits. */
  | 'amount'
  | 'count'
  /** A part of a whole, from 0 to 1. */
  | 'share'
  /** A rate of exchange. */
  | 'rate'
  | 'date'
  /** Seconds since 1970. */
  | 'instant';

/** A column of a file to download: its heading, where its values come from and what they are. */
export interface Column {
  readonly heading: string;
  readonly source: string;
  readonly kind: ColumnKind;
  /**
   * What codes are called in the file's language.
   *
   * @default codes stay as they are
   */
  readonly names?: Readonly<Record<string, string>>;
}

/** A row's text in a column, by its name in the file's language; empty where there is none. */
export function textOf(row: Readonly<Record<string, string | null>>, { source, names }: Column): string {
  const value = row[source] ?? '';
  return names !== undefined && Object.hasOwn(names, value) ? (names[value] ?? value) : value;
}
