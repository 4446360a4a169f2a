import {
  CopyRejectedError,
  forEachConcurrently,
  SchemaConflictError,
  StatementRefusedError,
  type Logger,
} from '@singer-io-ts/sdk';
import type { Config } from '../settings/settings.js';
import { isNtz, planEvolution, type EvolutionPlan, type EvolutionStep } from './evolution.js';
import { quoteIdentifier, quoteTable, type TableName } from '@singer-io-ts/snowflake-session';
import { renderConversion, type ConversionOptions } from '../sql/conversion.js';
import { addColumns, alterColumns, createTable, dropColumn } from '../sql/ddl.js';
import { subjectOf, wantedColumns, type StreamPlan } from '../plan/stream-plan.js';
import type { ChangingType } from '../values/changing-type.js';
import type { RememberedColumn } from './table-memory.js';
import { renderType } from '../plan/column-type.js';
import type { TableColumn, TableOptions } from '../plan/table.js';
import type { Session } from '@singer-io-ts/snowflake-session';

/** No DDL takes longer than this, unless it rewrites a table. Changes of different tables need not wait for each other. */
const QUICK = { timeoutMs: 300_000, inTurn: false };
const BESIDE = { inTurn: false };
/** At most this many tables are created in one request. */
const MAX_TOGETHER = 20;

export type TableKeeperSettings = Pick<Config, 'on_type_conflict' | 'timestamp_ntz_policy'>;

/** Makes tables and brings them up to what streams need. All of it outside of transactions: DDL commits what is open. */
export class TableKeeper {
  constructor(
    private readonly settings: TableKeeperSettings,
    private readonly logger: Logger,
  ) {}

  /**
   * What has to happen to a stream's table.
   *
   * @param existing the table's columns; undefined when there is no table
   * @param changing which types of column would change values that are about to be loaded
   */
  compare(
    plan: StreamPlan,
    existing: readonly TableColumn[] | undefined,
    remembered: ReadonlyMap<string, RememberedColumn>,
    changing: ReadonlyMap<string, ReadonlySet<ChangingType>> = new Map(),
  ): EvolutionPlan {
    const required = plan.keys.map((index) => plan.properties[index]?.column.name ?? '');
    return planEvolution({
      stream: plan.stream,
      existing,
      remembered,
      wanted: wantedColumns(plan),
      required,
      replaces: plan.loadMethod === 'overwrite',
      changing,
      onTypeConflict: this.settings.on_type_conflict,
      contract: plan.contract,
      table: quoteTable(plan.table),
      ntzPolicy: this.settings.timestamp_ntz_policy,
    });
  }

  /** What has to be remembered of the columns that steps will make. */
  toRemember(steps: readonly EvolutionStep[]): Map<string, RememberedColumn> {
    const found = new Map<string, RememberedColumn>();
    for (const step of steps) {
      if ('columns' in step) for (const { name, remember } of step.columns) if (remember) found.set(name, remember);
      if (step.step === 'convert' && isNtz(step.to))
        found.set(step.column.toUpperCase(), { utc: isNtz(step.from) ? step.utc : true });
    }
    return found;
  }

  /**
   * Makes or changes the tables of streams. New tables are made with several statements in a request, so that a first load of many streams
   * is not one wait after the other.
   *
   * @param parallelism how many requests are under way at a time
   * @throws a LoadError
   */
  async changeAll(
    session: Session,
    changes: ReadonlyMap<StreamPlan, EvolutionPlan>,
    parallelism: number,
  ): Promise<void> {
    const created: Creation[] = [];
    const others: (() => Promise<void>)[] = [];
    for (const [plan, { steps }] of changes) {
      const [first] = steps;
      if (first?.step === 'create' && steps.length === 1)
        created.push({ sql: simpleStatement(plan.table, first, plan.options), what: subjectOf(plan) });
      else others.push(() => this.#change(session, plan, steps));
    }
    const together = inGroups(created, parallelism).map((group) => () => makeTogether(session, group));
    await forEachConcurrently([...together, ...others], parallelism, (act) => act());
  }

  /** Makes or changes one table. */
  async #change(session: Session, plan: StreamPlan, steps: readonly EvolutionStep[]): Promise<void> {
    for (const step of steps) if (step.step === 'convert') await refuseLoss(session, plan, step);
    for (const step of steps) if (step.step === 'add') await refuseRowsWithoutKey(session, plan, step);
    const inPlace = steps.filter(isInPlace);
    for (const step of steps) {
      if (step.step !== 'create')
        this.logger.info(`stream ${plan.stream}: ${describeStep(step)} in ${quoteTable(plan.table)}`, {
          stream: plan.stream,
        });
      if (!isInPlace(step)) await this.#apply(session, plan, step);
    }
    if (inPlace.length > 0) await session.run(alterColumns(plan.table, inPlace), { ...QUICK, what: subjectOf(plan) });
  }

