import { type Catalog, type CatalogEntry, describeStream } from '../catalog/catalog.js';
import { selectFrom } from '../catalog/selection.js';
import { InterruptedError } from '../errors/interrupted-error.js';
import type { Logger } from '../logging/logger.js';
import type { MessageWriter } from '../messages/message-writer.js';
import type { Metrics } from '../metrics/metrics.js';
import type { TapState } from '../state/tap-state.js';
import type { Stream } from './stream.js';
import { StreamSync } from './stream-sync.js';

export interface RunSyncOptions {
  streams: readonly Stream[];
  /** Selection; streams that it does not name are not extracted. @default everything selected by default */
  catalog?: Catalog | undefined;
  state: TapState;
  writer: MessageWriter;
  logger: Logger;
  metrics: Metrics;
  signal: AbortSignal;
  /** Stop each stream after this many records and write no STATE. @default no limit */
  maxRecords?: number | undefined;
}

/**
 * Extracts the selected streams one after the other and writes a STATE after each and at the end.
 * When a stream fails, what it had checkpointed stands and the run ends with its error.
 */
export async function runSync(options: RunSyncOptions): Promise<void> {
  const { streams, catalog, state, writer, logger, metrics, signal, maxRecords } = options;
  for (const stream of streams) {
    const entry = entryOf(stream, catalog);
    if (!entry) continue;
    const selection = selectFrom(entry, [
      ...stream.primaryKeys,
      ...(stream.replicationKey === undefined ? [] : [stream.replicationKey]),
    ]);
    if (!selection.selected) continue;
    const startedAt = performance.now();
    writer.schema({
      stream: stream.name,
      schema: selection.schema,
      key_properties: [...stream.primaryKeys],
      ...(stream.replicationKey === undefined ? {} : { bookmark_properties: [stream.replicationKey] }),
    });
    const sync = new StreamSync({ stream: stream.name, writer, state, selection, logger, metrics, signal, maxRecords });
    const tags = { stream: stream.name };
    try {
      await stream.sync(sync);
    } catch (error) {
      if (signal.aborted)
        throw new InterruptedError({
          message: 'asked to stop; the state written last is where the next run goes on',
          cause: error,
        });
      throw error;
    } finally {
      metrics.counter('record_count', sync.records, tags);
      metrics.timer('sync_duration', (performance.now() - startedAt) / 1000, tags);
    }
    if (maxRecords === undefined) writer.state(state.toJSON());
  }
  await writer.flush();
}

/** The stream's catalog entry: from the catalog given, with the schema of the catalog; its own without one. */
function entryOf(stream: Stream, catalog: Catalog | undefined): CatalogEntry | undefined {
  if (!catalog) return describeStream(stream);
  return catalog.streams.find((entry) => idOf(entry) === stream.name);
}

/** Catalogs made by hand may name a stream once only. */
function idOf({ tap_stream_id: id, stream }: Partial<CatalogEntry>): string | undefined {
  return id ?? stream;
}
