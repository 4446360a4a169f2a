import {
  exactnessOf,
  RecordError,
  type BatchMessage,
  type JsonObject,
  type Logger,
  type RecordBytes,
  type RecordLine,
  type Sink,
} from '@singer-io-ts/sdk';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { ColumnCheck, RecordPlace } from '../values/column-check.js';
import type { RecordCheck } from '../values/record-check.js';
import { batchPath } from './batch-path.js';
import { readBatchFile } from './batch-reader.js';
import type { ExtraProperties } from './extra-properties.js';
import { addInexact, type InexactNumbers } from './inexact-numbers.js';
import { PartWriter, type Part } from './part-writer.js';
import type { RecordFilesOptions } from './record-files.js';
import { refusedRecord, type RefusedRecord } from './refused-record.js';
import type { ClosedFile } from './spool-file.js';

/** What one stream received between two cuts under one SCHEMA. */
export interface SealedStream {
  plan: StreamPlan;
  /** Resolves when the files of BATCH messages are read; before that, what follows is not complete. */
  complete: Promise<void>;
  parts: Part[];
  rows: number;
  /** Bytes of records as they came. */
  bytes: number;
  /** When it was sealed, RFC 3339. */
  sealedAt: string;
  /** Records that go into quarantine. */
  refused: RefusedRecord[];
  /** Values that some columns would change: numbers in a FLOAT, digits of a second in a TIMESTAMP(3) and the like. */
  inexact: InexactNumbers;
  /** The length of the longest record as it is loaded, in bytes. */
  longest: number;
  /** Against which columns of the table the records were checked when they were read; undefined: none. */
  readAgainst: string | undefined;
  /** Against which they were checked since. */
  checkedAgainst: string | undefined;
  /** How many values, or rows, the contract left out because of what a property had, by property. */
  discarded: Map<string, number>;
  /** The files that BATCH messages named. */
  sources: string[];
}

/** Columns of a table that records are checked against. */
export interface KnownColumns {
  /** Tells these columns from others. */
  key: string;
  check: ColumnCheck;
}

export interface SinkOptions extends RecordFilesOptions {
  plan: StreamPlan;
  check: RecordCheck;
  extra: ExtraProperties;
  processActivateVersion: boolean;
  maxLineBytes: number;
  logger: Logger;
  /** Checks a record of a BATCH file as the engine checks those of the input. */
  validate: (record: RecordLine) => void;
  /** Told of a record that does not fit. @throws when it may not be put aside */
  onRefused: (error: RecordError) => void;
  /** Told when there is something to load. */
  onFirstRecord: () => void;
}

/** The files of all parts. */
export const filesOf = ({ parts }: SealedStream): Promise<ClosedFile>[] => parts.flatMap(({ files }) => files);

/** Checks a stream's records and writes them to files, ready to be loaded. */
export class SnowflakeSink implements Sink<SealedStream> {
  readonly checksFormats = true;
  readonly #options: SinkOptions;
  readonly #writer: PartWriter;
  #sealed: SealedStream;
  /** What was received so far, in order. */
  #segments: (Part[] | Promise<Part[]>)[] = [];
  #begun = false;
  #columns: KnownColumns | undefined;
  /** What the records that were checked last belong to. */
  #checkedFor: SealedStream | undefined;
  /** Begins to read the files of BATCH messages, once it is known whether a version is activated after them. */
  #startReading: ((version: number | undefined) => void)[] = [];
  /** Whether rows of such files have been handed over without a version. */
  #unversioned = false;

  constructor(options: SinkOptions) {
    this.#options = options;
    this.#writer = new PartWriter({ ...options, placeOf: lineOf });
    this.#sealed = this.#empty();
  }

  append(record: RecordLine): void {
    this.#begin();
    this.#write(record, this.#writer, this.#sealed, lineOf);
  }

  refuse(record: RecordLine, error: RecordError): void {
    this.#begin();
    this.#putAside(record, error, this.#sealed);
  }

  activateVersion(version: number): void {
    const { plan, processActivateVersion, logger } = this.#options;
    if (!processActivateVersion || plan.loadMethod === 'overwrite') return;
    if (!plan.metadata || plan.metadata.length === 1) {
      logger.warning(
        `ACTIVATE_VERSION of stream ${plan.stream} is not obeyed: that needs the columns of add_record_metadata`,
        { stream: plan.stream },
      );
      return;
    }
    if (this.#unversioned) {
      const message = `ACTIVATE_VERSION of stream ${plan.stream} is not obeyed: a cut lies between it and the BATCH messages before, whose rows have no version; rows that are gone in the source stay until the next one`;
      logger.warning(message, { stream: plan.stream });
      return;
    }
    // Files carry no versions: what came since the last activation is what the table consists of from now on.
    this.#read(version);
    this.#writer.close(version);
  }

  batch(message: BatchMessage, line: number): void {
    const paths = message.manifest.map((address) => batchPath(address, message.stream, line));
    this.#begin();
    this.#segments.push(this.#writer.take());
    this.#sealed.sources.push(...paths);
    for (const path of paths) {
      const version = new Promise<number | undefined>((resolve) => this.#startReading.push(resolve));
      this.#segments.push(this.#readBatch(path, message, line, version));
    }
  }

  /** From now on records are checked against columns of the table, too. */
  checkAgainst(columns: KnownColumns | undefined): void {
    this.#columns = columns;
  }

  /** Lets the files be read that wait for it, with the version that their rows have. @returns whether there are any */
  #read(version: number | undefined): boolean {
    const waiting = this.#startReading.splice(0);
    for (const start of waiting) start(version);
    return waiting.length > 0;
  }

