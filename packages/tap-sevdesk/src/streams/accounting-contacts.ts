import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** Debtor and creditor numbers of contacts. */
export const accountingContacts: FullTableDefinition = { name: 'accounting_contacts', endpoint: '/AccountingContact' };
