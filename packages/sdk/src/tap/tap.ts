import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';
import type { JsonSchema } from '../schema/json-schema.js';
import type { StreamDescription } from '../catalog/catalog.js';
import type { Stream } from './stream.js';

/** What a tap is given to build its streams. */
export interface TapContext<C> {
  /** Who runs, for the User-Agent of requests. */
  readonly plugin?: { readonly name: string; readonly version: string };
  readonly config: C;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
  /** Values of the tap's own command-line options. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** How `--test` looks: does the connection work, does each stream give a record, do records fit their schemas. */
export type TestMode = 'connection' | 'records' | 'schema';

/** A tap: its name, settings and streams. */
export interface TapDefinition<C> {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** JSON Schema of the settings. Mark secrets with `"secret": true`; give each a `description`. */
  readonly configSchema: JsonSchema;
  /** Capabilities beside those that the SDK gives every tap. */
  readonly capabilities?: readonly string[];
  /** How many streams are read at the same time; those below a parent are read with it. @default 1 */
  readonly maxConcurrentStreams?: number;
  /**
   * Builds the streams, for a run with checked settings. May ask the source which streams there are; then say `describe`
   * as well, or make it an async function, which is never called without settings that are valid.
   *
   * Without `describe` a function that is not async also describes the streams for `--discover` and `--about`. Where
   * settings are missing there, each is a placeholder that fits its schema, so that nothing is ever undefined that its
   * type says is there; connect to nothing before the first record is read.
   */
  streams(context: TapContext<C>): readonly Stream[] | Promise<readonly Stream[]>;
  /** The streams that are known without any settings, for `--discover` and `--about`. @default those of `streams` */
  describe?(): readonly StreamDescription[];
  /**
   * `--test=<mode>`: throws when the test fails; reports by the logger. @default one record of each selected stream
   */
  test?(mode: TestMode, context: TapContext<C>): Promise<void>;
  /** Called at the end of every run, good or bad. */
  close?(): Promise<void>;
}
