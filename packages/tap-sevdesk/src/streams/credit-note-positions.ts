import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** Credit notes do not tell what changed, so their lines are listed whole. */
export const creditNotePositions: FullTableDefinition = { name: 'credit_note_positions', endpoint: '/CreditNotePos' };
