import type { Catalog } from '../catalog/catalog.js';
import { describeError, errorDetail } from '../errors/describe-error.js';
import { InterruptedError } from '../errors/interrupted-error.js';
import { SingerError } from '../errors/singer-error.js';
import { StreamsFailedError, type StreamFailure } from '../errors/streams-failed-error.js';
import type { ProgressLine } from '../logging/progress-line.js';
import type { Logger } from '../logging/logger.js';
import type { StreamMapper } from '../mapping/mapped-stream.js';
import type { MessageWriter } from '../messages/message-writer.js';
import type { Metrics } from '../metrics/metrics.js';
import { TapState } from '../state/tap-state.js';
import { forEachConcurrently } from '../concurrency/for-each-concurrently.js';
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
 *
 * A stream fails alone: what it had checkpointed stands, the others are read to their end, and the run ends with what
 * failed. Only an error that says so ends the whole run, such as a refused sign-in.
 *
 * @throws {StreamsFailedError} naming the streams that failed; the error of the stream itself where there was only one
 */
export async function runSync(options: RunSyncOptions): Promise<void> {
  const { streams, catalog, logger, signal, writer, maxConcurrentStreams = 1 } = options;
  // Every stream of a run that ends is to stop, not only the one that ended it.
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const ready = planStreams(streams, catalog, logger).map((planned) => prepare(planned, options, stop.signal));
  options.progress?.start(() => describeProgress(ready));
  try {
    await forEachConcurrently(ready, maxConcurrentStreams, (stream) => extractAlone(stream, options, stop), stop);
    await writer.flush();
  } catch (error) {
    // What was written before a failure is whole and may be loaded.
    await writer.flush().catch(() => undefined);
    if (!signal.aborted) throw error;
    throw new InterruptedError({
      message: 'asked to stop; the next run continues from the state written last',
      cause: error,
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    options.progress?.stop();
  }
  throwIfFailed(ready, logger);
}

/** Extracts a stream and keeps its error with it, unless the whole run is to end. */
async function extractAlone(ready: ReadyStream, options: RunSyncOptions, stop: AbortController): Promise<void> {
  try {
    await extract(ready, options);
  } catch (error) {
    if (stop.signal.aborted || (SingerError.isInstance(error) && error.endsRun)) throw error;
    ready.sync.fail(error);
  }
  for (const { stream, error } of failuresOf(ready)) {
    const { logger } = options;
    const detail = logger.isEnabled('debug') ? { exception: errorDetail(error) } : {};
    logger.warning(`stream "${stream}" failed: ${describeError(error)}`, detail);
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
    if (maxRecords === undefined && (complete || stream instanceof RecordStream)) {
      state.keep(namesOf(ready));
      writeState(writer, state);
    }
  }
}

/** Lists each stream that failed, in a line of its own, and ends the run. */
function throwIfFailed(ready: readonly ReadyStream[], logger: Logger): void {
  const failures = ready.flatMap(failuresOf);
  const total = ready.flatMap(namesOf).length;
  const [first] = failures;
  if (!first) return;
  // A run of one stream has nothing else to tell.
  if (total === 1) throw first.error;
  if (failures.length > 1)
    for (const { stream, error } of failures) logger.error(`stream "${stream}" failed: ${describeError(error)}`);
  throw new StreamsFailedError({ failures, total });
}

function failuresOf({ planned, sync, children }: ReadyStream): StreamFailure[] {
  const { failure } = sync;
  return [...(failure ? [{ stream: planned.stream.name, error: failure.error }] : []), ...children.flatMap(failuresOf)];
}

/** The streams of a tree that are written. */
function namesOf({ planned, output, children }: ReadyStream): string[] {
  return [...(output === noOutput ? [] : [planned.stream.name]), ...children.flatMap(namesOf)];
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

function prepare(
  planned: PlannedStream,
  options: RunSyncOptions,
  signal: AbortSignal,
  readTogether: readonly string[] = selectedNames(planned),
): ReadyStream {
  const { state, logger, metrics, maxRecords, now } = options;
  const children = planned.children.map((child) => ({
    child,
    ready: prepare(child, options, signal, readTogether),
  }));
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
    readTogether,
    children: children.map(({ child, ready }) => ({ stream: child.stream, sync: ready.sync })),
    ...(now ? { now } : {}),
  });
  return { planned, sync, output, children: children.map(({ ready }) => ready) };
}

function selectedNames({ stream, selection, children }: PlannedStream): string[] {
  return [...(selection.selected ? [stream.name] : []), ...children.flatMap(selectedNames)];
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
