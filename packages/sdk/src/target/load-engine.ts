import type { Readable } from 'node:stream';
import { describeError } from '../errors/describe-error.js';
import { InterruptedError } from '../errors/interrupted-error.js';
import { ProtocolError } from '../errors/protocol-error.js';
import type { ProgressLine } from '../logging/progress-line.js';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';
import { LineSplitter } from '../messages/line-splitter.js';
import { mapMessages } from '../mapping/map-messages.js';
import type { StreamMapper } from '../mapping/mapped-stream.js';
import { MessageParser, type MessageHandler } from '../messages/message-parser.js';
import type { MessageWriter } from '../messages/message-writer.js';
import type { BatchMessage, SchemaMessage } from '../messages/messages.js';
import type { FormatCheck } from '../schema/formats.js';
import { CutBuilder } from './cut-builder.js';
import type { Cut, CutPolicy, CutReason, Target } from './target.js';

/** The longest line taken: a record goes into one VARIANT at most, whose limit this is. */
const DEFAULT_MAX_LINE_BYTES = 128 * 1024 * 1024;

export interface LoadOptions<B> {
  input: Readable;
  target: Target<B>;
  /** Where STATE goes. */
  writer: MessageWriter;
  policy: CutPolicy;
  logger: Logger;
  metrics: Metrics;
  /** Whether records are checked against their schema. @default true */
  validateRecords?: boolean;
  /** Formats of texts beside those of JSON Schema, or in place of them. @default none */
  formats?: Readonly<Record<string, FormatCheck>> | undefined;
  /** What stream maps make of a stream. @default streams pass as they are */
  mapper?: StreamMapper;
  /** Shows how far the run has got. @default not shown */
  progress?: ProgressLine;
  /** @default 128 MiB */
  maxLineBytes?: number;
  /** Aborted when the process is asked to stop: what was read is loaded, then the run ends as interrupted. */
  stop?: AbortSignal;
  /** The clock, in milliseconds. @default Date.now */
  now?: () => number;
}

/**
 * Loads Singer messages into a target.
 *
 * Guarantees: a STATE is written only after all records before it are committed; cuts commit in order, each as a whole;
 * when anything fails, what earlier cuts committed stands, the open cut is discarded, and no later STATE is written.
 * Reading continues while a cut commits; at most one sealed cut waits behind it, so memory and disk stay bounded.
 *
 * @throws the first error: of the input ({@link ProtocolError}, RecordError), of the target, or {@link InterruptedError}
 */
export async function load<B>(options: LoadOptions<B>): Promise<void> {
  const { target, logger } = options;
  try {
    await new LoadEngine(options).run();
  } catch (error) {
    try {
      await target.close('failed');
    } catch (closing) {
      // What went wrong first is what a person must see.
      logger.warning(`closing the target after the failure failed as well: ${describeError(closing)}`);
    }
    throw error;
  }
  await target.close('done');
}

class LoadEngine<B> {
  readonly #options: LoadOptions<B>;
  readonly #cuts: CutBuilder<B>;
  readonly #splitter: LineSplitter;
  /** Ends when every cut handed to it so far has been committed. */
  #commits: Promise<void> = Promise.resolve();
  #waitingCuts = 0;
  /** The first error of a commit, which ends the run. */
  #failure: { error: unknown } | undefined;
  #heldState: string | undefined;
  #ageTimer: NodeJS.Timeout | undefined;

