import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** `pin` and `checkAccId` are secrets of the bank connection and are never extracted. */
export const checkAccounts: FullTableDefinition = {
  name: 'check_accounts',
  endpoint: '/CheckAccount',
  excluded: ['pin', 'checkAccId'],
};
