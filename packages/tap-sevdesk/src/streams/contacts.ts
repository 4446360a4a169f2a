import type { IncrementalDefinition } from '../sync/incremental-stream.js';

/** Without `depth` the service lists organisations only, no persons. */
export const contacts: IncrementalDefinition = { name: 'contacts', endpoint: '/Contact', filter: { depth: 1 } };
