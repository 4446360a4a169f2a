import { SchemaConflictError, type Logger } from '@singer-io-ts/sdk';
import type { Config } from '../settings/settings.js';
import { planEvolution, type EvolutionPlan, type EvolutionStep } from './evolution.js';
import { quoteTable, type TableName } from '@singer-io-ts/snowflake-session';
import { renderConversion, type ConversionOptions } from '../sql/conversion.js';
import { isSdcColumn } from '../plan/sdc-columns.js';
import { addColumns, alterColumns, createTable, dropColumn } from '../sql/ddl.js';
import { wantedColumns, type StreamPlan } from '../plan/stream-plan.js';
import type { RememberedColumn } from './table-memory.js';
import type { TableColumn } from '../plan/table.js';
import type { Session } from '@singer-io-ts/snowflake-session';

/** No DDL takes longer than this, unless it rewrites a table. Changes of different tables need not wait for each other. */
const QUICK = { timeoutMs: 300_000, inTurn: false };
const BESIDE = { inTurn: false };

export type TableKeeperSettings = Pick<Config, 'on_type_conflict' | 'timestamp_ntz_policy'>;

/** Makes tables and brings them up to what streams need. All of it outside of transactions: DDL commits what is open. */
export class TableKeeper {
  constructor(
    private readonly settings: TableKeeperSettings,
    private readonly logger: Logger,
  ) {}

  /** What has to happen to a stream's table. @param existing the table's columns; undefined when there is no table */
  compare(
    plan: StreamPlan,
    existing: readonly TableColumn[] | undefined,
    remembered: ReadonlyMap<string, RememberedColumn>,
  ): EvolutionPlan {
    const required = plan.keys.map((index) => plan.properties[index]?.column.name ?? '');
    return planEvolution({
      stream: plan.stream,
      existing,
      remembered,
      wanted: wantedColumns(plan),
      required,
      onTypeConflict: this.settings.on_type_conflict,
      ntzPolicy: this.settings.timestamp_ntz_policy,
    });
  }

  /** What has to be remembered of the columns that steps will make. */
  toRemember(steps: readonly EvolutionStep[]): Map<string, RememberedColumn> {
    const made = steps.flatMap((step) => ('columns' in step ? step.columns : []));
    const utc = made.filter(({ name, type }) => type.kind === 'timestamp' && type.zone === 'NTZ' && !isSdcColumn(name));
    return new Map(utc.map(({ name }) => [name, { utc: true }]));
  }

  /** Makes or changes a stream's table. @throws a LoadError */
  async change(session: Session, plan: StreamPlan, steps: readonly EvolutionStep[]): Promise<void> {
    const inPlace = steps.filter(isInPlace);
    for (const step of steps) {
      if (step.step !== 'create')
        this.logger.info(`stream ${plan.stream}: ${describeStep(step)} in ${quoteTable(plan.table)}`, {
          stream: plan.stream,
        });
      if (!isInPlace(step)) await this.#apply(session, plan, step);
    }
    if (inPlace.length > 0) await session.run(alterColumns(plan.table, inPlace), QUICK);
  }

  /** The statements of steps, for people to read. */
  statements({ table }: StreamPlan, steps: readonly EvolutionStep[]): string[] {
    const inPlace = steps.filter(isInPlace);
    const others = steps.flatMap((step) => {
      if (isInPlace(step)) return [];
      if (step.step !== 'convert' && step.step !== 'finish-conversion') return [simpleStatement(table, step)];
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
    return inPlace.length > 0 ? [...others, alterColumns(table, inPlace)] : others;
  }

  async #apply(session: Session, { table, stream }: StreamPlan, step: Exclude<EvolutionStep, InPlace>): Promise<void> {
    switch (step.step) {
      case 'convert':
        return convertColumn(session, stream, { table, ...step });
      case 'finish-conversion':
        return finishConversion(session, { table, ...step });
      default:
        await session.run(simpleStatement(table, step), QUICK);
    }
  }
}

type InPlace = EvolutionStep & { step: 'widen' | 'drop-not-null' };
const isInPlace = (step: EvolutionStep): step is InPlace => step.step === 'widen' || step.step === 'drop-not-null';

type SimpleStep = Exclude<EvolutionStep, InPlace | { step: 'convert' | 'finish-conversion' }>;

function simpleStatement(table: TableName, step: SimpleStep): string {
  switch (step.step) {
    case 'create':
      return createTable(table, step.columns);
    case 'add':
      return addColumns(table, step.columns);
    case 'drop':
      return dropColumn(table, step.column);
  }
}

async function convertColumn(session: Session, stream: string, options: ConversionOptions): Promise<void> {
  const conversion = renderConversion(options);
  await session.run(conversion.addFresh, QUICK);
  await session.run(conversion.fill, BESIDE);
  if (conversion.countLost !== undefined) {
    const lost = Number((await session.run(conversion.countLost, BESIDE))[0]?.['LOST'] ?? 0);
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
  if (options.from) await session.run(conversion.fillRest, BESIDE);
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
