import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** Tags have no date of change. */
export const tags: FullTableDefinition = { name: 'tags', endpoint: '/Tag' };
