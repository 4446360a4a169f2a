import { RecordError, type RecordBytes, type RecordLine } from '@singer-io-ts/sdk';
import { checkDateTime } from '../values/date-time.js';
import type { Compression } from './compression.js';
import type { Deletion } from './deletion.js';
import type { SpoolBudget } from './spool-budget.js';
import type { SpoolDirectory } from './spool-directory.js';
import { SpoolFile, type ClosedFile } from './spool-file.js';

export interface RecordFilesOptions {
  spool: SpoolDirectory;
  fileSizeBytes: number;
  now: () => number;
  compression: Compression;
  /** Bounds what is open and what waits on disk. */
  budget: SpoolBudget;
}

export interface VersionRange {
  least: number;
  greatest: number;
}

/** Files with the rows of one part, in order. */
export interface WrittenRows {
  /** Resolve when they are whole on disk. */
  files: Promise<ClosedFile>[];
  rows: number;
  /** The table versions that the records name; undefined when none does. */
  versions: VersionRange | undefined;
}

/** How many records pass between two looks at a file's size. */
const RECORDS_BETWEEN_LOOKS = 1000;

/**
 * Writes records to compressed files, each as the bytes that are to be loaded, with what the record's line says beside it:
 * `{"n":line,"m":received,"v":version,"x":"extracted","d":"deleted","a":"properties that are absent","r":record}`.
 */
export class RecordFiles {
  readonly #options: RecordFilesOptions;
  #file: SpoolFile | undefined;
  #closed: Promise<ClosedFile>[] = [];
  #rows = 0;
  #versions: VersionRange | undefined;
  #untilLook = 0;
  /** What stood between line number and record the last time, and from what it was made. */
  #middle = {
    received: 0,
    version: undefined as number | undefined,
    extracted: undefined as string | undefined,
    text: ',"m":0',
  };

  constructor(options: RecordFilesOptions) {
    this.#options = options;
  }

  /** @param bytes what is to be loaded for the record */
  append(record: RecordLine, { buffer, start, end }: RecordBytes, deletion?: Deletion): void {
    const { version, line } = record;
    if (version !== undefined && version !== this.#versions?.greatest) this.#noteVersion(version);
    const head = `{"n":${line}${this.#middleOf(record)}${deletion ? deletedText(deletion) : ''},"r":`;
    this.appendRow(head, { buffer, start, end });
  }

  /** Appends a row whose head is written already. */
  appendRow(head: string, { buffer, start, end }: RecordBytes): void {
    const file = this.#file ?? this.#open();
    file.append(head, buffer, start, end);
    this.#rows += 1;
    this.#untilLook -= 1;
    if (this.#untilLook <= 0) this.#look(file);
  }

  /** Resolves when the compressor has caught up. */
  async drained(): Promise<void> {
    await this.#file?.drained();
  }

  /** Hands over what was written since the last time; undefined when nothing was. */
  close(): WrittenRows | undefined {
    this.#closeFile();
    if (this.#closed.length === 0) return undefined;
    const written = { files: this.#closed, rows: this.#rows, versions: this.#versions };
    this.#closed = [];
    this.#rows = 0;
    this.#versions = undefined;
    return written;
  }

  #open(): SpoolFile {
    const { spool, budget, compression } = this.#options;
    const end = (): void => {
      if (this.#file === file) this.#closeFile();
    };
    const file = new SpoolFile(spool.newFile(`.jsonl${compression.ending}`), budget.files, end, compression);
    this.#file = file;
    this.#untilLook = RECORDS_BETWEEN_LOOKS;
    return file;
  }

  #look(file: SpoolFile): void {
    this.#untilLook = RECORDS_BETWEEN_LOOKS;
    if (file.bytesWritten >= this.#options.fileSizeBytes) this.#closeFile();
  }

  #closeFile(): void {
    const closed = this.#file?.close();
    if (!closed) return;
    // Whoever loads the file gets the error; until then it must not count as unhandled.
    closed.catch(() => undefined);
    this.#closed.push(closed);
    this.#file = undefined;
  }

  #noteVersion(version: number): void {
    const { least = version, greatest = version } = this.#versions ?? {};
    this.#versions = { least: Math.min(least, version), greatest: Math.max(greatest, version) };
  }

  #middleOf({ version, timeExtracted, line, stream }: RecordLine): string {
    const received = this.#options.now();
    const last = this.#middle;
    if (received === last.received && version === last.version && timeExtracted === last.extracted) return last.text;
    const extractedText =
      timeExtracted === last.extracted || timeExtracted === undefined
        ? timeExtracted
        : instantText(timeExtracted, stream, line);
    const text = `,"m":${received}${version === undefined ? '' : `,"v":${version}`}${extractedText === undefined ? '' : `,"x":"${extractedText}"`}`;
    this.#middle = { received, version, extracted: timeExtracted, text };
    return text;
  }
}

const deletedText = ({ at, missing }: Deletion): string =>
  `,"d":"${at}"${missing === undefined ? '' : `,"a":"${missing}"`}`;

function instantText(text: string, stream: string, line: number): string {
  const verdict = checkDateTime(text);
  if (verdict === undefined) return text;
  if ('write' in verdict && typeof verdict.write === 'string') return verdict.write;
  throw new RecordError({
    message: `line ${line}: "time_extracted" of a record of stream "${stream}" is no date and time of RFC 3339`,
    stream,
    line,
  });
}
