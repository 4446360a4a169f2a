import { RecordError } from '@singer-io-ts/sdk';
import { quoteTable } from '@singer-io-ts/snowflake-session';
import type { LoadColumn } from '../plan/table.js';
import type { SealedStream } from '../spool/sink.js';
import type { ApproximateKind } from '../values/number.js';

/** What to do, by the type that changes a number. */
const ADVICE: Readonly<Record<ApproximateKind, string>> = {
  float: 'set "number_type" to decfloat, which also converts the column, or "on_inexact_number" to round',
  decfloat: 'set "on_type_conflict" to text and convert the column, or "on_inexact_number" to round',
  variant: 'numbers of more than 38 digits must come as texts; or set "on_inexact_number" to round',
};

const isApproximate = (kind: string | undefined): kind is ApproximateKind =>
  kind !== undefined && Object.hasOwn(ADVICE, kind);

/** A number that the schema has room for may still be too long for the FLOAT or DECFLOAT that the table has. Keys are never rounded. */
export function refuseInexact(
  { sealed, columns }: { sealed: Pick<SealedStream, 'plan' | 'inexact'>; columns: ReadonlyMap<string, LoadColumn> },
  policy: 'refuse' | 'round',
): void {
  const { stream, properties, keys, table } = sealed.plan;
  for (const [index, places] of sealed.inexact) {
    const { property, column } = properties[index] ?? {};
    const kind = columns.get(column?.name ?? '')?.type.kind;
    // A number travels through a VARIANT to a VARCHAR.
    const approximate = kind === 'text' ? 'variant' : kind;
    if (!isApproximate(approximate)) continue;
    const place = places[approximate];
    if (place === undefined || (policy === 'round' && !keys.includes(index))) continue;
    throw new RecordError({
      message:
        `${place.where}: stream "${stream}", property "${property}": the value has more digits than its column gives back, which is ${kind === 'text' ? 'VARCHAR' : approximate.toUpperCase()} in table ${quoteTable(table)}; ` +
        ADVICE[approximate],
      stream,
      line: place.line,
      property,
    });
  }
}
