import type { JsonValue } from '@singer-io-ts/sdk';
import type { Instant } from '../api/instant.js';
import type { PageSource } from '../api/page.js';
import type { RecordShape } from '../api/record-shape.js';
import type { ServerClock } from '../api/server-clock.js';
import type { ReadWindows } from './read-windows.js';

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
  /** Hours after which a long list is read whole. */
  listEveryHours(stream: string): number;
  readonly onUnreadableUpdate: 'include' | 'skip' | 'fail';
  /** What the settings of stream maps say about a stream. */
  readonly mapping: (stream: string) => JsonValue;
  /** Windows that streams have read in this run, for those that follow them. */
  readonly windows: ReadWindows;
}
