import { forEachConcurrently, CopyRejectedError, RecordError, type LoadError } from '@singer-io-ts/sdk';
import {
  copyPlace,
  IntegrityError,
  quoteTable,
  type Row,
  type Session,
  type TableName,
} from '@singer-io-ts/snowflake-session';
import { planLoad, stagedColumns, temporaryName } from './load-plan.js';
import type { Part, SealedStream } from '../spool/sink.js';
import type { ClosedFile } from '../spool/spool-file.js';
import { copyInto, MAX_FILES_PER_COPY } from '../sql/copy.js';
import { checkRows, failedCheck } from '../sql/checks.js';
import { createTemporaryTable } from '../sql/ddl.js';
import type { LoadPlan } from '../sql/rows.js';
import { lineOfStagedFile } from '../spool/line-of-file.js';
import type { LoadColumn } from '../plan/table.js';
import type { Stage } from './stage.js';

/** A part whose rows are in a temporary table. */
export interface LoadedPart {
  sealed: SealedStream;
  part: Part;
  plan: LoadPlan;
  rows: number;
}

export interface StageRowsOptions {
  session: Session;
  stage: Stage;
  cut: number;
  runId: string;
  syncStartedAt: number;
  /** How many files are uploaded and how many parts are copied at a time. */
  parallelism: number;
  /** Told how long each step took, in seconds. */
  onStep: (step: 'upload' | 'copy', seconds: number, stream?: string) => void;
}

/** A part, the table that it goes to and that table's columns. */
export interface PartToLoad {
  sealed: SealedStream;
  part: Part;
  table: TableName;
  columns: ReadonlyMap<string, LoadColumn>;
  /** A version that rows of lower ones take; see `LoadPlan`. */
  atLeastVersion: number | undefined;
}

export const versionsOf = ({ versions }: Pick<Part, 'versions'>): LoadPlan['versions'] =>
  versions === undefined ? 'none' : versions.least === versions.greatest ? 'one' : 'several';

/**
 * Brings the rows of a cut into temporary tables of the session: uploads every file, copies it by name, and makes sure that exactly the
 * rows that were written arrived. Nothing of it is seen by anyone else, and it ends with the session.
 *
 * @returns the parts in the order given, and the stage's folder, to be removed once the cut is committed
 * @throws a LoadError
 */
export async function stageRows(
  parts: readonly PartToLoad[],
  options: StageRowsOptions,
): Promise<{ loaded: LoadedPart[]; folder: string | undefined }> {
  const { session, stage, cut, runId, parallelism, onStep } = options;
  const files = await Promise.all(parts.map(async ({ part }) => Promise.all(part.files)));
  const first = parts[0];
  if (!first || files.every((list) => list.length === 0)) {
    return {
      loaded: parts.map((part, index) => ({ ...part, plan: loadPlan(part, index, options), rows: 0 })),
      folder: undefined,
    };
  }
  const folder = await stage.folder(session, first.table, cut);
  const begun = performance.now();
  const uploads = parts.flatMap(({ part: { compression } }, index) =>
    (files[index] ?? []).map(({ path, bytes }) => ({ path, bytes, location: `${folder}/${index}`, compression })),
  );
  await forEachConcurrently(uploads, parallelism, (upload) => session.upload(upload));
  onStep('upload', (performance.now() - begun) / 1000);
  const loaded = parts.map((part, index) => ({ ...part, plan: loadPlan(part, index, options), rows: 0 }));
  await forEachConcurrently(loaded, parallelism, async (part, index) => {
    const started = performance.now();
    part.rows = await copyPart(session, part, part.plan, files[index] ?? [], `${folder}/${index}`);
    onStep('copy', (performance.now() - started) / 1000, part.sealed.plan.stream);
  });
  return { loaded, folder };

  function loadPlan(part: PartToLoad, index: number, { syncStartedAt }: StageRowsOptions): LoadPlan {
    return planLoad({
      sealed: part.sealed,
      columns: part.columns,
      table: part.table,
      staged: temporaryName(part.table, runId, index),
      layout: part.part.kind === 'batch' ? 'bare' : 'wrapped',
      syncStartedAt,
      versions: versionsOf(part.part),
      atLeastVersion: part.atLeastVersion,
    });
  }
}

