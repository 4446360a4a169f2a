import { isJsonObject, type JsonObject } from '../json/json-value.js';

/**
 * What a bookmark says of the run that wrote it, so that a target can notice that table and bookmark do not belong
 * together. It is in a stream's bookmark as `sync`; targets that do not know it ignore it. `docs/state.md` defines it.
 */
export interface SyncMark {
  /** The run, in milliseconds of unix time: unique for the stream, and greater than that of every earlier run. */
  run: number;
  /** The run whose bookmark this run continued from; null if it started from nothing. */
  from: number | null;
  /** Whether this run alone has sent every object that the stream has, so that the table needs nothing older. */
  complete: boolean;
  /** Whether any record was sent since `from` was last null: if not, an empty or missing table is as it should be. */
  sent: boolean;
}

/** The mark in a stream's bookmark; undefined where there is none or it is not of this form. */
export function syncMarkOf(bookmark: unknown): SyncMark | undefined {
  const mark = isJsonObject(bookmark) ? bookmark['sync'] : undefined;
  if (!isJsonObject(mark)) return undefined;
  const { run, from = null, complete, sent } = mark;
  if (!isRun(run) || !(from === null || isRun(from))) return undefined;
  return { run, from, complete: complete === true, sent: sent !== false };
}

/** Runs are told apart by whole milliseconds; anything else was not written by a tap that knows the mark. */
const isRun = (value: unknown): value is number => Number.isSafeInteger(value);

/** The mark as a bookmark holds it. */
export function syncMarkToState({ run, from, complete, sent }: SyncMark): JsonObject {
  return { sync: { run, from, complete, sent } };
}
