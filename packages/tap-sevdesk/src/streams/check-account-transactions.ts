import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** The endpoint filters by booking date only, and bookings change later. */
export const checkAccountTransactions: FullTableDefinition = {
  name: 'check_account_transactions',
  endpoint: '/CheckAccountTransaction',
};
