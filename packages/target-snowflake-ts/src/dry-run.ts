import type { Cut, SchemaMessage, Sink, Target } from '@singer-io-ts/sdk';
import { changingColumns } from './load/changing-columns.js';
import { renderHook } from './sql/hooks.js';
import { planLoad, stagedColumns, temporaryName } from './load/load-plan.js';
import type { SealedStream } from './spool/sink.js';
import { compressionOf } from './spool/compression.js';
import { copyInto } from './sql/copy.js';
import { createTemporaryTable } from './sql/ddl.js';
import { activateVersion, insertRows, mergeRows, replaceRows } from './sql/load.js';
import { SchemaKeeper } from './tables/schema-keeper.js';
import type { EvolutionPlan } from './tables/evolution.js';
import type { TableKeeper } from './tables/table-keeper.js';
import type { Warehouse } from '@singer-io-ts/snowflake-session';

export interface DryRunOptions {
  /** Opens sinks as the real target does, so that records are checked. */
  openSink: (message: SchemaMessage, line: number, source?: string) => Sink<SealedStream>;
  warehouse: Warehouse;
  tables: TableKeeper;
  runId: string;
  /** Takes a statement, or a remark about one. */
  print: (text: string) => void;
  close: (outcome: 'done' | 'failed') => Promise<void>;
}

/**
 * Says what a run would do and does none of it: records are read and checked, tables are looked up, and every statement that would
 * change something is printed instead of run.
 */
export class DryRunTarget implements Target<SealedStream> {
  readonly #options: DryRunOptions;
  readonly #seen = new Set<string>();

  constructor(options: DryRunOptions) {
    this.#options = options;
  }

  openSink(message: SchemaMessage, line: number, source?: string): Sink<SealedStream> {
    return this.#options.openSink(message, line, source);
  }

  async commit(cut: Cut<SealedStream>): Promise<void> {
    for (const sealed of cut.batches) {
      await sealed.complete;
      await this.#print(sealed, cut.sequence);
    }
  }

  close(outcome: 'done' | 'failed'): Promise<void> {
    return this.#options.close(outcome);
  }

  async #print(sealed: SealedStream, cut: number): Promise<void> {
    const { tables, runId } = this.#options;
    const { plan } = sealed;
    const say = (...statements: (string | undefined)[]): void => {
      for (const statement of statements) if (statement !== undefined) this.#options.print(`${statement};`);
    };
    this.#options.print(`-- cut ${cut}, stream ${JSON.stringify(plan.stream)}: ${sealed.rows} records`);
    const evolution = await this.#compare(sealed);
    say(...tables.statements(plan, evolution.steps));
    if (!this.#seen.has(plan.stream)) say(...plan.preLoadSql.map((sql) => renderHook(sql, plan, runId)));
    this.#seen.add(plan.stream);
    for (const [index, part] of sealed.parts.entries()) {
      const table = plan.loadMethod === 'overwrite' ? temporaryName(plan.table, `${runId}_ASIDE`, 0) : plan.table;
      const load = planLoad({
        sealed,
        columns: evolution.columns,
        table,
        staged: { table: temporaryName(plan.table, runId, index) },
        part,
        syncStartedAt: 0,
        atLeastVersion: undefined,
      });
      const columns = stagedColumns(load, plan.properties);
      const files = (await Promise.all(part.files)).map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
      if (files.length > 0) {
        const location = `@STAGE/${runId}/${cut}`;
        for (const file of files) say(`PUT 'file://…/${file}' '${location}'`);
        const compression = compressionOf(files[0] ?? '').name;
        say(
          createTemporaryTable(load.staged.table, columns),
          copyInto({ table: load.staged.table, columns, location, compression, files }),
        );
      }
      say('BEGIN');
      if (files.length > 0) say(load.keys.length > 0 ? mergeRows(load) : insertRows(load));
      if (part.activate !== undefined)
        say(
          activateVersion({
            table: plan.table,
            metadata: load.metadata ?? new Map(),
            version: part.activate,
            hardDelete: plan.hardDelete,
          }),
        );
      if (plan.loadMethod === 'overwrite') {
        const { empty, fill } = replaceRows(
          plan.table,
          table,
          load.columns.map(({ name }) => name),
        );
        this.#options.print('-- at the end of the input:');
        say(empty, fill);
      }
      say('COMMIT');
    }
    say(...plan.postLoadSql.map((sql) => renderHook(sql, plan, runId)));
  }

  async #compare(sealed: SealedStream): Promise<EvolutionPlan> {
    const { plan } = sealed;
    const { warehouse, tables } = this.#options;
    const session = await warehouse.session();
    const schemas = new SchemaKeeper({ tables, ledger: false, parallelism: 1 });
    await schemas.lookUp(session, [plan]);
    return tables.compare(
      plan,
      schemas.table(plan)?.columns,
      schemas.remembered(plan).columns,
      changingColumns([sealed]).get(plan),
    );
  }
}
