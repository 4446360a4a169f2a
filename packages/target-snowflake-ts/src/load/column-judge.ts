import { RecordError } from '@singer-io-ts/sdk';
import { rm } from 'node:fs/promises';
import { narrowColumns, type NarrowColumns } from '../values/narrow-columns.js';
import type { StreamPlan } from '../plan/stream-plan.js';
import type { LoadColumn } from '../plan/table.js';
import type { Part } from '../spool/part-writer.js';
import type { RecordFilesOptions } from '../spool/record-files.js';
import { recheckPart } from '../spool/recheck-part.js';
import type { KnownColumns, SealedStream } from '../spool/sink.js';
import { ColumnCheck } from '../values/column-check.js';
import type { RefusedRow } from './refused-row-error.js';
import type { InexactPolicy } from '../values/number.js';

export interface ColumnJudgeOptions extends RecordFilesOptions {
  onInexactNumber: InexactPolicy;
  /** Whether the schema's validator checks the records. */
  validated: boolean;
  /** Told of a record that does not fit. @throws when it may not be put aside */
  onRefused: (error: RecordError) => void;
  /** Told of the columns that any value of a stream has to be checked against; undefined: none. */
  onNarrow: (plan: StreamPlan, columns: KnownColumns | undefined) => void;
}

/** Narrow columns, and the checks of them. */
interface Judgement extends KnownColumns {
  narrow: NarrowColumns;
  /** Those that any value has to be checked against. */
  always: KnownColumns | undefined;
}

/**
 * Sees to it that the records of a cut fit the columns that their tables have. A table is known only after the first records of its stream
 * were written, so those are read again, if they can hold anything that a column does not; the records after them are checked when they come.
 */
export class ColumnJudge {
  readonly #options: ColumnJudgeOptions;
  readonly #judgements = new WeakMap<ReadonlyMap<string, LoadColumn>, Judgement>();

  constructor(options: ColumnJudgeOptions) {
    this.#options = options;
  }

  /**
   * Takes records that do not fit out of the batches, and puts them aside there, or does what the contract says. Done twice, it changes nothing.
   *
   * @throws RecordError when a record does not fit and may not be put aside
   */
  async judge(
    batches: readonly SealedStream[],
    columns: ReadonlyMap<StreamPlan, ReadonlyMap<string, LoadColumn>>,
  ): Promise<void> {
    for (const sealed of batches) {
      const own = columns.get(sealed.plan);
      if (!own) continue;
      const judgement = this.#judgementOf(sealed.plan, own);
      this.#options.onNarrow(sealed.plan, judgement.always);
      if (needsCheck(sealed, judgement)) await this.#recheck(sealed, { check: judgement.check });
      sealed.checkedAgainst = judgement.key;
    }
  }

  #judgementOf(plan: StreamPlan, columns: ReadonlyMap<string, LoadColumn>): Judgement {
    const known = this.#judgements.get(columns);
    if (known) return known;
    const { onInexactNumber, validated } = this.#options;
    const narrow = narrowColumns({ plan, columns, onInexactNumber, validated });
    const always = new Map([...narrow].filter(([, { only }]) => only === undefined));
    const checkOf = (some: NarrowColumns): ColumnCheck => new ColumnCheck({ ...plan, columns: some, onInexactNumber });
    const made: Judgement = {
      narrow,
      key: keyOf(narrow),
      check: checkOf(narrow),
      always: always.size === 0 ? undefined : { key: keyOf(always), check: checkOf(always) },
    };
    this.#judgements.set(columns, made);
    return made;
  }

  /**
   * Puts aside a row that only Snowflake could judge.
   *
   * @throws RecordError when there are too many
   */
  async putAside({ sealed, number, property, reason, part: refused }: RefusedRow): Promise<void> {
    const { stream } = sealed.plan;
    await this.#recheck(sealed, {
      parts: [refused],
      check: {
        check: ({ line, bytes }) => {
          if (line !== number) return { bytes, discarded: [] };
          throw new RecordError({ message: reason, stream, line: refused.placeOf(number).line, property });
        },
      },
    });
  }

  async #recheck(
    sealed: SealedStream,
    { check, parts: some = sealed.parts }: { check: Pick<ColumnCheck, 'check'>; parts?: readonly Part[] },
  ): Promise<void> {
    const { budget, onRefused } = this.#options;
    const { stream } = sealed.plan;
    const parts = [];
    for (const part of sealed.parts) {
      const found = some.includes(part)
        ? await recheckPart(part, { ...this.#options, stream, check, onRefused })
        : undefined;
      parts.push({ part, found });
    }
    sealed.parts = parts.map(({ part, found }) => found?.part ?? part);
    for (const { part, found } of parts) {
      if (!found) continue;
      sealed.refused.push(...found.refused);
      for (const [property, count] of found.discarded)
        sealed.discarded.set(property, (sealed.discarded.get(property) ?? 0) + count);
      await budget.hold(found.part.files);
      await budget.release(part.files);
      for (const file of part.files) await rm((await file).path, { force: true });
    }
  }
}

/** Whether a record can hold what a column does not, as far as is known of the records. */
function needsCheck(sealed: SealedStream, { narrow, key, always }: Judgement): boolean {
  if (sealed.checkedAgainst === key) return false;
  if (always && sealed.readAgainst !== always.key) return true;
  return [...narrow].some(([index, { type, only = [] }]) =>
    only.some((suspicion) =>
      suspicion === 'long record'
        ? type.kind === 'text' && sealed.longest > type.length
        : sealed.inexact.get(index)?.[suspicion] !== undefined,
    ),
  );
}

const keyOf = (columns: NarrowColumns): string => JSON.stringify([...columns]);
