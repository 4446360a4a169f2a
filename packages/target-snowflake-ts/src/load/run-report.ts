import type { Logger, Metrics } from '@singer-io-ts/sdk';
import type { ExtraProperties } from '../spool/extra-properties.js';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { StreamOutcome } from './apply-table.js';

/** What a run tells in the log and in metrics. */
export class RunReport {
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  /** What was seen of properties that are in no schema, by stream. */
  readonly #extra: { stream: string; seen: ExtraProperties }[] = [];

  constructor({ logger, metrics }: { logger: Logger; metrics: Metrics }) {
    this.#logger = logger;
    this.#metrics = metrics;
  }

  watch(stream: string, seen: ExtraProperties): void {
    this.#extra.push({ stream, seen });
  }

  step(step: string, seconds: number, stream?: string): void {
    this.#metrics.timer(`${step}_duration`, seconds, stream === undefined ? {} : { stream });
  }

  /** A cut is committed. */
  loaded(outcomes: readonly StreamOutcome[], seconds: number): void {
    for (const { stream, rowsRead, rowsInserted, rowsUpdated, rowsSkippedOlder, bytes } of outcomes) {
      this.#metrics.counter('record_count', rowsRead, { stream });
      this.#metrics.counter('bytes', bytes, { stream });
      const skipped = rowsSkippedOlder > 0 ? `, ${rowsSkippedOlder} older than the table's skipped` : '';
      this.#logger.info(
        `stream ${stream}: ${rowsRead} records loaded (${rowsInserted} new, ${rowsUpdated} changed${skipped})`,
        { stream },
      );
    }
    this.#metrics.timer('batch_processing_time', seconds);
  }

  /** A stream's contract has kept values, or rows with such values, out. */
  discarded({
    stream,
    property,
    what,
    count,
  }: {
    stream: string;
    property: string;
    what: 'value' | 'row';
    count: number;
  }): void {
    this.#metrics.counter(`${what}s_discarded`, count, { stream });
    this.#logger.warning(
      `stream ${stream}: ${count} ${what === 'row' ? 'rows were' : 'values were'} left out because of property ${JSON.stringify(property)}, as schema_contract says`,
      { stream },
    );
  }

  /** The same, as it was found by properties. */
  discardedOf(
    { stream, contract }: Pick<StreamPlan, 'stream' | 'contract'>,
    counts: ReadonlyMap<string, number>,
  ): void {
    const what = contract.changed_types === 'discard_row' ? 'row' : 'value';
    for (const [property, count] of counts) this.discarded({ stream, property, what, count });
  }

  /** Names what records had and no schema describes, once. */
  leftOut(): void {
    const streams = new Map<string, Map<string, number>>();
    for (const { stream, seen } of this.#extra) {
      const counts = streams.get(stream) ?? new Map<string, number>();
      for (const [name, count] of seen.counts) counts.set(name, (counts.get(name) ?? 0) + count);
      if (counts.size > 0) streams.set(stream, counts);
    }
    for (const [stream, counts] of streams) {
      const named = [...counts].map(([name, count]) => `${JSON.stringify(name)} (${count} records)`).join(', ');
      this.#logger.warning(
        `stream ${stream}: properties that its schema does not describe were left out: ${named}; have the tap describe them, or drop them with stream_maps`,
        { stream },
      );
    }
  }
}
