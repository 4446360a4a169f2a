import type { MappedStream } from '../mapping/mapped-stream.js';
import type { JsonObject } from '../json/json-value.js';
import { parseJson } from '../json/lossless.js';
import type { MessageWriter, RecordOptions } from '../messages/message-writer.js';
import type { SchemaMessage } from '../messages/messages.js';
import type { TapState } from '../state/tap-state.js';
import { type RecordBytes, textOf } from '../messages/record-span.js';

/** Where the messages of one stream go: written as they are, changed by a stream map, or nowhere. */
export interface StreamOutput {
  /** The SCHEMA messages, without their type. */
  readonly schemas: readonly object[];
  /** Writes SCHEMA; comes first. */
  schema(): void;
  record(record: JsonObject, options?: RecordOptions): void;
  recordText(text: string, options?: RecordOptions): void;
  recordBytes(bytes: RecordBytes, options?: RecordOptions): void;
  activateVersion(version: number): void;
  /** Writes STATE unless it is empty. */
  state(state: TapState): void;
  ready(): Promise<void>;
}

/** Writes a stream's messages as they are. */
export class PlainOutput implements StreamOutput {
  constructor(
    private readonly writer: MessageWriter,
    private readonly message: Omit<SchemaMessage, 'type'>,
  ) {}

  get schemas(): readonly object[] {
    return [this.message];
  }

  schema(): void {
    this.writer.schema(this.message);
  }

  record(record: JsonObject, options?: RecordOptions): void {
    this.writer.record(this.message.stream, record, options);
  }

  recordText(text: string, options?: RecordOptions): void {
    this.writer.recordText(this.message.stream, text, options);
  }

  recordBytes(bytes: RecordBytes, options?: RecordOptions): void {
    this.writer.recordBytes(this.message.stream, bytes, options);
  }

  activateVersion(version: number): void {
    this.writer.activateVersion(this.message.stream, version);
  }

  state(state: TapState): void {
    writeState(this.writer, state);
  }

  ready(): Promise<void> {
    return this.writer.ready();
  }
}

/** Writes what a stream map makes of a stream: none, one or several streams. */
export class MappedOutput implements StreamOutput {
  constructor(
    private readonly writer: MessageWriter,
    private readonly mapped: readonly MappedStream[],
  ) {}

  get schemas(): readonly object[] {
    return this.mapped.map(({ message }) => message);
  }

  schema(): void {
    for (const { message } of this.mapped) this.writer.schema(message);
  }

  record(record: JsonObject, options?: RecordOptions): void {
    for (const stream of this.mapped) {
      const changed = stream.map(record);
      if (changed) this.writer.record(stream.message.stream, changed, options);
    }
  }

  recordText(text: string, options?: RecordOptions): void {
    this.record(parseJson(text) as JsonObject, options);
  }

  recordBytes(bytes: RecordBytes, options?: RecordOptions): void {
    this.recordText(textOf(bytes), options);
  }

  activateVersion(version: number): void {
    for (const { message } of this.mapped) this.writer.activateVersion(message.stream, version);
  }

  state(state: TapState): void {
    writeState(this.writer, state);
  }

  ready(): Promise<void> {
    return this.writer.ready();
  }
}

/** Takes the messages of a stream that is read for those below it only. */
export const noOutput: StreamOutput = {
  schemas: [],
  schema: () => undefined,
  record: () => undefined,
  recordText: () => undefined,
  recordBytes: () => undefined,
  activateVersion: () => undefined,
  state: () => undefined,
  ready: () => Promise.resolve(),
};

/** Writes STATE unless it is empty: a scheduler keeps the last one it sees, and an empty one would make it forget all. */
export function writeState(writer: MessageWriter, state: TapState): void {
  if (!state.isEmpty) writer.state(state.toJSON());
}
