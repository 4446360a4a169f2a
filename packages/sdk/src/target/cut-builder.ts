import { isDeepStrictEqual } from 'node:util';
import { ProtocolError } from '../errors/protocol-error.js';
import { RecordError } from '../errors/record-error.js';
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
  #openedAt: number | undefined;
  #state: unknown;
  #recordsAfterState = false;
  #sequence = 0;

  constructor(options: CutBuilderOptions<B>) {
    this.#options = options;
  }

  /** Whether anything has come since the last cut that a cut would make durable or pass on. */
  get hasContent(): boolean {
    return this.#openedAt !== undefined;
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
    const { schema, sink, validate } = this.#open(record.stream, 'RECORD', record.line);
    validate?.(record.record, record.line);
    requireKeys(record, schema.key_properties);
    sink.append(record);
    this.#openedAt ??= this.#options.now();
    this.#rows += 1;
    this.#bytes += record.bytes.end - record.bytes.start;
    this.#recordsAfterState = true;
  }

  activateVersion(stream: string, version: number, line: number): void {
    this.#open(stream, 'ACTIVATE_VERSION', line).sink.activateVersion(version, line);
    this.#openedAt ??= this.#options.now();
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
    this.#openedAt ??= this.#options.now();
    this.#recordsAfterState = true;
  }

  state(value: unknown): void {
    this.#state = value;
    this.#openedAt ??= this.#options.now();
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
    return this.#openedAt !== undefined && this.#options.now() - this.#openedAt >= this.#options.policy.maxAgeMs;
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
    this.#openedAt = undefined;
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

/** A record without its key could be neither found again nor told from others. */
function requireKeys({ stream, record, line }: RecordLine, keys: readonly string[]): void {
  for (const key of keys) {
    if (record[key] === undefined || record[key] === null) {
      throw new RecordError({
        message: `line ${String(line)}: record of stream "${stream}" has no value in its key property "${key}"`,
        stream,
        line,
      });
    }
  }
}
