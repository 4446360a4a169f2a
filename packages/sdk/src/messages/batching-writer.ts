import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { ConfigError } from '../errors/config-error.js';
import { makeFolder } from './make-folder.js';
import { MessageWriter, type RecordOptions } from './message-writer.js';
import { textOf, type RecordBytes } from './record-span.js';
import type { SchemaMessage } from './messages.js';

/** A file is closed at this many characters, whatever the number of its records: it is held in memory until then. */
const MAX_FILE_CHARACTERS = 32 * 1024 * 1024;

export interface BatchFiles {
  /** The folder that files are written into; made when the first one is. */
  folder: string;
  /** What the names of files begin with. Must differ from run to run. */
  prefix: string;
  compression: 'gzip' | 'none';
  /** The most records of one file. */
  maxRecords: number;
}

interface OpenFile {
  lines: string[];
  characters: number;
}

/**
 * Writes records into files and names them in BATCH messages, instead of writing RECORD messages.
 *
 * A file is whole before its BATCH is written, and a STATE comes after the BATCHes of all records before it.
 * Records of a versioned stream stay RECORD messages, because files do not carry versions.
 */
export class BatchingWriter extends MessageWriter {
  readonly #files: BatchFiles;
  readonly #open = new Map<string, OpenFile>();
  #count = 0;

  constructor(output: Writable, files: BatchFiles) {
    super(output);
    this.#files = files;
  }

  override recordText(stream: string, recordText: string, options: RecordOptions = {}): void {
    if (options.version !== undefined) {
      this.#close(stream);
      super.recordText(stream, recordText, options);
      return;
    }
    const file = this.#open.get(stream) ?? { lines: [], characters: 0 };
    this.#open.set(stream, file);
    file.lines.push(recordText);
    file.characters += recordText.length;
    if (file.lines.length >= this.#files.maxRecords || file.characters >= MAX_FILE_CHARACTERS) this.#close(stream);
  }

  override recordBytes(stream: string, bytes: RecordBytes, options: RecordOptions = {}): void {
    if (options.version === undefined) this.recordText(stream, textOf(bytes), options);
    else {
      this.#close(stream);
      super.recordBytes(stream, bytes, options);
    }
  }

  override schema(message: Omit<SchemaMessage, 'type'>): void {
    this.#close(message.stream);
    super.schema(message);
  }

  override activateVersion(stream: string, version: number): void {
    this.#close(stream);
    super.activateVersion(stream, version);
  }

  override state(value: object): void {
    this.#closeAll();
    super.state(value);
  }

  override async flush(): Promise<void> {
    this.#closeAll();
    await super.flush();
  }

  #closeAll(): void {
    for (const stream of this.#open.keys()) this.#close(stream);
  }

  #close(stream: string): void {
    const file = this.#open.get(stream);
    if (!file) return;
    this.#open.delete(stream);
    const { folder, prefix, compression } = this.#files;
    this.#count += 1;
    const name = `${prefix}${encodeURIComponent(stream)}-${String(this.#count)}.jsonl${compression === 'gzip' ? '.gz' : ''}`;
    const text = `${file.lines.join('\n')}\n`;
    const place = path.join(folder, name);
    write(place, compression === 'gzip' ? gzipSync(text, { level: 1 }) : text);
    this.batch({ stream, encoding: { format: 'jsonl', compression }, manifest: [pathToFileURL(place).href] });
  }
}

/** @throws {ConfigError} when the folder takes no files; a full disk is no mistake of the setting, and thrown as it came */
function write(file: string, content: string | Uint8Array): void {
  const folder = path.dirname(file);
  try {
    makeFolder(folder);
    writeFileSync(file, content);
  } catch (cause) {
    const code = String((cause as NodeJS.ErrnoException).code);
    if (code === 'ENOSPC' || code === 'EDQUOT') throw cause;
    throw new ConfigError({
      message: `setting "batch_config.storage.root" must be a folder that can be written to; it is ${folder} (${code})`,
      setting: 'batch_config',
      cause,
    });
  }
}
