import type { IncrementalDefinition } from '../sync/incremental-stream.js';

/** Without `showAll` the service hides some types: WKR, SR, MA and others. */
export const invoices: IncrementalDefinition = { name: 'invoices', endpoint: '/Invoice', filter: { showAll: true } };
