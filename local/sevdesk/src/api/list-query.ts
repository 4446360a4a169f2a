import { WireError } from './wire-error.js';

/** The part of a list request that is the same for every endpoint. */
export interface ListQuery {
  readonly limit: number;
  readonly offset: number;
  readonly countAll: boolean;
  readonly embed: readonly string[];
  /** `create`, or undefined for the service's own order; other fields have no effect. */
  readonly orderBy: { readonly field: 'create'; readonly descending: boolean } | undefined;
  readonly filters: URLSearchParams;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
const COMMON = ['limit', 'offset', 'countAll', 'embed', 'orderBy[0][field]', 'orderBy[0][arrangement]'];

function integer(params: URLSearchParams, name: string, fallback: number): number {
  const text = params.get(name);
  if (text === null) return fallback;
  return /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** Reads a query string; refuses page sizes outside 1 to 1000 as the service does since May 2025. */
export function parseListQuery(params: URLSearchParams): ListQuery {
  const limit = integer(params, 'limit', DEFAULT_LIMIT);
  if (!(limit >= 1 && limit <= MAX_LIMIT)) throw new WireError(400, `The limit must be between 1 and ${MAX_LIMIT}`);
  const offset = integer(params, 'offset', 0);
  if (!(offset >= 0)) throw new WireError(400, 'The offset must not be negative');
  const ordered = params.get('orderBy[0][field]') === 'create';
  const filters = new URLSearchParams(params);
  for (const name of COMMON) filters.delete(name);
  return {
    limit,
    offset,
    countAll: params.get('countAll') === 'true' || params.get('countAll') === '1',
    embed: (params.get('embed') ?? '').split(',').filter((name) => name !== ''),
    orderBy: ordered
      ? { field: 'create', descending: params.get('orderBy[0][arrangement]')?.toLowerCase() === 'desc' }
      : undefined,
    filters,
  };
}
