import {
  ProtocolError,
  RecordError,
  type BatchMessage,
  type Logger,
  type RecordLine,
  type Sink,
} from '@singer-io-ts/sdk';
import { existsSync, statSync, symlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RecordCheck } from './record-check.js';
import { SpoolFile, type ClosedFile } from './spool-file.js';
import type { SpoolBudget } from './spool-budget.js';
import type { SpoolDirectory } from './spool-directory.js';
import type { StreamPlan } from '../plan/stream-plan.js';

/** Rows in the order of the input, up to an ACTIVATE_VERSION or a change between records and files. */
export interface Part {
  /** Files of this target's own, or those that BATCH messages named. */
  kind: 'records' | 'batch';
  /** Resolves when the files are whole on disk. */
  files: Promise<ClosedFile>[];
  /** The files that BATCH messages named, which {@link files} are links to. */
  sources: string[];
  compression: 'gzip' | 'none';
  /** How many there are; of BATCH files it is known only after loading. */
  rows: number | undefined;
  /** The table versions that the records name; undefined when none does. */
  versions: VersionRange | undefined;
  /** The version to activate after these rows. */
  activate: number | undefined;
}

export interface VersionRange {
  least: number;
  greatest: number;
}

/** What one stream received between two cuts under one SCHEMA. */
export interface SealedStream {
  plan: StreamPlan;
  parts: Part[];
  rows: number;
  /** Bytes of records as they came. */
  bytes: number;
  /** When it was sealed, RFC 3339. */
  sealedAt: string;
}

export interface SinkOptions {
  plan: StreamPlan;
  check: RecordCheck;
  spool: SpoolDirectory;
  fileSizeBytes: number;
  processActivateVersion: boolean;
  logger: Logger;
  now: () => number;
  /** Bounds what waits on disk. */
  budget: SpoolBudget;
  /** Told when there is something to load. */
  onFirstRecord: () => void;
}

/** The files that this target wrote, as against those that BATCH messages named. */
export const ownFiles = ({ parts }: SealedStream): Promise<ClosedFile>[] =>
  parts.flatMap(({ kind, files }) => (kind === 'records' ? files : []));

/**
 * Writes a stream's records to gzip files, each as the bytes that came, with what the record's line says beside it:
 * `{"n":line,"m":received,"v":version,"x":"extracted","r":record}`.
 */
