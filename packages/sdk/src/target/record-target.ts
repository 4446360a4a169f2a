import type { JsonObject } from '../json/json-value.js';
import type { BatchMessage, SchemaMessage } from '../messages/messages.js';
import { exactRecord, type RecordLine } from '../messages/record-span.js';
import type { Metrics } from '../metrics/metrics.js';
import type { FormatCheck } from '../schema/formats.js';
import type { JsonSchema } from '../schema/json-schema.js';
import { compileRecordValidator } from '../schema/record-validator.js';
import { batchFilePath, readBatchFile } from './batch-file.js';
import { compileKeyCheck } from './key-check.js';
import type { CommitContext, Cut, CutPolicy, OpenedTarget, Sink, Target } from './target.js';

/** Records of one stream under one schema, to be written together. */
export interface RecordBatch {
  readonly stream: string;
  readonly schema: JsonSchema;
  /** The properties that identify a record; empty when nothing does. */
  readonly keyProperties: readonly string[];
  /** In the order of the input, checked against the schema, numbers with all their digits. */
  readonly records: readonly JsonObject[];
}

/** What a sink hands over, in the order of the input: records, files of records that are read when they are written, and versions. */
export type RecordStep =
  | { readonly batch: RecordBatch }
  | { readonly files: readonly string[]; readonly of: Omit<RecordBatch, 'records'> }
  | { readonly stream: string; readonly version: number };

/**
 * A target in one class: implement `write`, which makes a batch of records durable.
 *
 * Guarantee: STATE leaves only after `write` has resolved for every record before it, so a run that breaks is read again
 * from there. Records may therefore come twice; write by key where that matters. One batch is written at a time, in
 * order, while the next is read; at most three batches are in memory.
 */
export abstract class RecordTarget implements Target<readonly RecordStep[]>, OpenedTarget<readonly RecordStep[]> {
  /** The most records of all streams together between two writes. @default 10000 */
  readonly maxBatchRecords: number = 10_000;
  /** The most bytes of records between two writes. @default 64 MiB */
  readonly maxBatchBytes: number = 64 * 1024 * 1024;
  /** The longest that a record waits to be written, in milliseconds. @default 5 minutes */
  readonly maxBatchAgeMs: number = 300_000;
  /** Whether records are checked against their schema. @default true */
  readonly validateRecords: boolean = true;
  /** Formats of texts beside those of JSON Schema, or in place of them. @default none */
  readonly formats: Readonly<Record<string, FormatCheck>> = {};

  /** Makes records durable. When it throws, the run ends with that error. */
  abstract write(batch: RecordBatch): Promise<void> | void;

  /** From here on only records of this version, or written after this, belong to the stream. @default nothing is removed */
  activateVersion?(stream: string, version: number): Promise<void> | void;

  get target(): this {
    return this;
  }

  get policy(): CutPolicy {
    return { maxRows: this.maxBatchRecords, maxBytes: this.maxBatchBytes, maxAgeMs: this.maxBatchAgeMs };
  }

  openSink(schema: SchemaMessage): Sink<readonly RecordStep[]> {
    return new RecordSink(schema);
  }

  async commit({ batches }: Cut<readonly RecordStep[]>, { metrics }: CommitContext): Promise<void> {
    for (const step of batches.flat()) {
      if ('batch' in step) await this.#write(step.batch, metrics);
      else if ('files' in step) await this.#writeFiles(step.files, step.of, metrics);
      else await this.activateVersion?.(step.stream, step.version);
    }
  }

  async #write(batch: RecordBatch, metrics: Metrics): Promise<void> {
    const startedAt = performance.now();
    await this.write(batch);
    const tags = { stream: batch.stream };
    metrics.timer('batch_processing_time', (performance.now() - startedAt) / 1000, tags);
    metrics.counter('record_count', batch.records.length, tags);
  }

  /** Writes files in batches of the usual size; the files stay where they are. */
  async #writeFiles(files: readonly string[], of: Omit<RecordBatch, 'records'>, metrics: Metrics): Promise<void> {
    const { stream, schema, keyProperties } = of;
    const validate = this.validateRecords
      ? compileRecordValidator(stream, schema, { formats: this.formats })
      : undefined;
    const hasKeys = compileKeyCheck(stream, keyProperties);
    const check = (record: JsonObject, line: number): void => {
      validate?.(record, line);
      hasKeys(record, line);
    };
    for (const file of files) {
      let records: JsonObject[] = [];
      let size = 0;
      for await (const { record, bytes } of readBatchFile(file, stream, check)) {
        records.push(record);
        size += bytes;
        if (records.length < this.maxBatchRecords && size < this.maxBatchBytes) continue;
        await this.#write({ ...of, records }, metrics);
        records = [];
        size = 0;
      }
      if (records.length > 0) await this.#write({ ...of, records }, metrics);
    }
  }

  /** Called once at the end of every run, good or bad. */
  async close(_outcome: 'done' | 'failed'): Promise<void> {
    // Nothing to release unless a target says so.
  }
}

class RecordSink implements Sink<readonly RecordStep[]> {
  #steps: RecordStep[] = [];
  #records: JsonObject[] = [];

  constructor(private readonly message: SchemaMessage) {}

  append(record: RecordLine): void {
    this.#records.push(exactRecord(record));
  }

  activateVersion(version: number): void {
    this.#closeBatch();
    this.#steps.push({ stream: this.message.stream, version });
  }

  batch({ manifest }: BatchMessage, line: number): void {
    this.#closeBatch();
    const { stream } = this.message;
    const files = manifest.map((address) => batchFilePath(address, stream, line));
    this.#steps.push({ files, of: this.#described });
  }

  seal(): readonly RecordStep[] | undefined {
    this.#closeBatch();
    if (this.#steps.length === 0) return undefined;
    const steps = this.#steps;
    this.#steps = [];
    return steps;
  }

  #closeBatch(): void {
    if (this.#records.length === 0) return;
    this.#steps.push({ batch: { ...this.#described, records: this.#records } });
    this.#records = [];
  }

  get #described(): Omit<RecordBatch, 'records'> {
    const { stream, schema, key_properties: keyProperties } = this.message;
    return { stream, schema, keyProperties };
  }
}
