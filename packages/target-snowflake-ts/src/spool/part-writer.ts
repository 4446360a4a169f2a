import type { RecordBytes, RecordLine } from '@singer-io-ts/sdk';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { RecordPlace } from '../values/column-check.js';
import { readDeletion, type Deletion } from './deletion.js';
import { RecordFiles, type RecordFilesOptions, type VersionRange, type WrittenRows } from './record-files.js';
import type { ClosedFile } from './spool-file.js';

/** Rows in the order of the input, to be merged into their table in one go. */
export interface Part {
  /** Resolve when the files are whole on disk. */
  files: Promise<ClosedFile>[];
  rows: number;
  /** The table versions that the records name; undefined when none does. */
  versions: VersionRange | undefined;
  /** Whether some of them say that their row is deleted. */
  deletions: boolean;
  /** Whether these are deletions that do not carry all columns, which keep their values then. */
  partial: boolean;
  /** The version to activate after these rows. */
  activate: number | undefined;
  /** Says where a row came from, by the number that it bears. */
  placeOf: (number: number) => RecordPlace;
}

export interface PartWriterOptions extends RecordFilesOptions {
  plan: Pick<StreamPlan, 'stream' | 'properties' | 'keys' | 'deletedAt' | 'hardDelete'>;
  placeOf: Part['placeOf'];
}

const NO_ROWS = { files: [], rows: 0, versions: undefined, deletions: false, partial: false };

/**
 * Writes records to the files of parts. Deletions that do not carry all columns go into parts of their own, after the rows that came with
 * them; a record of a key that was deleted like this begins the next part, so that each key's records are applied in their order.
 */
export class PartWriter {
  readonly #options: PartWriterOptions;
  readonly #rows: RecordFiles;
  readonly #partial: RecordFiles;
  readonly #properties: readonly string[];
  readonly #deletedKeys = new Set<string>();
  /** Whether some of the rows that carry all columns are deletions. */
  #deletions = false;
  #parts: Part[] = [];

  constructor(options: PartWriterOptions) {
    this.#options = options;
    this.#rows = new RecordFiles(options);
    this.#partial = new RecordFiles(options);
    this.#properties = options.plan.properties.map(({ property }) => property);
  }

  /** @param bytes what is to be loaded for the record. @throws RecordError when it does not say clearly whether its row is deleted */
  write(record: RecordLine, bytes: RecordBytes): void {
    const { plan } = this.#options;
    const deletion = plan.deletedAt === undefined ? undefined : this.#deletionOf(record, plan.deletedAt.property);
    if (this.#deletedKeys.size > 0 && this.#deletedKeys.has(this.#keyOf(record))) this.close(undefined);
    if (deletion?.missing === undefined || plan.keys.length === 0 || plan.hardDelete) {
      this.#deletions ||= deletion !== undefined;
      this.#rows.append(record, bytes, deletion && { at: deletion.at, missing: undefined });
      return;
    }
    this.#partial.append(record, bytes, deletion);
    this.#deletedKeys.add(this.#keyOf(record));
  }

  /** Ends the part. @param activate the version to activate after it */
  close(activate: number | undefined): void {
    this.#deletedKeys.clear();
    const made = [
      this.#partOf(this.#rows.close(), { deletions: this.#deletions, partial: false }),
      this.#partOf(this.#partial.close(), { deletions: true, partial: true }),
    ];
    this.#deletions = false;
    const parts = made.filter((part) => part !== undefined);
    if (activate !== undefined) {
      if (parts.length === 0) parts.push({ ...NO_ROWS, activate, placeOf: this.#options.placeOf });
      for (const part of parts.slice(-1)) part.activate = activate;
    }
    this.#parts.push(...parts);
  }

  /** Ends the part and hands over all there are. */
  take(): Part[] {
    this.close(undefined);
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  /** Resolves when the compressors have caught up. */
  async drained(): Promise<void> {
    await this.#rows.drained();
    await this.#partial.drained();
  }

  #partOf(written: WrittenRows | undefined, kind: Pick<Part, 'deletions' | 'partial'>): Part | undefined {
    return written && { ...written, ...kind, activate: undefined, placeOf: this.#options.placeOf };
  }

  #deletionOf(record: RecordLine, deletedAt: string): Deletion | undefined {
    const { plan, now } = this.#options;
    return readDeletion({ stream: plan.stream, deletedAt, properties: this.#properties }, record, now);
  }

  #keyOf({ record }: RecordLine): string {
    return JSON.stringify(this.#options.plan.keys.map((index) => record[this.#properties[index] ?? '']));
  }
}
