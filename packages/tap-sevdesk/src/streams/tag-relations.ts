import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** Which object carries which tag. */
export const tagRelations: FullTableDefinition = { name: 'tag_relations', endpoint: '/TagRelation' };
