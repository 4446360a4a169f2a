import { html } from 'hono/html';
import type { SortableTable, SortColumn } from '../../filters/sorting.js';
import { nextSorting, sortingParameters } from '../../filters/sorting.js';
import type { Html, PageContext } from '../page-context.js';

/** A column's heading that sorts the table, and says so where it does. */
export function sortHeading({
  id,
  label,
  href,
  descending,
  kind = '',
}: {
  id: string;
  label: Html | string;
  href: string;
  /** Undefined where the table is not sorted by this column. */
  descending: boolean | undefined;
  kind?: string;
}): Html {
  const direction = descending === undefined ? undefined : descending ? 'descending' : 'ascending';
  return html`<th scope="col" class="${kind}" ${direction === undefined ? '' : html`aria-sort="${direction}"`}>
    <a id="${id}" href="${href}" data-swap
      >${label}${direction === undefined ? '' : html`<span aria-hidden="true"> ${descending === true ? '▼' : '▲'}</span>`}</a
    >
  </th>`;
}

/** A heading's column, what it is called, and its classes: `number` for figures, `wide-only` for what a phone has no room for. */
export type Heading<Table extends SortableTable> = readonly [
  column: SortColumn<Table>,
  label: Html | string,
  kind?: string,
];

/** The head of a table whose headings sort it, as links of the page that it stands on. */
export function sortableHead<Table extends SortableTable>(
  { path, query, sortings }: PageContext,
  table: Table,
  headings: readonly Heading<Table>[],
): Html {
  const current = sortings[table];
  return html`<tr>
    ${headings.map(([column, label, kind]) => {
      const changed = new URLSearchParams(query);
      for (const [name, value] of sortingParameters({ [table]: nextSorting<Table>(current, column) }))
        changed.set(name, value);
      return sortHeading({
        id: `sort-${table}-${column}`,
        label,
        href: `${path}?${changed.toString()}#${table}`,
        descending: current?.column === column ? current.descending : undefined,
        ...(kind !== undefined && { kind }),
      });
    })}
  </tr>`;
}
