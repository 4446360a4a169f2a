import type { RecordError } from '../errors/record-error.js';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';
import type { FormatCheck } from '../schema/formats.js';
import type { JsonSchema } from '../schema/json-schema.js';
import type { RecordLine } from '../messages/record-span.js';
import type { BatchMessage, SchemaMessage } from '../messages/messages.js';

/** Why the engine made a cut. */
export type CutReason = 'rows' | 'bytes' | 'age' | 'end' | 'signal';

/** What every stream received between two points of the input, sealed; a target makes it durable as one. */
export interface Cut<B> {
  /** Counted from 1 within a run. */
  readonly sequence: number;
  readonly reason: CutReason;
  /** Sealed batches in the order of sealing; a stream whose SCHEMA changed has several. */
  readonly batches: readonly B[];
  /** The last STATE before the cut, if one stood there since the last cut. */
  readonly state: unknown;
  /** That STATE as JSON, as the tap wrote it. */
  readonly stateText: string | undefined;
  /** Whether records followed the last STATE of the whole input so far. */
  readonly recordsAfterState: boolean;
  /** Whether the input ended here, whole. Only then may what was collected aside be published. */
  readonly final: boolean;
}

/**
 * One stream under one SCHEMA. The engine calls `append`, `activateVersion` and `batch` in the order of the input,
 * synchronously, and `seal` at a cut or when the stream's SCHEMA changes.
 */
export interface Sink<B> {
  /** Takes one valid record. `record.bytes` must be copied before returning. @throws RecordError when it cannot be taken */
  append(record: RecordLine): void;
  /** Takes a record that does not fit its schema, or that `append` refused, and what is wrong with it. Leave it out, or throw, to end the run. */
  refuse?(record: RecordLine, error: RecordError): void;
  /** Whether `append` checks the formats of texts itself, so that the schema's validator need not. @default false */
  readonly checksFormats?: boolean;
  /** From here on only records of this version (or newer) belong to the table. */
  activateVersion(version: number, line: number): void;
  /** Takes files of records. Leave it out to refuse BATCH messages. */
  batch?(message: BatchMessage, line: number): void;
  /** Hands over what came since the last seal; undefined when nothing did. */
  seal(): B | undefined;
}

/** What `commit` may report by. */
export interface CommitContext {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Aborted when the process has been asked to stop, even after the whole input was read. */
  readonly stop: AbortSignal | undefined;
}

/** What a plugin gives the engine: where records go and how a cut is made durable. */
export interface Target<B> {
  /**
   * Opens a stream under a SCHEMA, and again each time the SCHEMA changes. May give the stream's last sink again when the change does not matter
   * to it: then nothing is sealed. Must not wait for anything.
   *
   * @param source the stream of the input that this one is made of: what STATE calls it, whatever a stream map does
   */
  openSink(schema: SchemaMessage, line: number, source?: string): Sink<B>;
  /**
   * Makes a cut durable, as a whole. The engine calls it for one cut at a time, in order, and keeps reading meanwhile.
   * STATE leaves only after it resolves. When it throws, the run ends and later cuts are discarded. A cut has no batches when only a STATE
   * came, or at the end.
   */
  commit(cut: Cut<B>, context: CommitContext): Promise<void>;
  /** Told of each STATE as it is read, before the cut that it belongs to. */
  seeState?(value: unknown): void;
  /** Whether STATE is to be held back until the final cut is durable (streams that are published only at the end). */
  holdsState?(): boolean;
  /** Resolves when reading may continue: the place to bound what is waiting on disk or in memory. */
  ready?(): Promise<void>;
  /** Called once at the end of every run, good or bad; releases what the target holds. */
  close(outcome: 'done' | 'failed'): Promise<void>;
}

/** When the engine cuts. A cut always falls between two lines. */
export interface CutPolicy {
  /** Records of all streams together. */
  maxRows: number;
  /** Bytes of records of all streams together. */
  maxBytes: number;
  /** How long what came first into a cut may wait, in milliseconds. */
  maxAgeMs: number;
}

/** What a target is given to open. */
export interface TargetContext<C> {
  readonly config: C;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Values of the target's own command-line options. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** What `open` gives: the target itself and how the engine is to run it. */
export interface OpenedTarget<B> {
  readonly target: Target<B>;
  readonly policy: CutPolicy;
  /** @default true */
  readonly validateRecords?: boolean;
  /** Formats of texts beside those of JSON Schema, or in place of them. @default none */
  readonly formats?: Readonly<Record<string, FormatCheck>>;
  /** The longest line taken, in bytes. @default 128 MiB */
  readonly maxLineBytes?: number;
  /** Whether no STATE is to be written, as when nothing is loaded. @default false */
  readonly discardState?: boolean;
}

/** A target: its name, settings and how it is opened. */
export interface TargetDefinition<C, B> {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** JSON Schema of the settings. Mark secrets with `"secret": true`; give each a `description`. */
  readonly configSchema: JsonSchema;
  /** Capabilities beside those that the SDK gives every target. */
  readonly capabilities?: readonly string[];
  /** Opens the target. May connect, or put that off until there is something to load. */
  open(context: TargetContext<C>): Promise<OpenedTarget<B>> | OpenedTarget<B>;
}
