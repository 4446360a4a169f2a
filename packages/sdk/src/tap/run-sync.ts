import type { Catalog } from '../catalog/catalog.js';
import { InterruptedError } from '../errors/interrupted-error.js';
import type { ProgressLine } from '../logging/progress-line.js';
import type { Logger } from '../logging/logger.js';
import type { StreamMapper } from '../mapping/mapped-stream.js';
import type { MessageWriter } from '../messages/message-writer.js';
import type { Metrics } from '../metrics/metrics.js';
import { TapState } from '../state/tap-state.js';
import { forEachConcurrently } from './for-each-concurrently.js';
import { RecordStream } from './record-stream.js';
import { MappedOutput, noOutput, PlainOutput, writeState, type StreamOutput } from './stream-output.js';
import type { Stream } from './stream.js';
import { StreamSync } from './stream-sync.js';
import { planStreams, type PlannedStream } from './sync-plan.js';

export interface RunSyncOptions {
  streams: readonly Stream[];
  /** Selection; streams that it does not name are not extracted. @default everything selected by default */
  catalog?: Catalog | undefined;
  state: TapState;
  writer: MessageWriter;
  logger: Logger;
  metrics: Metrics;
  signal: AbortSignal;
  /** What stream maps make of a stream. @default streams pass as they are */
  mapper?: StreamMapper | undefined;
  /** How many streams are read at the same time; those below a parent are read with it. @default 1 */
  maxConcurrentStreams?: number | undefined;
  /** Stop each stream after this many records and write no STATE. @default no limit */
  maxRecords?: number | undefined;
  /** Shows how far the run has got. @default not shown */
  progress?: ProgressLine | undefined;
  /** The clock, in milliseconds. @default Date.now */
  now?: (() => number) | undefined;
}

/** A planned stream, ready to run. */
interface ReadyStream {
  readonly planned: PlannedStream;
  readonly sync: StreamSync;
  readonly output: StreamOutput;
  readonly children: readonly ReadyStream[];
}

/**
 * Extracts the selected streams and writes a STATE after each and at the end, none when there is nothing to remember.
 * When a stream fails, those beside it are stopped, what had been checkpointed stands and the run ends with its error.
 */
export async function runSync(options: RunSyncOptions): Promise<void> {
  const { streams, catalog, logger, signal, writer, maxConcurrentStreams = 1 } = options;
  // Every stream of a run that has failed is to stop, not only the one that failed.
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const ready = planStreams(streams, catalog, logger).map((planned) => prepare(planned, options, stop.signal));
  options.progress?.start(() => describeProgress(ready));
  try {
    await forEachConcurrently(ready, maxConcurrentStreams, (stream) => extract(stream, options), stop);
    await writer.flush();
  } catch (error) {
    // What was written before a failure is whole and may be loaded.
    await writer.flush().catch(() => undefined);
    if (!signal.aborted) throw error;
    throw new InterruptedError({
      message: 'asked to stop; the state written last is where the next run goes on',
      cause: error,
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    options.progress?.stop();
  }
}

async function extract(ready: ReadyStream, { metrics, maxRecords, state, writer }: RunSyncOptions): Promise<void> {
  const { stream } = ready.planned;
  const startedAt = performance.now();
  announce(ready);
  let complete = false;
  try {
    await stream.sync(ready.sync);
    complete = true;
  } finally {
    report(ready, metrics, (performance.now() - startedAt) / 1000);
    // The bookmark of a broken record stream says what need not be written again; others checkpoint as they see fit.
    if (maxRecords === undefined && (complete || stream instanceof RecordStream)) writeState(writer, state);
  }
}

function announce({ output, children }: ReadyStream): void {
  output.schema();
  children.forEach(announce);
}

function report({ planned, sync, output, children }: ReadyStream, metrics: Metrics, seconds: number): void {
  const tags = { stream: planned.stream.name };
  if (output !== noOutput) {
    metrics.counter('record_count', sync.records, tags);
    metrics.timer('sync_duration', seconds, tags);
  }
  for (const child of children) report(child, metrics, seconds);
}

function prepare(planned: PlannedStream, options: RunSyncOptions, signal: AbortSignal): ReadyStream {
  const { state, logger, metrics, maxRecords, now } = options;
  const children = planned.children.map((child) => ({ child, ready: prepare(child, options, signal) }));
  const output = outputOf(planned, options);
  const sync = new StreamSync({
    stream: planned.stream.name,
    output,
    // The bookmark of a stream that is read for its children only must not move.
    state: output === noOutput ? new TapState() : state,
    selection: planned.selection,
    logger,
    metrics,
    signal,
    maxRecords,
    children: children.map(({ child, ready }) => ({ stream: child.stream, sync: ready.sync })),
    ...(now ? { now } : {}),
  });
  return { planned, sync, output, children: children.map(({ ready }) => ready) };
}

function outputOf({ stream, selection }: PlannedStream, { writer, mapper }: RunSyncOptions): StreamOutput {
  if (!selection.selected) return noOutput;
  const message = {
    stream: stream.name,
    schema: selection.schema,
    key_properties: [...stream.primaryKeys],
    ...(stream.replicationKey === undefined ? {} : { bookmark_properties: [stream.replicationKey] }),
  };
  const mapped = mapper?.(message);
  return mapped ? new MappedOutput(writer, mapped) : new PlainOutput(writer, message);
}

/** The streams that have records so far, the last first: those are the ones under way. */
function describeProgress(ready: readonly ReadyStream[]): string {
  const counts = (streams: readonly ReadyStream[]): string[] =>
    streams.flatMap(({ planned, sync, children }) => [
      ...(sync.records > 0 ? [`${planned.stream.name} ${sync.records.toLocaleString('en')}`] : []),
      ...counts(children),
    ]);
  return `records: ${counts(ready).reverse().join(', ')}`;
}
