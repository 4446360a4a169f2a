import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** Payment methods that documents name. */
export const paymentMethods: FullTableDefinition = { name: 'payment_methods', endpoint: '/PaymentMethod' };
