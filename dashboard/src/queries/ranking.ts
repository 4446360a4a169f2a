import type { Decimal } from '../format/decimal.js';
import type { Query, Row, Statement } from '../warehouse/warehouse.js';
import { count, nullableText, text } from '../warehouse/warehouse.js';
import type { SortColumn, Sorting } from '../filters/sorting.js';
import type { Scope } from './scope.js';
import { documents } from './scope.js';

/** A place with its revenue in euro; equal totals share a rank. */
export interface RankedPlace {
  readonly rank: number;
  readonly countryCode: string;
  readonly countryName: string;
  /** Undefined where whole countries are ranked. */
  readonly city?: string;
  readonly total: Decimal;
  readonly invoiced: Decimal;
  readonly credited: Decimal;
  readonly net: Decimal;
  readonly open: Decimal;
  readonly invoiceCount: number;
  /** Part of the total in scope, from 0 to 1; null when that total is 0. */
  readonly share: Decimal | null;
  /** How many places there are in all, beyond those that were asked for. */
  readonly placeCount: number;
}

/** Countries by revenue, the largest first. */
export function countryRankingQuery(scope: Scope): Query<readonly RankedPlace[]> {
  return { statement: countryRankingStatement(scope), read: (rows) => rows.map(readPlace) };
}

/** Cities by revenue, the largest first, or as `sorting` has it; a city's name counts once per country. */
export function cityRankingQuery(
  scope: Scope,
  { limit, sorting }: { limit: number; sorting?: Sorting<SortColumn<'cities'>> | undefined },
): Query<readonly RankedPlace[]> {
  const { sql, binds } = cityRankingStatement(scope, sorting);
  return {
    statement: { sql: `${sql}\nlimit ${Math.trunc(limit)}`, binds },
    read: (rows) => rows.map((row) => ({ ...readPlace(row), city: text(row, 'CITY') })),
  };
}

export function countryRankingStatement(scope: Scope): Statement {
  return rankingStatement(scope, ['country_code']);
}

export function cityRankingStatement(scope: Scope, sorting?: Sorting<SortColumn<'cities'>>): Statement {
  return rankingStatement(scope, ['country_code', 'city'], sorting);
}

const SORT_KEYS = { rank: 'place_rank', name: 'city', total: 'total', share: 'total', invoices: 'invoice_count' };

function rankingStatement(scope: Scope, grain: readonly string[], sorting?: Sorting<SortColumn<'cities'>>): Statement {
  const order = sorting ? `${SORT_KEYS[sorting.column]} ${sorting.descending ? 'desc' : 'asc'}, ` : '';
  const { sql, binds } = documents(scope);
  return {
    sql: `${sql}, places as (
  select ${grain.join(', ')}, max(country_name) as country_name,
    sum(invoiced - credited) as total, sum(invoiced) as invoiced, sum(credited) as credited,
    sum(net) as net, sum(gross) as gross, sum(open_amount) as open_amount, count(case when counts_as_invoice then 1 end) as invoice_count
  from documents
  group by ${grain.join(', ')}
)
select places.*,
  rank() over (order by total desc) as place_rank,
  round(total / nullif(sum(total) over (), 0), 6) as share,
  count(*) over () as place_count
from places
order by ${order}place_rank, ${grain.join(', ')}`,
    binds,
  };
}

function readPlace(row: Row): RankedPlace {
  return {
    rank: count(row, 'PLACE_RANK'),
    countryCode: text(row, 'COUNTRY_CODE'),
    countryName: nullableText(row, 'COUNTRY_NAME') ?? text(row, 'COUNTRY_CODE'),
    total: text(row, 'TOTAL'),
    invoiced: text(row, 'INVOICED'),
    credited: text(row, 'CREDITED'),
    net: text(row, 'NET'),
    open: text(row, 'OPEN_AMOUNT'),
    invoiceCount: count(row, 'INVOICE_COUNT'),
    share: nullableText(row, 'SHARE'),
    placeCount: count(row, 'PLACE_COUNT'),
  };
}
