import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../errors/config-error.js';
import { ProtocolError } from '../errors/protocol-error.js';
import { RecordError } from '../errors/record-error.js';
import type { Logger } from '../logging/logger.js';
import type { BatchMessage, SchemaMessage } from '../messages/messages.js';
import type { RecordBytes, RecordLine } from '../messages/record-span.js';
import type { FormatCheck } from '../schema/formats.js';
import { compileRecordCheck, type RecordCheck, type RecordCheckOptions } from './record-check.js';
import type { Cut, CutPolicy, CutReason, Sink, Target } from './target.js';

export interface CutBuilderOptions<B> {
  target: Target<B>;
  policy: CutPolicy;
  validateRecords: boolean;
  /** Formats of texts beside those of JSON Schema. */
  formats?: Readonly<Record<string, FormatCheck>> | undefined;
  logger: Logger;
  now: () => number;
}

interface OpenStream<B> {
  readonly schema: SchemaMessage;
  readonly sink: Sink<B>;
  readonly check: RecordCheck;
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
  #stateText: string | undefined;
  /** Versions of streams whose SCHEMA has not come yet. */
  readonly #earlyVersions = new Map<string, number>();
  readonly #warned = new Set<string>();
  #recordsAfterState = false;
  #sequence = 0;

  constructor(options: CutBuilderOptions<B>) {
    this.#options = options;
  }

  /** Whether anything has come since the last cut that a cut would make durable or pass on. */
  get hasContent(): boolean {
    return this.#openedAt !== undefined;
  }

  schema(message: SchemaMessage, line: number, source = message.stream): void {
    const { target, validateRecords, formats = {} } = this.#options;
    const { stream } = message;
    const open = this.#streams.get(stream);
    if (open && isDeepStrictEqual(open.schema, message)) return;
    const sink = target.openSink(message, line, source);
    if (sink !== open?.sink) this.#seal(open);
    const options = {
      validate: validateRecords,
      checkFormats: !sink.checksFormats,
      formats,
      onUnreadPattern: (warning: string) => this.#warnOnce(warning, stream),
    };
    this.#streams.set(stream, { schema: message, sink, check: checkOf(message, line, options) });
    const version = this.#earlyVersions.get(stream);
    if (version === undefined) return;
    this.#earlyVersions.delete(stream);
    this.activateVersion(stream, version, line);
  }

  /** A tap may repeat its SCHEMA message any number of times. */
  #warnOnce(warning: string, stream: string): void {
    if (this.#warned.has(warning)) return;
    this.#warned.add(warning);
    this.#options.logger.warning(warning, { stream });
  }

  record(record: RecordLine): void {
    const { sink, check } = this.#open(record.stream, 'RECORD', record.line);
    try {
      check(record.record, record.line);
      sink.append(record);
    } catch (error) {
      if (!(error instanceof RecordError) || !sink.refuse) throw error;
      sink.refuse(record, error);
    }
    this.#count(record.bytes);
  }

  /** Puts a record that cannot be read aside, where the target does that. */
  unreadable(error: RecordError, bytes: RecordBytes): void {
    const { stream, line = 0 } = error;
    const { sink } = this.#open(stream, 'RECORD', line);
    if (!sink.refuse) throw error.cause instanceof Error ? error.cause : error;
    const nothing = { record: {}, version: undefined, timeExtracted: undefined, isExact: () => true };
    sink.refuse({ ...nothing, stream, line, bytes }, error);
    this.#count(bytes);
  }

  #count({ start, end }: RecordBytes): void {
    this.#openedAt ??= this.#options.now();
    this.#rows += 1;
    this.#bytes += end - start;
    this.#recordsAfterState = true;
  }

  activateVersion(stream: string, version: number, line: number): void {
    if (!this.#streams.has(stream)) {
      this.#options.logger.warning(
        `line ${String(line)}: ACTIVATE_VERSION of stream "${stream}" comes before its SCHEMA; it is obeyed once that has come`,
        { stream },
      );
      this.#earlyVersions.set(stream, version);
      return;
    }
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

  state(value: unknown, text: string): void {
    this.#options.target.seeState?.(value);
    this.#state = value;
    this.#stateText = text;
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
      stateText: this.#stateText,
      recordsAfterState: this.#recordsAfterState,
      final: reason === 'end',
    };
    this.#sealed = [];
    this.#rows = 0;
    this.#bytes = 0;
    this.#openedAt = undefined;
    this.#state = undefined;
    this.#stateText = undefined;
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

/** @throws {ProtocolError} when the schema is none */
function checkOf(message: SchemaMessage, line: number, options: RecordCheckOptions): RecordCheck {
  try {
    return compileRecordCheck(message, options);
  } catch (cause) {
    if (!ConfigError.isInstance(cause)) throw cause;
    throw new ProtocolError({ message: `line ${String(line)}: ${cause.message}`, line, cause });
  }
}
