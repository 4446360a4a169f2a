import type { IncrementalDefinition } from '../sync/incremental-stream.js';

/** Estimates, order confirmations and delivery notes. */
export const orders: IncrementalDefinition = { name: 'orders', endpoint: '/Order' };
