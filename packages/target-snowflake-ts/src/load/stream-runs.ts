import type { Cut } from '@singer-io-ts/sdk';
import type { RunOrder } from './run-order.js';
import type { SealedStream } from '../spool/sink.js';
import { StreamMarks, type StreamMark } from './stream-marks.js';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { RememberedTable } from '../tables/table-memory.js';

/** What is known of this run for each of its streams: the tap's mark and the table versions that it has named. */
export class StreamRuns {
  readonly #marks = new StreamMarks();
  readonly #versions = new Map<string, number>();
  /** The tap's runs that this run has recorded in the warehouse. */
  readonly #noted = new Map<string, number>();

  /** What STATE calls a stream, where a stream map has changed its name. */
  readonly #sources = new Map<string, string>();

  constructor(private readonly startedAt: number) {}

  comesFrom(stream: string, source: string): void {
    this.#sources.set(stream, source);
  }

  sourceOf(stream: string): string {
    return this.#sources.get(stream) ?? stream;
  }

  seeState(state: unknown): void {
    this.#marks.see(state);
  }

  /** Takes in the table versions of a cut. */
  seeCut({ batches }: Cut<SealedStream>): void {
    for (const { plan, parts } of batches) {
      for (const { versions, activate } of parts) {
        const greatest = Math.max(
          versions?.greatest ?? -Infinity,
          activate ?? -Infinity,
          this.version(plan.stream) ?? -Infinity,
        );
        if (greatest > -Infinity) this.#versions.set(plan.stream, greatest);
      }
    }
  }

  version(stream: string): number | undefined {
    return this.#versions.get(stream);
  }

  mark(stream: string): StreamMark | undefined {
    return this.#marks.of(this.sourceOf(stream));
  }

  /**
   * The version that rows of lower ones take. A run that is known to be later than what wrote the table can still name an earlier version,
   * when its state is an old one: its rows are no older than the table's for that.
   */
  atLeastVersion(stream: string, { version }: RememberedTable): number | undefined {
    const own = this.version(stream);
    return this.mark(stream) && own !== undefined && version !== undefined && version > own ? version : undefined;
  }

  order({ stream, keys, replicationKey }: StreamPlan, remembered: RememberedTable): RunOrder {
    return {
      tapRun: this.mark(stream)?.last.run,
      version: this.atLeastVersion(stream, remembered) ?? this.version(stream),
      targetStarted: this.startedAt,
      byStart: keys.length > 0 && replicationKey === undefined,
    };
  }

  /** Whether the tap's run still has to be recorded before a STATE that names it may be written. */
  isToNote(stream: string): boolean {
    const run = this.mark(stream)?.last.run;
    return run !== undefined && this.#noted.get(stream) !== run;
  }

  noted(stream: string): void {
    const run = this.mark(stream)?.last.run;
    if (run !== undefined) this.#noted.set(stream, run);
  }
}
