/** How often an exact number met the native serialiser, which cannot write it; see `stringifyJson`. */
let nativeEncounters = 0;

/** The number of times `toJSON` of any exact number was called. */
export function exactNumbersSeen(): number {
  return nativeEncounters;
}

/**
 * A JSON number with all its digits, used where a double would lose some: integers past 2^53,
 * decimals of more than 15 digits, exponents out of range. Immutable.
 */
export class ExactNumber {
  readonly isExactNumber = true;

  /** @param text the number as it stood in the JSON text */
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }

  /** The nearest double, for comparisons that allow it. */
  valueOf(): number {
    return Number(this.text);
  }

  /** Tells `stringifyJson` that native serialisation does not do for this value. */
  toJSON(): number {
    nativeEncounters += 1;
    return Number(this.text);
  }
}

/** Whether a value is an exact number. */
export function isExactNumber(value: unknown): value is ExactNumber {
  return value instanceof ExactNumber;
}
