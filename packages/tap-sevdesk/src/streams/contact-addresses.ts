import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** Postal addresses of contacts. */
export const contactAddresses: FullTableDefinition = { name: 'contact_addresses', endpoint: '/ContactAddress' };
