import type { CompanySources } from '../company/company.js';

const ALIKE_EVERYWHERE = ['StaticCountry', 'Unity', 'Category', 'CommunicationWayKey', 'TaxRule'];

/** The lists that are the same in every account, for recordings that lack them. */
export function staticLists(sources: CompanySources): CompanySources {
  return Object.fromEntries(Object.entries(sources).filter(([endpoint]) => ALIKE_EVERYWHERE.includes(endpoint)));
}
