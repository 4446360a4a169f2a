import type { Instant } from '../api/instant.js';
import type { PageSource } from '../api/page.js';
import type { RecordShape } from '../api/record-shape.js';
import type { ServerClock } from '../api/server-clock.js';

/** What the streams read from: the service, and how it is to be read. */
export interface StreamContext {
  /** Lists the objects of an endpoint such as `/Invoice`. */
  source(endpoint: string, shape: RecordShape): PageSource;
  /** The server's clock. */
  readonly clock: ServerClock;
  readonly pageSize: number;
  readonly concurrency: number;
  readonly lookbackSeconds: number;
  readonly lagSeconds: number;
  readonly startDate: Instant | undefined;
  readonly fullSyncEveryHours: number;
}
