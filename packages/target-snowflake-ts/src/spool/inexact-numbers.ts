import type { RecordPlace } from '../values/column-check.js';
import type { ChangingType } from '../values/changing-type.js';
import type { InexactLine } from '../values/record-check.js';

/** The first place of a property in which a value stood that a column of a type would change, by the property's position. */
export type InexactNumbers = Map<number, Partial<Record<ChangingType, RecordPlace>>>;

/** Adds what was found in one record; what was found before it stays. */
export function addInexact(known: InexactNumbers, found: ReadonlyMap<number, InexactLine>, place: RecordPlace): void {
  for (const [index, kinds] of found) {
    const places = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, place]));
    known.set(index, { ...places, ...known.get(index) });
  }
}
