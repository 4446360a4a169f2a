import type { Row } from '@singer-io-ts/snowflake-session';

/**
 * What can bear a table's name without taking rows, by `TABLE_TYPE`. Iceberg, hybrid, transient and temporary tables are not among them:
 * they take INSERT, MERGE, UPDATE and DELETE. A type that is not known here is left for Snowflake to judge.
 */
const WITHOUT_ROWS_OF_ITS_OWN = new Map([
  ['VIEW', 'a view'],
  ['MATERIALIZED VIEW', 'a materialized view'],
  ['EXTERNAL TABLE', 'an external table'],
  ['EVENT TABLE', 'an event table'],
  ['INTERACTIVE TABLE', 'an interactive table'],
]);

/** What is in place of a table and takes no rows, such as `a view`; undefined for a table that does. */
export function notLoadable({ TABLE_TYPE, IS_DYNAMIC }: Row): string | undefined {
  if (IS_DYNAMIC === 'YES') return 'a dynamic table';
  return WITHOUT_ROWS_OF_ITS_OWN.get(TABLE_TYPE ?? '');
}
