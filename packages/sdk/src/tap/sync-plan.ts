import { type Catalog, type CatalogEntry, describeStream } from '../catalog/catalog.js';
import { selectFrom, type Selection } from '../catalog/selection.js';
import { UsageError } from '../errors/usage-error.js';
import type { Logger } from '../logging/logger.js';
import { RecordStream } from './record-stream.js';
import { requireKeysInSchema } from './stream-keys.js';
import type { Stream } from './stream.js';

/** A stream to be read, with those below it. */
export interface PlannedStream {
  readonly stream: Stream;
  readonly selection: Selection;
  readonly children: readonly PlannedChild[];
}

/** A stream to be read below another one. */
export interface PlannedChild extends PlannedStream {
  readonly stream: RecordStream;
}

/**
 * Works out what to read: the selected streams, and parents of selected streams even when they are not selected themselves.
 *
 * @throws {UsageError} when a stream names a parent that the tap does not have, or a key that its schema lacks
 */
export function planStreams(streams: readonly Stream[], catalog: Catalog | undefined, logger: Logger): PlannedStream[] {
  warnOfUnknown(streams, catalog, logger);
  const names = new Set(streams.map(({ name }) => name));
  for (const stream of streams) {
    requireKeysInSchema(stream);
    const parent = parentOf(stream);
    if (parent !== undefined && !names.has(parent)) {
      throw new UsageError({
        message: `stream "${stream.name}" names "${parent}" as its parent, which is no stream of this tap`,
      });
    }
  }
  const plan = (stream: Stream): PlannedStream | undefined => {
    const children = streams.flatMap((child) => {
      if (!(child instanceof RecordStream) || child.parent?.stream !== stream.name) return [];
      const planned = plan(child);
      return planned ? [{ ...planned, stream: child }] : [];
    });
    const selection = selectionOf(stream, catalog);
    return selection.selected || children.length > 0 ? { stream, selection, children } : undefined;
  };
  return streams
    .filter((stream) => parentOf(stream) === undefined)
    .map(plan)
    .filter((planned) => planned !== undefined);
}

function parentOf(stream: Stream): string | undefined {
  return stream instanceof RecordStream ? stream.parent?.stream : undefined;
}

function selectionOf(stream: Stream, catalog: Catalog | undefined): Selection {
  const entry = catalog ? catalog.streams.find((other) => idOf(other) === stream.name) : describeStream(stream);
  if (!entry)
    return { selected: false, schema: stream.schema, whole: true, fullTable: false, apply: (record) => record };
  const { primaryKeys, replicationKey } = stream;
  return selectFrom(entry, [...primaryKeys, ...(replicationKey === undefined ? [] : [replicationKey])]);
}

/** Catalogs made by hand may name a stream once only. */
function idOf({ tap_stream_id: id, stream }: Partial<CatalogEntry>): string | undefined {
  return id ?? stream;
}

function warnOfUnknown(streams: readonly Stream[], catalog: Catalog | undefined, logger: Logger): void {
  for (const entry of catalog?.streams ?? []) {
    if (!streams.some(({ name }) => name === idOf(entry)))
      logger.warning(
        `the catalog names stream "${idOf(entry) ?? ''}", which this tap does not have; make a new one with --discover`,
      );
  }
}
