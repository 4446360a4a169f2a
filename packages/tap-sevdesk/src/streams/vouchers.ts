import type { IncrementalDefinition } from '../sync/incremental-stream.js';

/** Receipts of expenses and of revenue from elsewhere. */
export const vouchers: IncrementalDefinition = { name: 'vouchers', endpoint: '/Voucher' };
