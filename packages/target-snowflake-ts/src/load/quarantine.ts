import { RecordError, type Logger, type Metrics, type RecordLine } from '@singer-io-ts/sdk';
import { quoteSchema, type SchemaName } from '@singer-io-ts/snowflake-session';
import { INTEGER, TEXT, type ColumnType } from '../plan/column-type.js';
import type { StreamPlan } from '../plan/stream-plan.js';
import { PartWriter } from '../spool/part-writer.js';
import type { RecordFilesOptions } from '../spool/record-files.js';
import type { SealedStream } from '../spool/sink.js';

/** The table of records that were put aside, in each schema that is loaded into. */
export const QUARANTINE_TABLE = '_SDC_QUARANTINE';

const STREAM = '_sdc_quarantine';
const COLUMNS: Record<string, ColumnType> = {
  stream: TEXT,
  line: INTEGER,
  property: TEXT,
  reason: TEXT,
  record: TEXT,
  run_id: TEXT,
  cut: INTEGER,
  table_name: TEXT,
};

export interface QuarantineOptions extends RecordFilesOptions {
  /** Whether records may be put aside at all. */
  enabled: boolean;
  /** The most records of a run that are put aside. */
  maxRecords: number;
  runId: string;
  logger: Logger;
  metrics: Metrics;
}

/**
 * Puts records that do not fit into a table of their own, in the transaction that loads those beside them, so that nothing is lost and a
 * person can look at what is wrong.
 */
export class Quarantine {
  readonly #options: QuarantineOptions;
  readonly #plans = new Map<string, StreamPlan>();
  #records = 0;
  #sealed: { cut: number; records: number; streams: SealedStream[] } | undefined;

  constructor(options: QuarantineOptions) {
    this.#options = options;
  }

  /** Takes note of a record that does not fit. @throws RecordError when it may not be put aside, or when there are too many */
  admit(error: RecordError): void {
    const { enabled, maxRecords } = this.#options;
    if (!enabled) throw error;
    this.#records += 1;
    if (this.#records <= maxRecords) return;
    const { stream, line, property } = error;
    throw new RecordError({
      message: `more than ${maxRecords} records do not fit (setting "max_invalid_records"), so the run ends; the last one: ${error.message}`,
      stream,
      line,
      property,
      cause: error,
    });
  }

  /**
   * What streams of a cut have put aside, as streams of its own to be loaded beside them. Asked again, it gives the same ones, unless there
   * is more by then.
   */
  seal(batches: readonly SealedStream[], cut: number): SealedStream[] {
    const records = batches.reduce((sum, { refused }) => sum + refused.length, 0);
    if (this.#sealed?.cut !== cut || this.#sealed.records !== records)
      this.#sealed = { cut, records, streams: this.#seal(batches, cut) };
    return this.#sealed.streams;
  }

  #seal(batches: readonly SealedStream[], cut: number): SealedStream[] {
    const schemas = new Map<string, { schema: SchemaName; batches: SealedStream[] }>();
    for (const batch of batches) {
      if (batch.refused.length === 0) continue;
      const { database, schema } = batch.plan.table;
      const key = quoteSchema({ database, schema });
      const known = schemas.get(key) ?? { schema: { database, schema }, batches: [] };
      known.batches.push(batch);
      schemas.set(key, known);
    }
    return [...schemas].map(([key, one]) => this.#sealSchema(this.#planFor(key, one.schema), one.batches, cut));
  }

  /** Tells of the records of a cut that are in quarantine now. */
  report(batches: readonly SealedStream[]): void {
    const { logger, metrics } = this.#options;
    for (const { plan, refused } of batches) {
      const first = refused[0];
      if (!first) continue;
      const { stream } = plan;
      metrics.counter('records_quarantined', refused.length, { stream });
      logger.warning(
        `stream ${stream}: ${refused.length} records do not fit and are in table ${QUARANTINE_TABLE} instead; the first: ${first.reason}`,
        { stream },
      );
    }
  }

  #sealSchema(plan: StreamPlan, batches: readonly SealedStream[], cut: number): SealedStream {
    const { now, runId } = this.#options;
    const writer = new PartWriter({
      ...this.#options,
      plan,
      placeOf: (line) => ({ line, where: 'a record in quarantine' }),
    });
    let rows = 0;
    let bytes = 0;
    for (const { plan: of, refused } of batches) {
      for (const { stream, line, property, reason, record } of refused) {
        rows += 1;
        const text = { stream, line, property, reason, record, run_id: runId, cut, table_name: of.table.table };
        const entry = recordOf(rows, text);
        bytes += entry.bytes.end;
        writer.write(entry, entry.bytes);
      }
    }
    return {
      plan,
      complete: Promise.resolve(),
      parts: writer.take(),
      rows,
      bytes,
      sealedAt: new Date(now()).toISOString(),
      refused: [],
      inexact: new Map(),
      longest: 0,
      readAgainst: undefined,
      checkedAgainst: undefined,
      discarded: new Map(),
      sources: [],
    };
  }

  #planFor(key: string, schema: SchemaName): StreamPlan {
    const plan = this.#plans.get(key) ?? quarantinePlan(schema);
    this.#plans.set(key, plan);
    return plan;
  }
}

function recordOf(line: number, record: Record<string, string | number | undefined>): RecordLine {
  const buffer = Buffer.from(JSON.stringify(record));
  return {
    stream: STREAM,
    record,
    version: undefined,
    timeExtracted: undefined,
    line,
    bytes: { buffer, start: 0, end: buffer.length },
    isExact: () => true,
  };
}

function quarantinePlan(schema: SchemaName): StreamPlan {
  return {
    stream: STREAM,
    table: { ...schema, table: QUARANTINE_TABLE },
    properties: Object.entries(COLUMNS).map(([property, type]) => ({
      property,
      column: { name: property.toUpperCase(), type, branches: [type] },
    })),
    keys: [],
    replicationKey: undefined,
    loadMethod: 'append-only',
    hardDelete: false,
    metadata: undefined,
    deletedAt: undefined,
    contract: { new_columns: 'evolve', changed_types: 'evolve' },
    options: { comment: undefined, transient: false, clusterBy: [], dataRetentionDays: undefined },
    preLoadSql: [],
    postLoadSql: [],
  };
}
