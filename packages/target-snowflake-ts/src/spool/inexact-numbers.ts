import type { ChangingType } from '../values/changing-type.js';
import type { InexactLine } from '../values/record-check.js';

/** Where a record stands, for people to find it. */
export interface Place {
  /** The line of the input: the record's own, or that of the BATCH message whose file holds it. */
  line: number;
  /** How an error begins that speaks of it, such as `line 7`. */
  where: string;
}

/** The first place of a property in which a value stood that a column of a type would change, by the property's position. */
export type InexactNumbers = Map<number, Partial<Record<ChangingType, Place>>>;

/** Adds what was found in one record; what was found before it stays. */
export function addInexact(known: InexactNumbers, found: ReadonlyMap<number, InexactLine>, place: Place): void {
  for (const [index, kinds] of found) {
    const places = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, place]));
    known.set(index, { ...places, ...known.get(index) });
  }
}
