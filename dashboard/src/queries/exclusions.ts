import type { Decimal } from '../format/decimal.js';
import type { Query } from '../warehouse/warehouse.js';
import { count, nullableText, text } from '../warehouse/warehouse.js';

/** Documents that are in sevDesk and not in the revenue, by reason. */
export interface Exclusion {
  readonly documentKind: string;
  readonly reason: string;
  readonly explanation: string | null;
  readonly documentCount: number;
  /** Null where no rate was found for any of them. */
  readonly total: Decimal | null;
}

export function exclusionsQuery(): Query<readonly Exclusion[]> {
  return {
    statement: {
      sql: `select document_kind, exclusion_reason, min(explanation) as explanation, count(document_id) as document_count, sum(total_amount_eur) as total
from invoices_excluded
group by document_kind, exclusion_reason
order by document_kind desc, document_count desc, exclusion_reason`,
      binds: [],
    },
    read: (rows) =>
      rows.map((row) => ({
        documentKind: text(row, 'DOCUMENT_KIND'),
        reason: text(row, 'EXCLUSION_REASON'),
        explanation: nullableText(row, 'EXPLANATION'),
        documentCount: count(row, 'DOCUMENT_COUNT'),
        total: nullableText(row, 'TOTAL'),
      })),
  };
}
