import { quoteIdentifier, quoteTable } from '@singer-io-ts/snowflake-session';
import { inexactCondition, stagedName } from './copy.js';
import type { LoadPlan } from './rows.js';

/**
 * Counts rows of the temporary table that must not go on, in a row of one column per check: `KEY_n` for a missing key, `EXACT_n` for a
 * number that the column would round. Undefined when there is nothing to check: records are checked on reading, files of BATCH messages
 * and columns that hold less than the schema promises are not.
 */
export function checkRows({
  staged,
  columns,
  keys,
  layout,
}: Pick<LoadPlan, 'staged' | 'columns' | 'keys' | 'layout'>): string | undefined {
  const missing = (layout === 'wrapped' ? [] : keys).map(
    (index) => `COUNT_IF(${quoteIdentifier(stagedName(index))} IS NULL) AS "KEY_${index}"`,
  );
  const inexact = columns.flatMap((column, index) => {
    const condition = inexactCondition(quoteIdentifier(stagedName(index)), column, layout);
    return condition === undefined ? [] : [`COUNT_IF(${condition}) AS "EXACT_${index}"`];
  });
  const checks = [...missing, ...inexact];
  return checks.length === 0 ? undefined : `SELECT ${checks.join(', ')} FROM ${quoteTable(staged)}`;
}

/** Reads the first check that failed. */
export function failedCheck(
  row: Readonly<Record<string, string | null>> | undefined,
): { check: 'key' | 'exact'; index: number; rows: number } | undefined {
  for (const [name, count] of Object.entries(row ?? {})) {
    const match = /^(KEY|EXACT)_(\d+)$/.exec(name);
    if (match && Number(count) > 0)
      return { check: match[1] === 'KEY' ? 'key' : 'exact', index: Number(match[2]), rows: Number(count) };
  }
  return undefined;
}
