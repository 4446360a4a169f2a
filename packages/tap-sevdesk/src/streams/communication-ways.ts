import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** E-mail addresses, telephone numbers and web sites of contacts. */
export const communicationWays: FullTableDefinition = { name: 'communication_ways', endpoint: '/CommunicationWay' };
