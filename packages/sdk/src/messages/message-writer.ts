import type { Writable } from 'node:stream';
import { InterruptedError } from '../errors/interrupted-error.js';
import type { JsonObject } from '../json/json-value.js';
import { stringifyJson } from '../json/lossless.js';
import type { BatchMessage, SchemaMessage } from './messages.js';
import type { RecordBytes } from './record-span.js';

/** Lines are gathered up to this many characters before they are handed to the output: fewer system calls. */
const BLOCK_CHARACTERS = 65_536;
/** The same for lines that come as bytes. */
const BLOCK_BYTES = 262_144;

const NEWLINE = 0x0a;

export interface RecordOptions {
  /** The version of the table this record belongs to. @default none */
  version?: number | undefined;
  /** When the record was read from the source, RFC 3339. @default none */
  timeExtracted?: string | undefined;
}

/**
 * Writes Singer messages, a line each, in the order of the calls, to one output.
 *
 * Calls return at once; `ready()` resolves when the output can take more, so a producer that awaits it
 * between pages keeps memory flat. Output is deterministic: properties come in a fixed order.
 * When the reader has gone (EPIPE) every later call throws {@link InterruptedError}.
 */
export class MessageWriter {
  readonly #output: Writable;
  #block = '';
  #blocked = false;
  #failure: Error | undefined;
  #bytes = Buffer.alloc(0);
  #filled = 0;
  #lastSuffix: { version: number | undefined; timeExtracted: string | undefined; bytes: Buffer } | undefined;
  readonly #prefixes = new Map<string, { text: string; bytes: Buffer }>();

  constructor(output: Writable) {
    this.#output = output;
    output.on('error', (error: Error) => {
      this.#failure ??= new InterruptedError({
        message: 'the program that reads the messages has ended; stopped (its own message says why)',
        cause: error,
      });
    });
    output.on('drain', () => (this.#blocked = false));
  }

  schema({ stream, schema, key_properties, bookmark_properties }: Omit<SchemaMessage, 'type'>): void {
    this.#line(stringifyJson({ type: 'SCHEMA', stream, schema, key_properties, bookmark_properties }));
  }

  record(stream: string, record: JsonObject, options?: RecordOptions): void {
    this.recordText(stream, stringifyJson(record), options);
  }

  /** Writes a record that is JSON text already; the text must be one line. */
  recordText(stream: string, recordText: string, { version, timeExtracted }: RecordOptions = {}): void {
    this.#line(`${this.#prefix(stream).text}${recordText}${suffixOf(version, timeExtracted)}`);
  }

  /** As `recordText`, for text that is there as UTF-8 bytes; they are copied before the call returns. */
  recordBytes(
    stream: string,
    { buffer, start, end }: RecordBytes,
    { version, timeExtracted }: RecordOptions = {},
  ): void {
    this.#throwIfFailed();
    const prefix = this.#prefix(stream).bytes;
    const suffix = this.#suffix(version, timeExtracted);
    const size = prefix.length + (end - start) + suffix.length + 1;
    if (this.#block !== '' || this.#filled + size > this.#bytes.length) this.#send();
    if (size > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(Math.max(size, BLOCK_BYTES));
    const block = this.#bytes;
    let at = this.#filled;
    at += prefix.copy(block, at);
    at += buffer.copy(block, at, start, end);
    at += suffix.copy(block, at);
    block[at] = NEWLINE;
    this.#filled = at + 1;
  }

  /** The same for most records that follow each other. */
  #suffix(version: number | undefined, timeExtracted: string | undefined): Buffer {
    const last = this.#lastSuffix;
    if (last && last.version === version && last.timeExtracted === timeExtracted) return last.bytes;
    const bytes = Buffer.from(suffixOf(version, timeExtracted));
    this.#lastSuffix = { version, timeExtracted, bytes };
    return bytes;
  }

  #prefix(stream: string): { text: string; bytes: Buffer } {
    let prefix = this.#prefixes.get(stream);
    if (prefix === undefined) {
      const text = `{"type":"RECORD","stream":${JSON.stringify(stream)},"record":`;
      this.#prefixes.set(stream, (prefix = { text, bytes: Buffer.from(text) }));
    }
    return prefix;
  }

  activateVersion(stream: string, version: number): void {
    this.#line(JSON.stringify({ type: 'ACTIVATE_VERSION', stream, version }));
  }

  batch({ stream, encoding, manifest }: Omit<BatchMessage, 'type'>): void {
    this.#line(JSON.stringify({ type: 'BATCH', stream, encoding, manifest }));
  }

  /** Writes a STATE and hands everything up to it to the output at once. */
  state(value: object): void {
    this.#line(stringifyJson({ type: 'STATE', value }));
    this.#send();
  }

  /**
   * Writes what a target writes of a STATE: its value alone, in a line (Singer specification: a target emits the state,
   * not the message), so that the last line of a target's output is what `--state` takes.
   *
   * @param text the value's JSON in one line, as the tap wrote it
   */
  stateText(text: string): void {
    this.#line(text);
    this.#send();
  }

  /** Resolves when the output can take more. */
  async ready(): Promise<void> {
    this.#throwIfFailed();
    if (!this.#blocked) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#output.off('drain', done).off('error', done).off('close', done);
        resolve();
      };
      this.#output.on('drain', done).on('error', done).on('close', done);
    });
    this.#throwIfFailed();
  }

  /** Hands over what is gathered and resolves when the output has taken it. */
  async flush(): Promise<void> {
    this.#send();
    this.#throwIfFailed();
    await new Promise<void>((resolve) => this.#output.write('', () => resolve()));
    this.#throwIfFailed();
  }

  #line(text: string): void {
    this.#throwIfFailed();
    if (this.#filled > 0) this.#send();
    this.#block += text;
    this.#block += '\n';
    if (this.#block.length >= BLOCK_CHARACTERS) this.#send();
  }

  /** Either text or bytes are gathered, never both: the order of the calls is the order of the lines. */
  #send(): void {
    if (this.#filled > BLOCK_BYTES / 4) {
      // The output may keep what it is given, so the block is its own from now on.
      this.#write(this.#bytes.subarray(0, this.#filled));
      this.#bytes = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    } else if (this.#filled > 0) this.#write(Buffer.from(this.#bytes.subarray(0, this.#filled)));
    this.#filled = 0;
    if (this.#block !== '') this.#write(this.#block);
    this.#block = '';
  }

  #write(block: string | Buffer): void {
    if (!this.#output.write(block)) this.#blocked = true;
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure;
  }
}

/** What follows a record in its message. Both values are plain ASCII. */
function suffixOf(version: number | undefined, timeExtracted: string | undefined): string {
  const versionText = version === undefined ? '' : `,"version":${String(version)}`;
  const timeText = timeExtracted === undefined ? '' : `,"time_extracted":"${timeExtracted}"`;
  return `${versionText}${timeText}}`;
}
