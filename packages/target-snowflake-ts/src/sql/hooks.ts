import { quoteIdentifier, quoteLiteral, quoteTable } from '@singer-io-ts/snowflake-session';
import type { StreamPlan } from '../plan/stream-plan.js';

/** Fills the names into the user's own SQL: `{table}` becomes the quoted full name, and so on. Other braces are left alone. */
export function renderHook(
  sql: string,
  { table, stream }: Pick<StreamPlan, 'table' | 'stream'>,
  runId: string,
): string {
  const names: Record<string, string> = {
    table: quoteTable(table),
    schema: quoteIdentifier(table.schema),
    database: quoteIdentifier(table.database),
    stream: quoteLiteral(stream),
    run_id: quoteLiteral(runId),
  };
  return sql.replace(/\{(table|schema|database|stream|run_id)\}/g, (_whole, name: string) => names[name] ?? '');
}
