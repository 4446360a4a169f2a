import { Writable } from 'node:stream';
import type { JsonObject } from '../../src/json/json-value.js';
import { silentLogger } from '../../src/logging/logger.js';
import { MessageWriter } from '../../src/messages/message-writer.js';
import type { Message } from '../../src/messages/messages.js';
import { Metrics } from '../../src/metrics/metrics.js';
import type { JsonSchema } from '../../src/schema/json-schema.js';
import { syncMarkOf, type SyncMark } from '../../src/state/sync-mark.js';
import { TapState } from '../../src/state/tap-state.js';
import { RecordStream } from '../../src/tap/record-stream.js';
import type { ParentLink, RecordsRequest } from '../../src/tap/record-source.js';
import { runSync, type RunSyncOptions } from '../../src/tap/run-sync.js';
import type { Stream } from '../../src/tap/stream.js';

export type Source = (request: RecordsRequest) => AsyncIterable<JsonObject> | Iterable<JsonObject>;
export interface TestStreamSettings {
  name?: string;
  key?: string;
  format?: string;
  sorted?: boolean;
  parent?: ParentLink;
  startValue?: string | number;
  checkpointRecords?: number;
  partitions?: JsonObject[];
  statePartitioningKeys?: string[];
}

/** A stream `s` with the key `id`, whose records a function gives. */
export class TestStream extends RecordStream {
  override readonly name: string;
  override readonly primaryKeys = ['id'];
  override readonly schema: JsonSchema;
  override readonly replicationKey: string | undefined;
  override readonly sorted: boolean;
  override readonly parent: ParentLink | undefined;
  override readonly startValue: string | number | undefined;
  override readonly checkpointRecords: number;
  override readonly statePartitioningKeys: string[] | undefined;
  override readonly partitions?: () => JsonObject[];

  constructor(
    private readonly source: Source,
    settings: TestStreamSettings = {},
  ) {
    super();
    const {
      name = 's',
      key,
      format,
      sorted = false,
      parent,
      startValue,
      checkpointRecords = 1000,
      partitions,
    } = settings;
    this.name = name;
    this.schema = {
      type: 'object',
      properties: {
        id: { type: 'integer' },
        at: { type: ['integer', 'string'], ...(format ? { format } : {}) },
        group: {},
      },
    };
    this.replicationKey = key;
    this.sorted = sorted;
    this.parent = parent;
    this.startValue = startValue;
    this.checkpointRecords = checkpointRecords;
    this.statePartitioningKeys = settings.statePartitioningKeys;
    if (partitions) this.partitions = () => partitions;
  }

  override records(request: RecordsRequest): AsyncIterable<JsonObject> | Iterable<JsonObject> {
    return this.source(request);
  }
}

/** What a run of `runSync` wrote and how it ended. */
export interface Run {
  messages: Message[];
  records: JsonObject[];
  states: JsonObject[];
  /** The bookmarks of the last STATE, without the marks of the run. */
  bookmarks: Record<string, JsonObject>;
  /** The marks of a stream in each STATE. */
  marks: (stream: string) => (SyncMark | undefined)[];
  error: unknown;
}

export const NOW = Date.parse('2026-06-01T00:00:00Z');

/** Runs streams as a tap does, at `NOW`, from a state. */
export async function run(
  streams: Stream[],
  options: Partial<RunSyncOptions> & { from?: JsonObject } = {},
): Promise<Run> {
  let text = '';
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  const logger = silentLogger();
  let error: unknown;
  try {
    await runSync({
      streams,
      state: new TapState(options.from ?? {}),
      writer: new MessageWriter(output),
      logger,
      metrics: new Metrics(logger),
      signal: new AbortController().signal,
      now: () => NOW,
      ...options,
    });
  } catch (caught) {
    error = caught;
  }
  const messages = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Message);
  const states = messages.flatMap((message) => (message.type === 'STATE' ? [message.value as JsonObject] : []));
  const bookmarksOf = (state: JsonObject | undefined): Record<string, JsonObject> =>
    (state?.['bookmarks'] ?? {}) as Record<string, JsonObject>;
  return {
    messages,
    records: messages.flatMap((message) => (message.type === 'RECORD' ? [message.record] : [])),
    states,
    bookmarks: withoutMarks(bookmarksOf(states.at(-1))),
    marks: (stream) => states.map((state) => syncMarkOf(bookmarksOf(state)[stream])),
    error,
  };
}

export const withoutMarks = (bookmarks: Record<string, JsonObject>): Record<string, JsonObject> =>
  Object.fromEntries(Object.entries(bookmarks).map(([stream, { sync: _mark, ...rest }]) => [stream, rest]));
export const types = ({ messages }: Run): string[] => messages.map(({ type }) => type);
/** Records with these values in `at`, numbered from 0. */
export const rows = (...at: (number | string | null)[]): JsonObject[] => at.map((value, id) => ({ id, at: value }));
/** Gives the records, then fails. */
export const failing = function* (records: JsonObject[]): Generator<JsonObject> {
  yield* records;
  throw new Error('source down');
};
