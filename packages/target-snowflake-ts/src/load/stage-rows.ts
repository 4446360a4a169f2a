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
import type { Part } from '../spool/part-writer.js';
import type { SealedStream } from '../spool/sink.js';
import type { ClosedFile } from '../spool/spool-file.js';
import { copyInto, MAX_FILES_PER_COPY } from '../sql/copy.js';
import { countDiscarded } from '../sql/contract.js';
import { createTemporaryTable } from '../sql/ddl.js';
import type { LoadPlan } from '../sql/rows.js';
import { numberOfRow } from '../spool/row-number.js';
import type { LoadColumn } from '../plan/table.js';
import type { Stage } from './stage.js';
import { nameOf, uploadFiles } from './upload-files.js';

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
  /** How the files are compressed. */
  compression: 'GZIP' | 'ZSTD';
  onInexactNumber: 'refuse' | 'round';
  /** Told of values, or of rows with such values, that a stream's contract leaves out. */
  onDiscarded: (left: { stream: string; property: string; what: 'value' | 'row'; count: number }) => void;
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
  const { session, stage, cut, runId, parallelism, onStep, onInexactNumber } = options;
  for (const part of parts) refuseInexact(part, onInexactNumber);
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
  await uploadFiles(session, files.flat(), { location: folder, compression: options.compression, parallelism });
  onStep('upload', (performance.now() - begun) / 1000);
  const loaded = parts.map((part, index) => ({ ...part, plan: loadPlan(part, index, options), rows: 0 }));
  await forEachConcurrently(loaded, parallelism, async (part, index) => {
    const started = performance.now();
    part.rows = await copyPart(part, files[index] ?? [], folder, options);
    onStep('copy', (performance.now() - started) / 1000, part.sealed.plan.stream);
  });
  return { loaded, folder };

  function loadPlan(part: PartToLoad, index: number, { syncStartedAt }: StageRowsOptions): LoadPlan {
    return planLoad({
      sealed: part.sealed,
      columns: part.columns,
      table: part.table,
      staged: temporaryName(part.table, runId, index),
      part: part.part,
      syncStartedAt,
      atLeastVersion: part.atLeastVersion,
    });
  }
}

/** What streams do with temporary tables of their own need not wait for each other. */
const BESIDE = { inTurn: false };

async function copyPart(
  { sealed, part, plan }: LoadedPart,
  files: readonly ClosedFile[],
  location: string,
  { session, compression, onDiscarded }: StageRowsOptions,
): Promise<number> {
  if (files.length === 0) return 0;
  const { properties, stream } = sealed.plan;
  const columns = stagedColumns(plan, properties);
  await session.run(createTemporaryTable(plan.staged, columns), BESIDE);
  let rows = 0;
  for (let from = 0; from < files.length; from += MAX_FILES_PER_COPY) {
    const names = files.slice(from, from + MAX_FILES_PER_COPY).map(nameOf);
    const sql = copyInto({ table: plan.staged, columns, location, compression, files: names });
    try {
      rows += rowsLoaded(await session.run(sql, BESIDE), names.length, stream);
    } catch (error) {
      throw error instanceof CopyRejectedError ? await explainRefusal(error, { sealed, part, files }) : error;
    }
  }
  if (rows !== part.rows) {
    throw new IntegrityError({ message: `stream ${stream}: COPY loaded ${rows} rows of ${part.rows}` });
  }
  return rows - (await countLeftOut(session, sealed, plan, onDiscarded));
}

/** Tells what the stream's contract leaves out; resolves to the number of rows. */
async function countLeftOut(
  session: Session,
  { plan: { stream, properties } }: SealedStream,
  plan: LoadPlan,
  onDiscarded: StageRowsOptions['onDiscarded'],
): Promise<number> {
  const sql = countDiscarded(plan);
  if (sql === undefined) return 0;
  const row = (await session.run(sql, BESIDE))[0] ?? {};
  for (const [index, { contract }] of plan.columns.entries()) {
    const values = Number(row[`C_${index}`] ?? 0);
    if (contract && values > 0)
      onDiscarded({ stream, property: properties[index]?.property ?? '', what: contract.discard, count: values });
  }
  return Number(row['ROWS'] ?? 0);
}

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

/** A number that the schema has room for may still be too long for the FLOAT or DECFLOAT that the table has. Keys are never rounded. */
function refuseInexact({ sealed, columns }: PartToLoad, policy: StageRowsOptions['onInexactNumber']): void {
  const { stream, properties, keys, table } = sealed.plan;
  for (const [index, lines] of sealed.inexact) {
    const { property, column } = properties[index] ?? {};
    const kind = columns.get(column?.name ?? '')?.type.kind;
    const line = kind === 'float' || kind === 'decfloat' ? lines[kind] : undefined;
    if (line === undefined || (policy === 'round' && !keys.includes(index))) continue;
    throw new RecordError({
      message:
        `line ${line}: stream "${stream}", property "${property}": the value has more digits than its column gives back, which is ${kind === 'float' ? 'FLOAT' : 'DECFLOAT'} in table ${quoteTable(table)}; ` +
        (kind === 'float'
          ? 'set "number_type" to decfloat, which also converts the column, or "on_inexact_number" to round'
          : 'set "on_type_conflict" to text and convert the column, or "on_inexact_number" to round'),
      stream,
      line,
      property,
    });
  }
}

/** Says which line of input and which property Snowflake refused; never the value, which its own words quote. */
async function explainRefusal(
  error: CopyRejectedError,
  { sealed: { plan: stream }, part, files }: { sealed: SealedStream; part: Part; files: readonly ClosedFile[] },
): Promise<LoadError> {
  const { file, line, column } = copyPlace((error.cause as Error | undefined)?.message);
  const index = column === undefined ? undefined : Number(column.slice(1));
  const property = index === undefined ? undefined : stream.properties[index]?.property;
  const path = files.find((one) => nameOf(one) === file)?.path;
  const number = path !== undefined && line !== undefined ? await numberOfRow(path, line) : undefined;
  const where = number === undefined ? '' : `${part.where(number)}: `;
  const what = property === undefined ? 'a value' : `the value of property "${property}"`;
  const code = /code (\w+)/.exec(error.message)?.[1] ?? '';
  return new CopyRejectedError({
    message: `${where}stream ${stream.stream}: Snowflake refused ${what} for table ${quoteTable(stream.table)} (code ${code}); nothing of this cut is loaded`,
    cause: error.cause,
  });
}
