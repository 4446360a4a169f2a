/** Columns of the temporary table that are not of the record. */
export const STAGED = {
  /** The line of input. */
  line: 'N',
  /** When the record was received, in milliseconds. */
  received: 'M',
  extracted: 'X',
  version: 'V',
  /** When the row was deleted, for a record that says so. */
  deleted: 'D',
  /** Which properties such a record does not carry: a character for each, `1` for those. */
  missing: 'A',
} as const;

/** The temporary column of the nth property. */
export const stagedName = (index: number): string => `C${index}`;