export class SnowflakeSink implements Sink<SealedStream> {
  readonly #options: SinkOptions;
  #parts: Part[] = [];
  #file: SpoolFile | undefined;
  #closed: Promise<ClosedFile>[] = [];
  #partRows = 0;
  #versions: VersionRange | undefined;
  #rows = 0;
  #bytes = 0;
  #untilRoll = 0;
  /** What stood between line number and record the last time, and from what it was made. */
  #middle = {
    received: 0,
    version: undefined as number | undefined,
    extracted: undefined as string | undefined,
    text: ',"m":0,"r":',
  };

  constructor(options: SinkOptions) {
    this.#options = options;
  }

  append(record: RecordLine): void {
    this.#options.check(record);
    const { buffer, start, end } = record.bytes;
    const { version } = record;
    if (version !== undefined && version !== this.#versions?.greatest) this.#noteVersion(version);
    const file = this.#file ?? this.#open();
    file.append(`{"n":${record.line}${this.#middleOf(record)}`, buffer, start, end);
    this.#partRows += 1;
    this.#rows += 1;
    this.#bytes += end - start;
    this.#untilRoll -= 1;
    if (this.#untilRoll <= 0) this.#rollIfLarge(file);
  }

  activateVersion(version: number): void {
    const { plan, processActivateVersion, logger } = this.#options;
    if (!processActivateVersion || plan.loadMethod === 'overwrite') return;
    if (!plan.metadata) {
      logger.warning(
        `ACTIVATE_VERSION of stream ${plan.stream} is not obeyed: that needs the columns of add_record_metadata`,
        { stream: plan.stream },
      );
      return;
    }
    this.#closePart(version);
  }

  batch(message: BatchMessage, line: number): void {
    this.#closePart(undefined);
    const compression = message.encoding.compression === 'gzip' ? 'gzip' : 'none';
    const sources = message.manifest.map((url) => localPath(url, message.stream, line));
    const files = sources.map((source) => Promise.resolve(this.#link(source, compression)));
    this.#parts.push({
      kind: 'batch',
      files,
      sources,
      compression,
      rows: undefined,
      versions: undefined,
      activate: undefined,
    });
    this.#options.onFirstRecord();
  }

  seal(): SealedStream | undefined {
    this.#closePart(undefined);
    if (this.#parts.length === 0) return undefined;
    const sealed: SealedStream = {
      plan: this.#options.plan,
      parts: this.#parts,
      rows: this.#rows,
      bytes: this.#bytes,
      sealedAt: new Date(this.#options.now()).toISOString(),
    };
    this.#parts = [];
    this.#rows = 0;
    this.#bytes = 0;
    void this.#options.budget.hold(ownFiles(sealed));
    return sealed;
  }

  /** Gives a file a name of our own, since PUT takes characters of a name as patterns. */
  #link(source: string, compression: 'gzip' | 'none'): ClosedFile {
    const path = this.#options.spool.newFile(compression === 'gzip' ? '.jsonl.gz' : '.json');
    symlinkSync(source, path);
    return { path, bytes: statSync(source).size };
  }

  #open(): SpoolFile {
    this.#file = new SpoolFile(this.#options.spool.newFile('.jsonl.gz'));
    this.#options.budget.opened(this.#file);
    this.#options.onFirstRecord();
    this.#untilRoll = 1000;
    return this.#file;
  }

  #noteVersion(version: number): void {
    const { least = version, greatest = version } = this.#versions ?? {};
    this.#versions = { least: Math.min(least, version), greatest: Math.max(greatest, version) };
  }

  #rollIfLarge(file: SpoolFile): void {
    this.#untilRoll = 1000;
    if (file.bytesWritten >= this.#options.fileSizeBytes) this.#closeFile();
  }

  #closeFile(): void {
    const file = this.#file;
    if (!file) return;
    const closed = file.close();
    // Whoever loads the file gets the error; until then it must not count as unhandled.
    closed.catch(() => undefined);
    this.#closed.push(closed);
    this.#options.budget.closed(file);
    this.#file = undefined;
  }

  #closePart(activate: number | undefined): void {
    this.#closeFile();
    if (this.#closed.length > 0 || activate !== undefined) {
      this.#parts.push({
        kind: 'records',
        files: this.#closed,
        sources: [],
        compression: 'gzip',
        rows: this.#partRows,
        versions: this.#versions,
        activate,
      });
    }
    this.#closed = [];
    this.#partRows = 0;
    this.#versions = undefined;
  }

  #middleOf({ version, timeExtracted, line, stream }: RecordLine): string {
    const received = this.#options.now();
    const last = this.#middle;
    if (received === last.received && version === last.version && timeExtracted === last.extracted) return last.text;
    const extractedText =
      timeExtracted === last.extracted || timeExtracted === undefined
        ? timeExtracted
        : instantText(timeExtracted, stream, line);
    const text = `,"m":${received}${version === undefined ? '' : `,"v":${version}`}${extractedText === undefined ? '' : `,"x":"${extractedText}"`},"r":`;
    this.#middle = { received, version, extracted: timeExtracted, text };
    return text;
  }
}

const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?([zZ]|[+-]\d\d(:?\d\d)?)?$/;

function instantText(text: string, stream: string, line: number): string {
  if (INSTANT.test(text)) return text;
  throw new RecordError({
    message: `line ${line}: "time_extracted" of a record of stream "${stream}" is no date and time of RFC 3339`,
    stream,
    line,
  });
}

function localPath(url: string, stream: string, line: number): string {
  const path = url.startsWith('file://') ? fileURLToPath(url) : url.includes('://') ? undefined : resolve(url);
  if (path !== undefined && existsSync(path)) return path;
  throw new ProtocolError({
    message: `line ${line}: BATCH of stream "${stream}" names a file that ${path === undefined ? 'is not on this machine; only file:// is read' : `does not exist: ${path}`}`,
    line,
  });
}
