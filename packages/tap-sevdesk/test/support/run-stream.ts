import { Writable } from 'node:stream';
import { MessageWriter, Metrics, runSync, silentLogger, type Stream, TapState } from '@singer-io-ts/sdk';
import type { Warehouse } from './warehouse.js';

/** Syncs streams into a warehouse from the state that the warehouse holds; answers the error it ended with, if any. */
export async function runStream(stream: Stream | Stream[], warehouse: Warehouse, now?: () => number): Promise<unknown> {
  const chunks: string[] = [];
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk.toString());
      done();
    },
  });
  const logger = silentLogger();
  const writer = new MessageWriter(output);
  const state = new TapState((warehouse.state ?? {}) as never);
  try {
    await runSync({
      streams: Array.isArray(stream) ? stream : [stream],
      ...(now ? { now } : {}),
      state,
      writer,
      logger,
      metrics: new Metrics(logger),
      signal: new AbortController().signal,
    });
    return undefined;
  } catch (error) {
    await writer.flush();
    return error;
  } finally {
    // A killed tap leaves whole lines only to the target that reads them.
    warehouse.apply(chunks.join('').split('\n'));
  }
}
