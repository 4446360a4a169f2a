import type { JsonValue } from '@singer-io-ts/sdk';
import type { ColumnType } from '../plan/column-type.js';
import { FINE, type Verdict } from './verdict.js';

/** Refuses a value of another kind than its column's, which a cast would take for something that it is not. */
export function checkKind(value: JsonValue, { kind }: ColumnType): Verdict {
  switch (kind) {
    case 'boolean':
      return typeof value === 'boolean' ? FINE : not('true or false');
    case 'number':
    case 'float':
    case 'decfloat':
      return typeof value === 'number' || typeof value === 'string' ? FINE : not('a number');
    case 'timestamp':
    case 'date':
    case 'time':
    case 'binary':
      return typeof value === 'string' ? FINE : not('a text');
    default:
      return FINE;
  }
}

const not = (what: string): Verdict => ({
  refuse: `is not ${what}`,
  hint: ', which its schema says it is',
});
