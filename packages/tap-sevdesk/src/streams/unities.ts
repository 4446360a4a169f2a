import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** Units in which positions are counted. */
export const unities: FullTableDefinition = { name: 'unities', endpoint: '/Unity' };
