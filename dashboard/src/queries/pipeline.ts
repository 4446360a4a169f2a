import type { Query } from '../warehouse/warehouse.js';
import { count, nullableText, text } from '../warehouse/warehouse.js';
import { instant } from './freshness.js';

/** A table on the way from sevDesk to the dashboard. Instants are milliseconds since 1970. */
export interface PipelineTable {
  readonly stage: string;
  readonly table: string;
  readonly rowCount: number | null;
  readonly newestUpdate: number | null;
  readonly dataAsOf: number | null;
}

export function pipelineQuery(): Query<readonly PipelineTable[]> {
  return {
    statement: {
      sql: `select stage, table_name, row_count, date_part(epoch_second, newest_update) as newest_update, date_part(epoch_second, data_as_of) as data_as_of
from pipeline_health
order by stage_order, table_name`,
      binds: [],
    },
    read: (rows) =>
      rows.map((row) => ({
        stage: text(row, 'STAGE'),
        table: text(row, 'TABLE_NAME'),
        rowCount: nullableText(row, 'ROW_COUNT') === null ? null : count(row, 'ROW_COUNT'),
        newestUpdate: instant(row, 'NEWEST_UPDATE'),
        dataAsOf: instant(row, 'DATA_AS_OF'),
      })),
  };
}
