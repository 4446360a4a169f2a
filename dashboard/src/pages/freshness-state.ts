import type { PageContext } from './page-context.js';

export type FreshnessState = 'fresh' | 'outdated' | 'unknown';

/** Whether the figures can be trusted to be current. Without a known age they are not called fresh. */
export function freshnessState({ freshness, now, outdatedAfterMinutes }: PageContext): FreshnessState {
  if (freshness?.dataAsOf === null || freshness === undefined) return 'unknown';
  return now - freshness.dataAsOf > outdatedAfterMinutes * 60_000 ? 'outdated' : 'fresh';
}
