import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** Categories of contacts, addresses and parts. */
export const categories: FullTableDefinition = { name: 'categories', endpoint: '/Category' };
