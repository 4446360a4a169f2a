import type { Query, Row } from '../warehouse/warehouse.js';
import { nullableText } from '../warehouse/warehouse.js';

/** How old the figures are. Instants are milliseconds since 1970. */
export interface Freshness {
  /** All changes in sevDesk up to this instant are in the figures; null when the loader keeps no ledger. */
  readonly dataAsOf: number | null;
  /** When the tables were built; null when there are no figures. It says nothing of the data's age. */
  readonly refreshedAt: number | null;
}

export function freshnessQuery(): Query<Freshness> {
  return {
    statement: {
      sql: `select date_part(epoch_second, min(data_as_of)) as data_as_of, date_part(epoch_second, min(refreshed_at)) as refreshed_at
from invoices_amount_by_country`,
      binds: [],
    },
    read: ([row = {}]) => ({ dataAsOf: instant(row, 'DATA_AS_OF'), refreshedAt: instant(row, 'REFRESHED_AT') }),
  };
}

/** An instant that the warehouse gave as seconds since 1970, in milliseconds. */
export function instant(row: Row, column: string): number | null {
  const seconds = nullableText(row, column);
  return seconds === null ? null : Math.floor(Number(seconds)) * 1000;
}
