import type { IsoDate } from '../filters/calendar.js';
import type { Decimal } from '../format/decimal.js';
import type { Query, Statement } from '../warehouse/warehouse.js';
import { count, nullableText, text } from '../warehouse/warehouse.js';

/** A document that somebody has to look at, with its effect on the revenue as far as it can be told. */
export interface ReviewItem {
  readonly kind: string;
  readonly id: string;
  readonly number: string | null;
  readonly date: IsoDate | null;
  readonly customer: string | null;
  readonly reason: string;
  readonly whatToDo: string | null;
  /** The amount as the document has it, which may be no number. */
  readonly amountAsWritten: string | null;
  readonly currency: string | null;
  readonly estimatedEffect: Decimal | null;
  readonly isCounted: boolean;
}

/** How many documents are not counted until somebody has decided. */
export function notCountedQuery(): Query<number> {
  return {
    statement: {
      sql: "select count(distinct document_kind || ':' || document_id) as documents from invoices_to_review where not is_counted",
      binds: [],
    },
    read: ([row = {}]) => count(row, 'DOCUMENTS'),
  };
}

/** All documents to review, those that are not counted first, then the largest effect first; for the page and for the file to download. */
export function reviewStatement(): Statement {
  return {
    sql: `select document_kind, document_id, document_number, document_date, contact_name, reason, what_to_do, amount_as_written, currency,
  estimated_effect_eur, case when is_counted then 1 else 0 end as is_counted
from invoices_to_review
order by is_counted, abs(estimated_effect_eur) desc nulls last, document_kind, document_id`,
    binds: [],
  };
}

export function reviewQuery(limit: number): Query<readonly ReviewItem[]> {
  const { sql, binds } = reviewStatement();
  return {
    statement: { sql: `${sql}\nlimit ${Math.trunc(limit)}`, binds },
    read: (rows) =>
      rows.map((row) => ({
        kind: text(row, 'DOCUMENT_KIND'),
        id: text(row, 'DOCUMENT_ID'),
        number: nullableText(row, 'DOCUMENT_NUMBER'),
        date: nullableText(row, 'DOCUMENT_DATE'),
        customer: nullableText(row, 'CONTACT_NAME'),
        reason: text(row, 'REASON'),
        whatToDo: nullableText(row, 'WHAT_TO_DO'),
        amountAsWritten: nullableText(row, 'AMOUNT_AS_WRITTEN'),
        currency: nullableText(row, 'CURRENCY'),
        estimatedEffect: nullableText(row, 'ESTIMATED_EFFECT_EUR'),
        isCounted: text(row, 'IS_COUNTED') === '1',
      })),
  };
}
