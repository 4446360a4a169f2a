/** The tables whose headings sort them, with what each can be sorted by; the first is how a table comes. */
export const SORTABLE = {
  trend: ['period', 'total', 'invoices'],
  countries: ['rank', 'name', 'total', 'share', 'invoices'],
  cities: ['rank', 'name', 'total', 'share', 'invoices'],
  customers: ['rank', 'name', 'total', 'open', 'invoices'],
  receivables: ['age', 'open', 'invoices'],
  currencies: ['currency', 'billed', 'total', 'converted'],
  pipeline: ['table', 'rows', 'changed', 'data'],
  review: ['document', 'reason', 'amount', 'effect'],
  exclusions: ['reason', 'kind', 'documents', 'total'],
} as const;

export type SortableTable = keyof typeof SORTABLE;

export type SortColumn<Table extends SortableTable> = (typeof SORTABLE)[Table][number];

/** By which column a table is sorted, and which way. */
export interface Sorting<Column extends string = string> {
  readonly column: Column;
  readonly descending: boolean;
}

export type Sortings = { readonly [Table in SortableTable]?: Sorting<SortColumn<Table>> };

/** Columns of words, dates and ranks begin at their start; amounts and counts with the largest. */
const ASCENDING_FIRST: ReadonlySet<string> = new Set([
  'period',
  'rank',
  'name',
  'age',
  'currency',
  'table',
  'document',
  'reason',
  'kind',
]);

const parameterOf = (table: SortableTable): string => `sort_${table}`;

/** Reads how tables are sorted from the address: `sort_cities=name`, `sort_cities=-total` for the largest first. What means nothing is left out. */
export function parseSortings(query: URLSearchParams): Sortings {
  return Object.fromEntries(
    (Object.keys(SORTABLE) as SortableTable[]).flatMap((table) => {
      const value = query.get(parameterOf(table)) ?? '';
      const column = value.replace(/^-/, '');
      if (!(SORTABLE[table] as readonly string[]).includes(column)) return [];
      return [[table, { column, descending: value.startsWith('-') }]];
    }),
  );
}

/** The parameters of the address that say how tables are sorted. */
export function sortingParameters(sortings: Sortings): (readonly [name: string, value: string])[] {
  return Object.entries(sortings).map(([table, { column, descending }]) => [
    parameterOf(table as SortableTable),
    `${descending ? '-' : ''}${column}`,
  ]);
}

/** How the table is sorted after a click on a heading: as that column reads best, or the other way when it is already. */
export function nextSorting<Table extends SortableTable>(
  current: Sorting | undefined,
  column: SortColumn<Table>,
): Sorting<SortColumn<Table>> {
  const first = !ASCENDING_FIRST.has(column);
  return { column, descending: current?.column === column ? !current.descending : first };
}

/** Rows in the order that was asked for: what has no value comes last, and equal ones stay as they came. */
export function sortRows<Row, Column extends string>(
  rows: readonly Row[],
  sorting: Sorting<Column> | undefined,
  { values, locale }: { values: Readonly<Record<Column, (row: Row) => string | number | null>>; locale: string },
): readonly Row[] {
  if (sorting === undefined) return rows;
  const { compare } = new Intl.Collator(locale, { numeric: true });
  const way = sorting.descending ? -1 : 1;
  const valueOf = values[sorting.column];
  return rows.toSorted((one, other) => {
    const [a, b] = [valueOf(one), valueOf(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return way * (typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b)));
  });
}
