import type { Writable } from 'node:stream';
import { InterruptedError } from '../errors/interrupted-error.js';
import type { JsonObject } from '../json/json-value.js';
import { stringifyJson } from '../json/lossless.js';
import type { BatchMessage, SchemaMessage } from './messages.js';

/** Lines are gathered up to this many characters before they are handed to the output: fewer system calls. */
const BLOCK_CHARACTERS = 65_536;

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
  readonly #prefixes = new Map<string, string>();

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
    let prefix = this.#prefixes.get(stream);
    if (prefix === undefined) {
      prefix = `{"type":"RECORD","stream":${JSON.stringify(stream)},"record":`;
      this.#prefixes.set(stream, prefix);
    }
    const versionText = version === undefined ? '' : `,"version":${String(version)}`;
    const timeText = timeExtracted === undefined ? '' : `,"time_extracted":"${timeExtracted}"`;
    this.#line(`${prefix}${recordText}${versionText}${timeText}}`);
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
   */
  stateValue(value: object): void {
    this.#line(stringifyJson(value));
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
    this.#block += text;
    this.#block += '\n';
    if (this.#block.length >= BLOCK_CHARACTERS) this.#send();
  }

  #send(): void {
    if (this.#block === '') return;
    const block = this.#block;
    this.#block = '';
    if (!this.#output.write(block)) this.#blocked = true;
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure;
  }
}