  seal(): SealedStream | undefined {
    this.#unversioned = this.#read(undefined) || this.#unversioned;
    this.#segments.push(this.#writer.take());
    const segments = this.#segments;
    const sealed = this.#sealed;
    const waits = segments.some((segment) => !Array.isArray(segment));
    if (!waits) sealed.parts = segments.flatMap((segment) => (Array.isArray(segment) ? segment : []));
    const { parts, refused, discarded } = sealed;
    if (!waits && parts.length === 0 && refused.length === 0 && discarded.size === 0) return undefined;
    sealed.sealedAt = new Date(this.#options.now()).toISOString();
    if (waits) sealed.complete = this.#complete(sealed, segments);
    // Whoever loads the files gets the error.
    sealed.complete.then(() => this.#options.budget.hold(filesOf(sealed))).catch(() => undefined);
    this.#segments = [];
    this.#sealed = this.#empty();
    return sealed;
  }

  #empty(): SealedStream {
    const { plan } = this.#options;
    const complete = Promise.resolve();
    return {
      plan,
      complete,
      parts: [],
      rows: 0,
      bytes: 0,
      sealedAt: '',
      refused: [],
      inexact: new Map(),
      longest: 0,
      readAgainst: this.#columns?.key,
      checkedAgainst: undefined,
      discarded: new Map(),
      sources: [],
    };
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#options.onFirstRecord();
  }

  #write(record: RecordLine, writer: PartWriter, sealed: SealedStream, placeOf: Part['placeOf']): void {
    const { check, extra, plan } = this.#options;
    if (plan.properties.length === 0) throw noColumns(plan.stream, record.line);
    if (this.#checkedFor !== sealed) check.forget();
    this.#checkedFor = sealed;
    const read = check.check(record);
    // At once: records of files are checked between those of the input, and belong to the cut of their message.
    if (check.hasInexact) addInexact(sealed.inexact, check.takeInexact(), placeOf(record.line));
    const bytes = this.#columns ? checkColumns(this.#columns.check, record, read, sealed) : read;
    if (bytes) {
      writer.write(record, bytes);
      sealed.longest = Math.max(sealed.longest, bytes.end - bytes.start);
    }
    extra.see(record.record);
    sealed.rows += 1;
    sealed.bytes += record.bytes.end - record.bytes.start;
  }

  #putAside({ bytes }: Pick<RecordLine, 'bytes'>, error: RecordError, { plan, refused }: SealedStream): void {
    this.#options.onRefused(error);
    refused.push(refusedRecord(plan.stream, error, bytes));
  }

  async #complete(sealed: SealedStream, segments: readonly (Part[] | Promise<Part[]>)[]): Promise<void> {
    const parts = await Promise.all(segments.map(async (segment) => segment));
    sealed.parts = parts.flat();
  }

  /** Reads a file in the background, after those before it; it is loaded in the cut in which its message stood. */
  #readBatch(
    path: string,
    message: BatchMessage,
    messageLine: number,
    versionKnown: Promise<number | undefined>,
  ): Promise<Part[]> {
    const { stream, encoding } = message;
    const sealed = this.#sealed;
    const placeOf = (number: number): RecordPlace => ({
      line: messageLine,
      where: `line ${messageLine}: BATCH file ${path}, line ${number}`,
    });
    const writer = new PartWriter({ ...this.#options, placeOf });
    const before = this.#segments.at(-1);
    const read = async (): Promise<Part[]> => {
      await before;
      const version = await versionKnown;
      await readBatchFile({
        path,
        compression: encoding.compression,
        stream,
        messageLine,
        maxLineBytes: this.#options.maxLineBytes,
        ready: () => writer.drained(),
        onRecord: (record) => {
          this.#options.validate(record);
          this.#write({ ...record, version }, writer, sealed, placeOf);
        },
        onRefused: (bytes, error) => this.#putAside({ bytes }, error, sealed),
      });
      return writer.take();
    };
    const parts = read();
    parts.catch(() => undefined);
    return parts;
  }
}

const lineOf = (line: number): RecordPlace => ({ line, where: `line ${line}` });

/** The bytes that are to be loaded for a record; undefined when the contract leaves its row out. */
function checkColumns(
  check: ColumnCheck,
  record: RecordLine,
  bytes: RecordBytes,
  { discarded }: SealedStream,
): RecordBytes | undefined {
  const row = check.check(bytes === record.bytes ? record : rewritten(record, bytes), lineOf(record.line));
  for (const property of row.discarded) discarded.set(property, (discarded.get(property) ?? 0) + 1);
  return row.bytes;
}

/** A record as it is loaded. */
function rewritten(record: RecordLine, bytes: RecordBytes): RecordLine {
  const text = bytes.buffer.toString('utf8', bytes.start, bytes.end);
  return { ...record, record: JSON.parse(text) as JsonObject, bytes, isExact: exactnessOf(text) };
}

function noColumns(stream: string, line: number): RecordError {
  return new RecordError({
    message: `line ${line}: the schema of stream "${stream}" describes no properties, so its records have no columns to go to; check the tap's catalog`,
    stream,
    line,
  });
}
