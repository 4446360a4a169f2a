import type { JsonValue } from '@singer-io-ts/sdk';
import { FINE, type Verdict } from './verdict.js';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Whether a text is a uuid with its dashes. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** What a column of uuids without dashes holds, which the table may have. */
const SHORTEST_COLUMN = 32;

/** Checks a text that its schema calls a uuid. One that is none is kept as it is where it fits. */
export function checkUuid(value: JsonValue): Verdict {
  if (typeof value !== 'string' || value.length <= SHORTEST_COLUMN || isUuid(value)) return FINE;
  return { refuse: 'is no uuid, which its schema says it is' };
}
