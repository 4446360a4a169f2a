import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** Products and services. */
export const parts: FullTableDefinition = { name: 'parts', endpoint: '/Part' };
