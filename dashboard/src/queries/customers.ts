import type { Decimal } from '../format/decimal.js';
import type { Query, Statement } from '../warehouse/warehouse.js';
import { count, nullableText, text } from '../warehouse/warehouse.js';
import type { SortColumn, Sorting } from '../filters/sorting.js';
import type { Scope } from './scope.js';
import { allowed, documents } from './scope.js';

/** A customer with the revenue and the open amount of the documents in scope, in euro; equal totals share a rank. */
export interface RankedCustomer {
  readonly rank: number;
  readonly id: string;
  readonly name: string | null;
  readonly total: Decimal;
  readonly open: Decimal;
  readonly invoiceCount: number;
  /** How many customers match, beyond those that were asked for. */
  readonly customerCount: number;
}

/** Customers by revenue, the largest first, or as `sorting` has it; with `search`, those whose name contains it, at their rank among all. */
export function customersQuery(
  scope: Scope,
  {
    search,
    limit,
    sorting,
  }: { search?: string; limit: number; sorting?: Sorting<SortColumn<'customers'>> | undefined },
): Query<readonly RankedCustomer[]> {
  const { sql, binds } = customersStatement(scope, search, sorting);
  return {
    statement: { sql: `${sql}\nlimit ${Math.trunc(limit)}`, binds },
    read: (rows) =>
      rows.map((row) => ({
        rank: count(row, 'CUSTOMER_RANK'),
        id: text(row, 'CONTACT_ID'),
        name: nullableText(row, 'CONTACT_NAME'),
        total: text(row, 'TOTAL'),
        open: text(row, 'OPEN_AMOUNT'),
        invoiceCount: count(row, 'INVOICE_COUNT'),
        customerCount: count(row, 'CUSTOMER_COUNT'),
      })),
  };
}

const SORT_KEYS = {
  rank: 'customer_rank',
  name: 'contact_name',
  total: 'total',
  open: 'open_amount',
  invoices: 'invoice_count',
};

/** All customers in scope, for the page and for the file to download. */
export function customersStatement(
  scope: Scope,
  search?: string,
  sorting?: Sorting<SortColumn<'customers'>>,
): Statement {
  const order = sorting ? `${SORT_KEYS[sorting.column]} ${sorting.descending ? 'desc' : 'asc'} nulls last, ` : '';
  const { sql, binds } = documents(scope);
  return {
    sql: `${sql}, customers as (
  select contact_id, max(contact_name) as contact_name, sum(invoiced - credited) as total, sum(open_amount) as open_amount,
    count(case when counts_as_invoice then 1 end) as invoice_count
  from documents
  where contact_id is not null
  group by contact_id
), ranked as (
  select customers.*, rank() over (order by total desc) as customer_rank
  from customers
)
select ranked.*, count(*) over () as customer_count
from ranked
where ${search === undefined ? 'true' : 'contains(lower(contact_name), lower(?))'}
order by ${order}customer_rank, contact_id`,
    binds: [...binds, ...(search === undefined ? [] : [search])],
  };
}

/** The name of a customer; null where no document has one. */
export function customerNameQuery(scope: Scope, id: string): Query<string | null> {
  const { sql, binds } = allowed(scope);
  return {
    statement: {
      sql: `select max(contact_name) as contact_name from invoices_summary where contact_id = ? and ${sql}`,
      binds: [id, ...binds],
    },
    read: ([row = {}]) => nullableText(row, 'CONTACT_NAME'),
  };
}
