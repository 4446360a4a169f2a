import type { Stream } from '@singer-io-ts/sdk';
import { IncrementalStream } from '../sync/incremental-stream.js';
import type { StreamContext } from '../sync/stream-context.js';
import { invoices } from './invoices.js';

/** All streams, in the order in which they are synced. */
export function createStreams(context: StreamContext): Stream[] {
  return [new IncrementalStream(invoices, context)];
}
