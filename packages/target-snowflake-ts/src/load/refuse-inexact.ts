import { RecordError } from '@singer-io-ts/sdk';
import { quoteTable } from '@singer-io-ts/snowflake-session';
import type { LoadColumn } from '../plan/table.js';
import type { SealedStream } from '../spool/sink.js';
import { renderType } from '../plan/column-type.js';
import { changingTypesOf } from '../values/changing-type.js';
import type { ApproximateKind } from '../values/number.js';

/** What to do, by the type that changes a number. */
const ADVICE: Readonly<Record<ApproximateKind, string>> = {
  float: 'set "number_type" to decfloat, which also converts the column, or "on_inexact_number" to round',
  decfloat: 'set "on_type_conflict" to text and convert the column, or "on_inexact_number" to round',
  variant: 'numbers of more than 38 digits must come as texts; or set "on_inexact_number" to round',
};

const CONVERT =
  'let the column be converted (settings "on_type_conflict" convert and "schema_contract" evolve), or send the value as the column holds it';

const isApproximate = (kind: string): kind is ApproximateKind => Object.hasOwn(ADVICE, kind);

/**
 * A value that the schema has room for may still be more than the table's column keeps: a number in a FLOAT, microseconds in a TIME(3). Keys
 * and times are never rounded. What a stream's contract leaves out is judged where it is read.
 */
export function refuseInexact(
  { sealed, columns }: { sealed: Pick<SealedStream, 'plan' | 'inexact'>; columns: ReadonlyMap<string, LoadColumn> },
  policy: 'refuse' | 'round',
): void {
  const { stream, properties, keys, table } = sealed.plan;
  for (const [index, places] of sealed.inexact) {
    const { property, column: wanted } = properties[index] ?? {};
    const column = columns.get(wanted?.name ?? '');
    if (!column || column.contract) continue;
    for (const changing of changingTypesOf(column.type)) {
      const place = places[changing];
      const mayRound = isApproximate(changing) && policy === 'round' && !keys.includes(index);
      if (place === undefined || mayRound) continue;
      const there = `which is ${renderType(column.type)} in table ${quoteTable(table)}`;
      const why = isApproximate(changing)
        ? `the value has more digits than its column gives back, ${there}; ${ADVICE[changing]}`
        : changing.startsWith('seconds')
          ? `the value has more digits of a second than its column keeps, ${there}; ${CONVERT}`
          : `the value would be another one in its column, ${there}; ${CONVERT}`;
      throw new RecordError({
        message: `${place.where}: stream "${stream}", property "${property}": ${why}`,
        stream,
        line: place.line,
        property,
      });
    }
  }
}