  /** The statements of steps, for people to read. */
  statements({ table, options }: StreamPlan, steps: readonly EvolutionStep[]): string[] {
    const inPlace = steps.filter(isInPlace);
    const others = steps.flatMap((step) => {
      if (isInPlace(step)) return [];
      if (step.step !== 'convert' && step.step !== 'finish-conversion') return [simpleStatement(table, step, options)];
      const {
        countLost = [],
        addFresh,
        fill,
        setAside,
        fillRest,
        putInPlace,
        dropOld,
      } = renderConversion({ table, ...step });
      return step.step === 'convert'
        ? [countLost, addFresh, fill, setAside, fillRest, putInPlace, dropOld].flat()
        : [fillRest, putInPlace, dropOld];
    });
    return inPlace.length > 0 ? [...others, alterColumns(table, inPlace)] : others;
  }

  async #apply(session: Session, plan: StreamPlan, step: Exclude<EvolutionStep, InPlace>): Promise<void> {
    const { table, options } = plan;
    switch (step.step) {
      case 'convert':
        return convertColumn(session, { table, ...step });
      case 'finish-conversion':
        return finishConversion(session, { table, ...step });
      default:
        await session.run(simpleStatement(table, step, options), { ...QUICK, what: subjectOf(plan) });
    }
  }
}

type InPlace = EvolutionStep & { step: 'widen' | 'drop-not-null' };
const isInPlace = (step: EvolutionStep): step is InPlace => step.step === 'widen' || step.step === 'drop-not-null';

type SimpleStep = Exclude<EvolutionStep, InPlace | { step: 'convert' | 'finish-conversion' }>;

function simpleStatement(table: TableName, step: SimpleStep, options: TableOptions): string {
  switch (step.step) {
    case 'create':
      return createTable(table, step.columns, options);
    case 'add':
      return addColumns(table, step.columns);
    case 'drop':
      return dropColumn(table, step.column);
  }
}

/** The statement that makes a table, and whose it is. */
interface Creation {
  sql: string;
  what: string;
}

/** Divides the making of tables among requests, evenly, so that none takes long. */
function inGroups(creations: readonly Creation[], requests: number): Creation[][] {
  const size = Math.max(1, Math.min(Math.ceil(creations.length / requests), MAX_TOGETHER));
  return Array.from({ length: Math.ceil(creations.length / size) }, (_, group) =>
    creations.slice(group * size, (group + 1) * size),
  );
}

/** Makes tables that may be there already. Where one is refused, each is made on its own, which tells what is wrong with it. */
async function makeTogether(session: Session, creations: readonly Creation[]): Promise<void> {
  const statements = creations.map(({ sql }) => sql);
  if (creations.length > 1 && (await areTaken(session, statements))) return;
  for (const { sql, what } of creations) await session.run(sql, { ...QUICK, what });
}

/** Runs statements in one request; resolves to whether none of them was refused. */
async function areTaken(session: Session, statements: readonly string[]): Promise<boolean> {
  try {
    await session.runTogether(statements, QUICK);
    return true;
  } catch (error) {
    if (error instanceof StatementRefusedError) return false;
    throw error;
  }
}

/** A conversion that would change values is refused before anything is changed. */
async function refuseLoss(
  session: Session,
  { stream, table }: StreamPlan,
  step: EvolutionStep & { step: 'convert' },
): Promise<void> {
  const { countLost } = renderConversion({ table, ...step });
  if (countLost === undefined) return;
  const lost = Number((await session.run(countLost, BESIDE))[0]?.['LOST'] ?? 0);
  if (lost === 0) return;
  const { column, from, to } = step;
  throw new SchemaConflictError({
    message:
      `stream ${stream}: column ${column} of table ${quoteTable(table)} is ${renderType(from)} and holds ${lost} values that ${renderType(to)}, which the schema asks for now, cannot hold; the table is as it was. ` +
      `Set on_type_conflict to text${to.kind === 'float' ? ' or number_type to decfloat' : ''}, or set the old values aside for a new column: ` +
      `ALTER TABLE ${quoteTable(table)} RENAME COLUMN ${quoteIdentifier(column)} TO ${quoteIdentifier(`${column}_BEFORE`)}`,
  });
}

/** Rows that have no value in a new part of the key would never be found again, and stand beside those that replace them. */
async function refuseRowsWithoutKey(
  session: Session,
  { stream, table, keys, properties, loadMethod }: StreamPlan,
  step: EvolutionStep & { step: 'add' },
): Promise<void> {
  const added = keys
    .map((index) => properties[index]?.column.name)
    .filter((key) => step.columns.some(({ name }) => name === key));
  if (added.length === 0 || loadMethod === 'overwrite') return;
  const name = quoteTable(table);
  const rows = Number((await session.run(`SELECT COUNT(*) "N" FROM ${name}`, BESIDE))[0]?.['N'] ?? 0);
  if (rows === 0) return;
  throw new SchemaConflictError({
    message:
      `stream ${stream}: the key has a new property (column ${added.join(', ')}), in which the rows of table ${name} (${rows}) have no value, so no record would replace them; the table is as it was. ` +
      `Empty it (TRUNCATE TABLE ${name}) and run the tap without its state (meltano run --full-refresh), or leave the key as it was`,
  });
}

async function convertColumn(session: Session, options: ConversionOptions): Promise<void> {
  const conversion = renderConversion(options);
  await session.run(conversion.addFresh, QUICK);
  try {
    await session.run(conversion.fill, BESIDE);
  } catch (error) {
    if (error instanceof CopyRejectedError) await session.run(conversion.dropFresh, QUICK).catch(() => undefined);
    throw error;
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
