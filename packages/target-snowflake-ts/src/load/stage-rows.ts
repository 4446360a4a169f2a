import { forEachConcurrently } from '@singer-io-ts/sdk';
import type { Session, TableName } from '@singer-io-ts/snowflake-session';
import { rm } from 'node:fs/promises';
import { BESIDE, copyPart } from './copy-part.js';
import { copyShared, createShared } from './copy-shared.js';
import { planLoad, stagedColumns, temporaryName } from './load-plan.js';
import { bytesOf, groupParts, type PartSize } from './sharing-parts.js';
import type { Stage } from './stage.js';
import { uploadFiles } from './upload-files.js';
import type { LoadColumn } from '../plan/table.js';
import type { Compression } from '../spool/compression.js';
import type { Part } from '../spool/part-writer.js';
import { holdLongNumbers, writeSharedFile, type SharingPart } from '../spool/shared-file.js';
import type { SealedStream } from '../spool/sink.js';
import type { SpoolDirectory } from '../spool/spool-directory.js';
import type { ClosedFile } from '../spool/spool-file.js';
import { countDiscarded } from '../sql/contract.js';
import type { LoadPlan } from '../sql/rows.js';

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
  spool: Pick<SpoolDirectory, 'newFile'>;
  cut: number;
  runId: string;
  syncStartedAt: number;
  /** How many files are uploaded and how many parts are copied at a time. */
  parallelism: number;
  compression: Compression;
  /** What a part has at most, uncompressed, to share a file and a COPY with others; 0: each has its own. */
  sharedCopyMaxBytes: number;
  /** Told when some do: values that Snowflake refuses are refused by the statements that read them then. */
  onShared: () => void;
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

/** What came of it. */
export interface Staged {
  /** The parts in the order given. */
  loaded: LoadedPart[];
  /** The stage's folder, to be removed once the cut is committed. */
  folder: string | undefined;
}

/** Small parts that share a file and a temporary table. */
interface Share {
  table: TableName;
  parts: readonly SharingPart[];
}

/**
 * Brings the rows of a cut into temporary tables of the session: uploads every file, copies it by name, and makes sure that exactly the
 * rows that were written arrived. Nothing of it is seen by anyone else, and it ends with the session. Small parts share a table, since
 * statements cost more than their rows.
 *
 * @throws a LoadError
 */
export async function stageRows(parts: readonly PartToLoad[], options: StageRowsOptions): Promise<Staged> {
  const { session, stage, spool, cut, parallelism, compression, onStep } = options;
  const files = await Promise.all(parts.map(async ({ part }) => Promise.all(part.files)));
  const first = parts[0];
  const shares = await sharesOf(parts, files, options);
  const loaded = parts.map((part, index) => ({ ...part, plan: planOf(part, index, shares, options), rows: 0 }));
  if (!first || files.every((list) => list.length === 0)) return { loaded, folder: undefined };
  if (shares.length > 0) options.onShared();
  const sharedFiles = new Map<Share, ClosedFile>();
  try {
    for (const share of shares)
      sharedFiles.set(
        share,
        await writeSharedFile(spool.newFile(`.jsonl${compression.ending}`), share.parts, compression),
      );
    const alone = loaded.flatMap((part, index) => (part.plan.staged.share ? [] : (files[index] ?? [])));
    let folder = '';
    const upload = async (): Promise<void> => {
      folder = await stage.folder(session, first.table, cut);
      const begun = performance.now();
      await uploadFiles(session, [...sharedFiles.values(), ...alone], {
        location: folder,
        compression: compression.name,
        parallelism,
      });
      onStep('upload', (performance.now() - begun) / 1000);
    };
    const tables = shares.map(
      ({ table }) =>
        () =>
          createShared(session, table),
    );
    await forEachConcurrently([upload, ...tables], parallelism, (act) => act());
    const own = loaded.flatMap((part, index) =>
      part.plan.staged.share || files[index]?.length === 0
        ? []
        : [copyAlone(part, files[index] ?? [], folder, options)],
    );
    const together = [...sharedFiles].map(([share, file]) => async (): Promise<void> => {
      const begun = performance.now();
      const rows = share.parts.reduce((sum, { number }) => sum + (parts[number]?.part.rows ?? 0), 0);
      await copyShared(share.table, file, { session, location: folder, compression: compression.name, rows });
      onStep('copy', (performance.now() - begun) / 1000);
    });
    await forEachConcurrently([...together, ...own], parallelism, (act) => act());
    await forEachConcurrently(loaded, parallelism, async (part) => {
      if (part.part.files.length > 0)
        part.rows = part.part.rows - (await countLeftOut(session, part, options.onDiscarded));
    });
    return { loaded, folder };
  } finally {
    // If needed again, they are made from the files of the parts.
    for (const { path } of sharedFiles.values()) await rm(path, { force: true });
  }
}

async function sharesOf(
  parts: readonly PartToLoad[],
  files: readonly (readonly ClosedFile[])[],
  { runId, sharedCopyMaxBytes }: StageRowsOptions,
): Promise<Share[]> {
  const [first] = parts;
  if (!first) return [];
  const sizes: PartSize[] = [];
  for (const [index, { sealed }] of parts.entries()) {
    const own = files[index] ?? [];
    const alone = bytesOf(own) > sharedCopyMaxBytes || (await holdLongNumbers(own));
    sizes.push({ files: alone ? [] : own, properties: sealed.plan.properties.length });
  }
  return groupParts(sizes, sharedCopyMaxBytes).map((group, index) => ({
    table: temporaryName(first.table, `${runId}_SHARED`, index),
    parts: group,
  }));
}

function planOf(
  { sealed, columns, table, part, atLeastVersion }: PartToLoad,
  index: number,
  shares: readonly Share[],
  { runId, syncStartedAt }: StageRowsOptions,
): LoadPlan {
  const share = shares.find((one) => one.parts.some(({ number }) => number === index));
  const plan = planLoad({
    sealed,
    columns,
    table,
    staged: { table: share?.table ?? temporaryName(table, runId, index) },
    part,
    syncStartedAt,
    atLeastVersion,
  });
  if (!share) return plan;
  const own = stagedColumns(plan, sealed.plan.properties);
  return { ...plan, staged: { table: share.table, share: { part: index, columns: own } } };
}

const copyAlone =
  (part: LoadedPart, files: readonly ClosedFile[], location: string, options: StageRowsOptions) =>
  async (): Promise<void> => {
    const { session, compression, onStep } = options;
    const begun = performance.now();
    await copyPart(part, files, { session, location, compression: compression.name });
    onStep('copy', (performance.now() - begun) / 1000, part.sealed.plan.stream);
  };

/** Tells what the stream's contract leaves out; resolves to the number of rows. */
async function countLeftOut(
  session: Session,
  {
    sealed: {
      plan: { stream, properties },
    },
    plan,
  }: LoadedPart,
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
