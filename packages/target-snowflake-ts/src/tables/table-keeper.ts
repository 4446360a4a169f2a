import { SchemaConflictError, StatementRefusedError, type Logger } from '@singer-io-ts/sdk';
import { parseType } from '../plan/column-type.js';
import type { Config } from '../settings/settings.js';
import { planEvolution, type EvolutionPlan, type EvolutionStep } from './evolution.js';
import { quoteTable, type Row, type Session, type TableName } from '@singer-io-ts/snowflake-session';
import { renderConversion, type ConversionOptions } from '../sql/conversion.js';
import {
  addColumn,
  createSchema,
  createTable,
  describeTable,
  dropColumn,
  dropNotNull,
  widenColumn,
} from '../sql/ddl.js';
import { wantedColumns, type StreamPlan } from '../plan/stream-plan.js';
import type { LoadColumn, TableColumn } from '../plan/table.js';

/** No DDL or look-up takes longer than this, unless it rewrites a table. */
const QUICK = { timeoutMs: 300_000 };

export type TableKeeperSettings = Pick<Config, 'on_type_conflict' | 'timestamp_ntz_policy'>;

/** Makes tables and brings them up to what streams need. All of it outside of transactions: DDL commits what is open. */
export class TableKeeper {
  constructor(
    private readonly settings: TableKeeperSettings,
    private readonly logger: Logger,
  ) {}

  /** Makes the table hold what a stream sends; resolves to the columns by wanted name. @throws a LoadError */
  async prepare(session: Session, plan: StreamPlan): Promise<Map<string, LoadColumn>> {
    // A conversion frees the way for what it replaced; more than two rounds would mean that another process changes the table, too.
    for (let round = 0; round < 3; round += 1) {
      const { steps, columns } = await this.compare(session, plan);
      if (steps.length === 0) return columns;
      for (const step of steps) await this.#apply(session, plan, step);
    }
    const { steps, columns } = await this.compare(session, plan);
    if (steps.length === 0) return columns;
    throw new SchemaConflictError({
      message: `stream ${plan.stream}: table ${quoteTable(plan.table)} keeps changing while it is loaded; run again when nothing else changes it`,
    });
  }

  /** What has to happen to a stream's table. */
  async compare(session: Session, plan: StreamPlan): Promise<EvolutionPlan> {
    const required = plan.keys.map((index) => plan.properties[index]?.column.name ?? '');
    return planEvolution({
      stream: plan.stream,
      existing: await describe(session, plan.table),
      wanted: wantedColumns(plan),
      required,
      onTypeConflict: this.settings.on_type_conflict,
      ntzPolicy: this.settings.timestamp_ntz_policy,
    });
  }

  /** The statements of steps, for people to read. */
  statements({ table }: StreamPlan, steps: readonly EvolutionStep[]): string[] {
    return steps.flatMap((step) => {
      if (step.step === 'create') return [createTable(table, step.columns)];
      if (step.step !== 'convert' && step.step !== 'finish-conversion') return simpleStatements(table, step);
      const {
        addFresh,
        fill,
        countLost = [],
        setAside,
        fillRest,
        putInPlace,
        dropOld,
      } = renderConversion({ table, ...step });
      return step.step === 'convert'
        ? [addFresh, fill, countLost, setAside, fillRest, putInPlace, dropOld].flat()
        : [fillRest, putInPlace, dropOld];
    });
  }

  async #apply(session: Session, { table, stream }: StreamPlan, step: EvolutionStep): Promise<void> {
    if (step.step !== 'create')
      this.logger.info(`stream ${stream}: ${describeStep(step)} in ${quoteTable(table)}`, { stream });
    switch (step.step) {
      case 'create':
        return this.#create(session, table, step.columns);
      case 'convert':
        return convertColumn(session, stream, { table, ...step });
      case 'finish-conversion':
        return finishConversion(session, { table, ...step });
      default:
        for (const sql of simpleStatements(table, step)) await session.run(sql, QUICK);
    }
  }

  async #create(
    session: Session,
    table: TableName,
    columns: (EvolutionStep & { step: 'create' })['columns'],
  ): Promise<void> {
    try {
      await session.run(createTable(table, columns), QUICK);
    } catch (error) {
      // Asking for the schema first would cost a statement each time, and a right that a loader need not have.
      if (!(error instanceof StatementRefusedError)) throw error;
      await session.run(createSchema(table), QUICK);
      await session.run(createTable(table, columns), QUICK);
    }
  }
}

type SimpleStep = Exclude<EvolutionStep, { step: 'create' | 'convert' | 'finish-conversion' }>;

function simpleStatements(table: TableName, step: SimpleStep): string[] {
  switch (step.step) {
    case 'add':
      return step.columns.map((column) => addColumn(table, column));
    case 'widen':
      return [widenColumn(table, step.column, step.type)];
    case 'drop-not-null':
      return [dropNotNull(table, step.column)];
    case 'drop':
      return [dropColumn(table, step.column)];
  }
}

/** The columns of a table; undefined when there is none. */
export async function describe(session: Session, table: TableName): Promise<TableColumn[] | undefined> {
  let rows: Row[];
  try {
    rows = await session.run(describeTable(table), QUICK);
  } catch (error) {
    if (error instanceof StatementRefusedError && /\b00(2003|2043)\b/.test(error.message)) return undefined;
    throw error;
  }
  return rows.map((row) => ({
    name: row['name'] ?? '',
    type: parseType(row['type'] ?? ''),
    nullable: row['null?'] !== 'N',
    comment: row['comment'] ?? undefined,
  }));
}

async function convertColumn(session: Session, stream: string, options: ConversionOptions): Promise<void> {
  const conversion = renderConversion(options);
  await session.run(conversion.addFresh, QUICK);
  await session.run(conversion.fill);
  if (conversion.countLost !== undefined) {
    const lost = Number((await session.run(conversion.countLost))[0]?.['LOST'] ?? 0);
    if (lost > 0) {
      throw new SchemaConflictError({
        message: `stream ${stream}: ${lost} values of column ${options.column} would lose digits in its new type; nothing was changed`,
      });
    }
  }
  await session.run(conversion.setAside, QUICK);
  await finishConversion(session, options);
}

async function finishConversion(session: Session, options: ConversionOptions): Promise<void> {
  const conversion = renderConversion(options);
  if (options.from) await session.run(conversion.fillRest);
  await session.run(conversion.putInPlace, QUICK);
  if (options.from) await session.run(conversion.dropOld, QUICK);
}

function describeStep(step: EvolutionStep): string {
  switch (step.step) {
    case 'add':
      return `adding ${step.columns.map(({ name }) => name).join(', ')}`;
    case 'widen':
      return `widening ${step.column}`;
    case 'convert':
      return `converting ${step.column}`;
    case 'finish-conversion':
      return `finishing the conversion of ${step.column}`;
    case 'drop-not-null':
      return `allowing nulls in ${step.column}`;
    case 'drop':
      return `dropping ${step.column}, left by a conversion that did not finish,`;
    case 'create':
      return 'creating the table';
  }
}
