import type { FullTableDefinition } from '../sync/full-table-stream.js';

/** Countries as sevDesk numbers them. */
export const staticCountries: FullTableDefinition = { name: 'static_countries', endpoint: '/StaticCountry' };
