import { SchemaConflictError } from '@singer-io-ts/sdk';
import { quoteTable } from '@singer-io-ts/snowflake-session';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { EvolutionStep } from './evolution.js';

/**
 * A column is converted by dropping it, which Snowflake refuses for one of the clustering key: at the last step, when the table has changed.
 *
 * @throws {SchemaConflictError} before anything is changed
 */
export function refuseClustered(
  { stream, table }: Pick<StreamPlan, 'stream' | 'table'>,
  steps: readonly EvolutionStep[],
  key: string | undefined,
): void {
  if (key === undefined) return;
  const column = steps
    .flatMap((step) => (step.step === 'convert' || step.step === 'drop' ? [step.column] : []))
    .find((name) => namesIn(key).has(name.toUpperCase()));
  if (column === undefined) return;
  const name = quoteTable(table);
  throw new SchemaConflictError({
    message:
      `stream ${stream}: column ${column} of table ${name} has to be replaced by one of another type, but it is part of the clustering key ${key}, and Snowflake drops no such column; the table is as it was. ` +
      `Drop the key (ALTER TABLE ${name} DROP CLUSTERING KEY), load, then cluster the table again (ALTER TABLE ${name} CLUSTER BY (…))`,
  });
}

/** Every name in a key's expressions, functions' among them: a refusal too many costs a statement, one too few costs a table half changed. */
const namesIn = (key: string): Set<string> =>
  new Set(
    (key.match(/"(?:[^"]|"")+"|[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []).map((name) =>
      name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"').toUpperCase() : name.toUpperCase(),
    ),
  );