  constructor(options: LoadOptions<B>) {
    this.#options = options;
    const {
      target,
      policy,
      validateRecords = true,
      formats,
      maxLineBytes = DEFAULT_MAX_LINE_BYTES,
      mapper,
      now = Date.now,
    } = options;
    this.#cuts = new CutBuilder({ target, policy, validateRecords, formats, logger: options.logger, now });
    const handler: MessageHandler = {
      schema: (message: SchemaMessage, line, source) => this.#cuts.schema(message, line, source),
      unreadable: (error, line) => this.#cuts.unreadable(error, line),
      record: (record) => {
        this.#cuts.record(record);
        if (this.#cuts.isFull()) this.#cut(this.#cuts.fullReason());
      },
      state: ({ value }, _line, text) => this.#cuts.state(value, text),
      activateVersion: ({ stream, version }, line) => this.#cuts.activateVersion(stream, version, line),
      batch: (message: BatchMessage, line) => this.#cuts.batch(message, line),
    };
    const parser = new MessageParser(mapper ? mapMessages(mapper, handler) : handler);
    this.#splitter = new LineSplitter({ onLine: parser.parse.bind(parser), maxLineBytes });
  }

  async run(): Promise<void> {
    const { progress } = this.#options;
    progress?.start(() => `lines read: ${this.#splitter.lines.toLocaleString('en')}`);
    try {
      const stopped = await this.#read();
      if (!stopped) this.#splitInputEnd();
      this.#cut(stopped ? 'signal' : 'end');
      await this.#commits;
      this.#throwIfFailed();
      if (stopped)
        throw new InterruptedError({
          message: 'asked to stop; everything read so far is loaded and its state written',
        });
    } finally {
      clearTimeout(this.#ageTimer);
      progress?.stop();
      // A cut under way is left to end by itself: the target is closed only after it.
      await this.#commits;
    }
  }

  /** Reads the input to its end; resolves to whether it was asked to stop before that. */
  async #read(): Promise<boolean> {
    const { input, stop } = this.#options;
    // Destroying the input is what ends a wait for a tap that sends nothing.
    const end = (): void => void input.destroy();
    if (stop?.aborted) end();
    stop?.addEventListener('abort', end, { once: true });
    try {
      for await (const chunk of input as AsyncIterable<Buffer | string>) {
        this.#throwIfFailed();
        if (stop?.aborted) return true;
        this.#splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
        this.#watchAge();
        await this.#ready();
      }
    } catch (error) {
      this.#throwIfFailed();
      if (stop?.aborted && (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE') return true;
      throw error;
    } finally {
      stop?.removeEventListener('abort', end);
    }
    this.#throwIfFailed();
    return stop?.aborted ?? false;
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }

  /** A last line without a newline counts when it is whole; half a line means that the tap died. */
  #splitInputEnd(): void {
    if (!this.#splitter.inLine) return;
    if (isJson(this.#splitter.rest)) return this.#splitter.end();
    const line = this.#splitter.lines + 1;
    throw new ProtocolError({
      message: `the input ends in the middle of line ${String(line)}: the tap did not finish; records after the last emitted state are not loaded`,
      line,
    });
  }

  async #ready(): Promise<void> {
    while (this.#waitingCuts > 1) await this.#commits;
    this.#throwIfFailed();
    await this.#options.target.ready?.();
  }

  #watchAge(): void {
    if (this.#ageTimer !== undefined || !this.#cuts.hasContent) return;
    this.#ageTimer = setTimeout(() => {
      this.#ageTimer = undefined;
      try {
        if (this.#cuts.isOld()) this.#cut('age');
      } catch (error) {
        this.#fail(error);
      }
      this.#watchAge();
    }, this.#options.policy.maxAgeMs).unref();
  }

  /** Keeps the first error and ends the reading, whatever it waits for. */
  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#options.input.destroy();
  }

  #cut(reason: CutReason): void {
    clearTimeout(this.#ageTimer);
    this.#ageTimer = undefined;
    const cut = this.#cuts.seal(reason);
    this.#waitingCuts += 1;
    this.#commits = this.#commits.then(async () => {
      try {
        if (!this.#failure) await this.#commit(cut);
      } catch (error) {
        this.#fail(error);
      } finally {
        this.#waitingCuts -= 1;
      }
    });
  }

  async #commit(cut: Cut<B>): Promise<void> {
    const { target, writer, logger, metrics, stop } = this.#options;
    if (cut.batches.length > 0 || cut.state !== undefined || cut.final)
      await target.commit(cut, { logger, metrics, stop });
    if (cut.stateText !== undefined) this.#heldState = cut.stateText;
    if (this.#heldState !== undefined && (cut.final || !(target.holdsState?.() ?? false))) {
      writer.stateText(this.#heldState);
      this.#heldState = undefined;
      await writer.flush();
    }
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
