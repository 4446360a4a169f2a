import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** The endpoint filters by the date of the credit note only, which does not tell what changed. */
export const creditNotes: FullTableDefinition = { name: 'credit_notes', endpoint: '/CreditNote' };
