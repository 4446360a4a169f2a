import { quoteIdentifier, quoteTable, type TableName } from '@singer-io-ts/snowflake-session';
import { SDC } from '../plan/sdc-columns.js';
import { finalName, renderWinners, type LoadPlan } from './rows.js';

/** An empty table like another one, for the rows that are to stay. It belongs to the session. */
export const createAside = (aside: TableName, table: TableName): string =>
  `CREATE OR REPLACE TEMPORARY TABLE ${quoteTable(aside)} LIKE ${quoteTable(table)}`;

/**
 * Leaves one row of each key of a load that is in the table more than once: the one of the highest version, the newest replication key,
 * received last. To be run in the transaction of the load, after its MERGE.
 */
export function removeDuplicates(
  plan: LoadPlan,
  aside: TableName,
): readonly [keep: string, remove: string, put: string] {
  const keys = plan.keys.map((index) => ({
    column: quoteIdentifier(plan.columns[index]?.name ?? ''),
    value: quoteIdentifier(finalName(index)),
  }));
  const partition = `PARTITION BY ${keys.map(({ column }) => `t.${column}`).join(', ')}`;
  const by = (name: string | undefined): string[] =>
    name === undefined ? [] : [`t.${quoteIdentifier(name)} DESC NULLS LAST`];
  const order = [
    ...by(plan.metadata?.get(SDC.tableVersion)?.name),
    ...by(plan.replicationKey && plan.columns[plan.replicationKey.index]?.name),
    ...by(plan.metadata?.get(SDC.sequence)?.name),
    '1',
  ].join(', ');
  const staged = renderWinners(plan, new Set(plan.keys.concat(plan.replicationKey?.index ?? [])));
  const sameKey = keys.map(({ column, value }) => `t.${column} = s.${value}`).join(' AND ');
  const all = keys.map(({ column }) => column).join(', ');
  return [
    `INSERT INTO ${quoteTable(aside)} SELECT t.* FROM ${quoteTable(plan.table)} t JOIN (${staged}) s ON ${sameKey} ` +
      `QUALIFY COUNT(*) OVER (${partition}) > 1 AND ROW_NUMBER() OVER (${partition} ORDER BY ${order}) = 1`,
    `DELETE FROM ${quoteTable(plan.table)} WHERE (${all}) IN (SELECT ${all} FROM ${quoteTable(aside)})`,
    `INSERT INTO ${quoteTable(plan.table)} SELECT * FROM ${quoteTable(aside)}`,
  ];
}
