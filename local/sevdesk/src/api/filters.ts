import type { Table } from '../store/table.js';
import { idIn } from '../store/table.js';
import { ENDPOINTS } from '../store/endpoints.js';

/** Whether the bounds of the time filters belong to the range; the service does not say, so clients must bear both. */
export type Bounds = 'exclusive' | 'inclusive';

/** Decides whether the record at an index is part of the answer. */
export type Predicate = (index: number) => boolean;

/** What a query means for one endpoint: the indexes to look at (all when undefined) and the tests that they must pass. */
export interface CompiledFilter {
  readonly candidates: readonly number[] | undefined;
  readonly predicates: readonly Predicate[];
  /** The filter cut `update`, for which the database walks another index. */
  readonly byUpdate: boolean;
}

/** Types that `GET /Invoice` leaves out unless `showAll=true` or the filter of their own asks for them. */
const HIDDEN_TYPES = new Map([
  ['WKR', 'showWkr'],
  ['MA', 'showMa'],
]);

const seconds = (text: string | null): number =>
  text !== null && /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;

function timeRange(table: Table, field: string, after: number, before: number, bounds: Bounds): Predicate[] {
  if (Number.isNaN(after) && Number.isNaN(before)) return [];
  const column = table.column(field);
  const at = (index: number): number => column[index] ?? Number.NaN;
  const inclusive = bounds === 'inclusive';
  const predicates: Predicate[] = [];
  if (!Number.isNaN(after)) predicates.push(inclusive ? (index) => at(index) >= after : (index) => at(index) > after);
  if (!Number.isNaN(before))
    predicates.push(inclusive ? (index) => at(index) <= before : (index) => at(index) < before);
  return predicates;
}

function visibility(table: Table, filters: URLSearchParams): Predicate[] {
  const { endpoint } = table;
  if (endpoint === 'Contact' && filters.get('depth') !== '1') {
    return [(index) => table.record(index)['name'] !== null];
  }
  if (endpoint !== 'Invoice' || filters.get('showAll') === 'true' || filters.has('invoiceType')) return [];
  const hidden = new Set([...HIDDEN_TYPES].filter(([, show]) => !filters.has(show)).map(([type]) => type));
  return [(index) => !hidden.has(table.typeOf(index))];
}

/** Compiles the filters that the endpoint knows; the others change nothing. */
export function compileFilter(table: Table, filters: URLSearchParams, bounds: Bounds): CompiledFilter {
  const rules = ENDPOINTS[table.endpoint] ?? {};
  const predicates: Predicate[] = [];
  let candidates: readonly number[] | undefined;
  const updateAfter = seconds(filters.get('updateAfter'));
  const updateBefore = seconds(filters.get('updateBefore'));
  if (rules.changeFilters) {
    predicates.push(...timeRange(table, 'update', updateAfter, updateBefore, bounds));
    predicates.push(
      ...timeRange(table, 'create', seconds(filters.get('createAfter')), seconds(filters.get('createBefore')), bounds),
    );
  }
  if (rules.dateField !== undefined) {
    const [start, end] = ['startDate', 'endDate'].map((name) => instant(filters.get(name))) as [number, number];
    predicates.push(...timeRange(table, rules.dateField, start, end, 'inclusive'));
  }
  for (const field of rules.equals ?? []) {
    const wanted = filters.get(field);
    if (wanted !== null) predicates.push((index) => String(table.record(index)[field]) === wanted);
  }
  for (const [name, objectName] of Object.entries(rules.references ?? {})) {
    const wanted = filters.get(`${name}[id]`);
    const kind = filters.get(`${name}[objectName]`);
    if (wanted === null || kind === null || (objectName !== '' && kind !== objectName)) continue;
    if (table.source.parent === name) candidates = table.childrenOf(wanted);
    else predicates.push((index) => idIn(table.record(index)[name]) === wanted);
  }
  predicates.push(...visibility(table, filters));
  const byUpdate = rules.changeFilters === true && (!Number.isNaN(updateAfter) || !Number.isNaN(updateBefore));
  return { candidates, predicates, byUpdate };
}

/** `startDate` and `endDate` come as unix seconds or, for bank transactions, as a date and time. */
function instant(text: string | null): number {
  const unix = seconds(text);
  return Number.isNaN(unix) && text !== null ? Date.parse(text.replace(' ', '+')) / 1000 : unix;
}
