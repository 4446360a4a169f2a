import { ReadWindows } from '../../src/sync/read-windows.js';
import type { StreamContext } from '../../src/sync/stream-context.js';

/** What a stream of a test is given: small pages, so that a few objects fill many, unless the test says otherwise. */
export const contextOf = (given: Pick<StreamContext, 'source' | 'clock'> & Partial<StreamContext>): StreamContext => ({
  pageSize: 10,
  concurrency: 3,
  lookbackSeconds: 60,
  lagSeconds: 5,
  startDate: undefined,
  fullSyncEveryHours: 24,
  listEveryHours: () => 6,
  onUnreadableUpdate: 'include',
  mapping: () => null,
  windows: new ReadWindows(),
  ...given,
});