/** What streams do with temporary tables of their own need not wait for each other. */
const BESIDE = { inTurn: false };

async function copyPart(
  session: Session,
  { sealed, part }: PartToLoad,
  plan: LoadPlan,
  files: readonly ClosedFile[],
  location: string,
): Promise<number> {
  if (files.length === 0) return 0;
  const { properties, stream } = sealed.plan;
  await session.run(createTemporaryTable(plan.staged, stagedColumns(plan, properties)), BESIDE);
  // BATCH files are copied one by one, since each numbers its lines by itself.
  const step = part.kind === 'batch' ? 1 : MAX_FILES_PER_COPY;
  let rows = 0;
  for (let from = 0; from < files.length; from += step) {
    const names = files.slice(from, from + step).map(({ path }) => nameOf(path));
    const columns = stagedColumns(plan, properties, from);
    const sql = copyInto({ table: plan.staged, columns, location, files: names, compression: part.compression });
    try {
      rows += rowsLoaded(await session.run(sql, BESIDE), names.length, stream);
    } catch (error) {
      throw error instanceof CopyRejectedError ? await explainRefusal(error, { sealed, plan, files }) : error;
    }
  }
  if (part.rows !== undefined && rows !== part.rows) {
    throw new IntegrityError({ message: `stream ${stream}: COPY loaded ${rows} rows of ${part.rows}` });
  }
  await checkStaged(session, sealed, plan);
  return rows;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** COPY can end well with files left out: every file must be there, loaded and without an error. */
function rowsLoaded(rows: readonly Row[], files: number, stream: string): number {
  const bad = rows.find((row) => row['status'] !== 'LOADED' || Number(row['errors_seen'] ?? 0) > 0);
  if (rows.length !== files || bad) {
    throw new IntegrityError({
      message: `stream ${stream}: COPY loaded ${rows.filter((row) => row['status'] === 'LOADED').length} of ${files} files`,
    });
  }
  return rows.reduce((sum, row) => sum + Number(row['rows_loaded']), 0);
}

async function checkStaged(
  session: Session,
  { plan: { stream, properties } }: SealedStream,
  plan: LoadPlan,
): Promise<void> {
  const sql = checkRows(plan);
  const failed = sql === undefined ? undefined : failedCheck((await session.run(sql, BESIDE))[0]);
  if (!failed) return;
  const property = properties[failed.index]?.property ?? '';
  const what =
    failed.check === 'key'
      ? `have no value for key property "${property}"`
      : `have more digits in "${property}" than its column holds`;
  throw new RecordError({ message: `stream ${stream}: ${failed.rows} records ${what}`, stream });
}

/** Says which line of input and which property Snowflake refused; never the value, which its own words quote. */
async function explainRefusal(
  error: CopyRejectedError,
  { sealed: { plan: stream }, plan, files }: { sealed: SealedStream; plan: LoadPlan; files: readonly ClosedFile[] },
): Promise<LoadError> {
  const { file, line, column } = copyPlace((error.cause as Error | undefined)?.message);
  const index = column === undefined ? undefined : Number(column.slice(1));
  const property = index === undefined ? undefined : stream.properties[index]?.property;
  const path = files.find((one) => nameOf(one.path) === file)?.path;
  const inputLine =
    path !== undefined && line !== undefined && plan.layout === 'wrapped'
      ? await lineOfStagedFile(path, line)
      : undefined;
  const where = inputLine === undefined ? '' : `line ${inputLine}: `;
  const what = property === undefined ? 'a value' : `the value of property "${property}"`;
  const code = /code (\w+)/.exec(error.message)?.[1] ?? '';
  return new CopyRejectedError({
    message: `${where}stream ${stream.stream}: Snowflake refused ${what} for table ${quoteTable(stream.table)} (code ${code}); nothing of this cut is loaded`,
    cause: error.cause,
  });
}
