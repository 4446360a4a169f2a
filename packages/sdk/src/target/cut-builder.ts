import { isDeepStrictEqual } from 'node:util';
import { ProtocolError } from '../errors/protocol-error.js';
import type { BatchMessage, SchemaMessage } from '../messages/messages.js';
import type { RecordLine } from '../messages/record-span.js';
import { compileRecordValidator, type RecordValidator } from '../schema/record-validator.js';
import type { Cut, CutPolicy, CutReason, Sink, Target } from './target.js';

export interface CutBuilderOptions<B> {
  target: Target<B>;
  policy: CutPolicy;
  validateRecords: boolean;
  now: () => number;
}

interface OpenStream<B> {
  readonly schema: SchemaMessage;
  readonly sink: Sink<B>;
  readonly validate: RecordValidator | undefined;
}

/**
 * Gathers what comes between two cuts: opens a sink per stream, checks records, seals.
 * A SCHEMA that differs from the stream's last one seals what came before it under the old one.
 */
export class CutBuilder<B> {
  readonly #options: CutBuilderOptions<B>;
  readonly #streams = new Map<string, OpenStream<B>>();
  #sealed: B[] = [];
  #rows = 0;
  #bytes = 0;
  #firstRecordAt = 0;
  #state: unknown;
  #recordsAfterState = false;
  #sequence = 0;

  constructor(options: CutBuilderOptions<B>) {
    this.#options = options;
  }

  get hasRecords(): boolean {
    return this.#rows > 0;
  }

  schema(message: SchemaMessage): void {
    const { target, validateRecords } = this.#options;
    const open = this.#streams.get(message.stream);
    if (open && isDeepStrictEqual(open.schema, message)) return;
    this.#seal(open);
    this.#streams.set(message.stream, {
      schema: message,
      sink: target.openSink(message),
      validate: validateRecords ? compileRecordValidator(message.stream, message.schema) : undefined,
    });
  }

  record(record: RecordLine): void {
    const { sink, validate } = this.#open(record.stream, 'RECORD', record.line);
    validate?.(record.record, record.line);
    sink.append(record);
    if (this.#rows === 0) this.#firstRecordAt = this.#options.now();
    this.#rows += 1;
    this.#bytes += record.bytes.end - record.bytes.start;
    this.#recordsAfterState = true;
  }

  activateVersion(stream: string, version: number, line: number): void {
    this.#open(stream, 'ACTIVATE_VERSION', line).sink.activateVersion(version, line);
    this.#recordsAfterState = true;
  }

  batch(message: BatchMessage, line: number): void {
    const { sink } = this.#open(message.stream, 'BATCH', line);
    if (!sink.batch) {
      throw new ProtocolError({
        message: `line ${String(line)}: this target does not read BATCH messages (stream "${message.stream}")`,
        line,
      });
    }
    sink.batch(message, line);
    this.#recordsAfterState = true;
  }

  state(value: unknown): void {
    this.#state = value;
    this.#recordsAfterState = false;
  }

  isFull(): boolean {
    const { maxRows, maxBytes } = this.#options.policy;
    return this.#rows >= maxRows || this.#bytes >= maxBytes;
  }

  fullReason(): CutReason {
    return this.#rows >= this.#options.policy.maxRows ? 'rows' : 'bytes';
  }

  isOld(): boolean {
    return this.#rows > 0 && this.#options.now() - this.#firstRecordAt >= this.#options.policy.maxAgeMs;
  }

  /** Closes the cut and starts the next one. */
  seal(reason: CutReason): Cut<B> {
    for (const open of this.#streams.values()) this.#seal(open);
    this.#sequence += 1;
    const cut: Cut<B> = {
      sequence: this.#sequence,
      reason,
      batches: this.#sealed,
      state: this.#state,
      recordsAfterState: this.#recordsAfterState,
      final: reason === 'end',
    };
    this.#sealed = [];
    this.#rows = 0;
    this.#bytes = 0;
    this.#state = undefined;
    return cut;
  }

  #seal(open: OpenStream<B> | undefined): void {
    const batch = open?.sink.seal();
    if (batch !== undefined) this.#sealed.push(batch);
  }

  #open(stream: string, type: string, line: number): OpenStream<B> {
    const open = this.#streams.get(stream);
    if (!open) {
      throw new ProtocolError({
        message: `line ${String(line)}: ${type} of stream "${stream}" comes before its SCHEMA`,
        line,
      });
    }
    return open;
  }
}
