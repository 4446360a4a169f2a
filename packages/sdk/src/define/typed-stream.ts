import type { RecordStream } from '../tap/record-stream.js';
import type { ParentLink } from '../tap/record-source.js';
import type { JsonObject } from '../json/json-value.js';

declare const RECORD: unique symbol;

/** Something that has a stream's name and says, to the compiler, what its records are. */
export interface NamedStream<R> {
  readonly name: string;
  readonly [RECORD]?: R;
}

/** A stream whose records the compiler knows. */
export type TypedStream<R> = RecordStream & NamedStream<R>;

/**
 * Hangs a stream on the records of another one, one by one.
 *
 * @param context what a record says about which records to read, as few properties as will do: they are kept in the state.
 *   Undefined skips the record.
 */
export function childOf<R, C extends JsonObject>(
  parent: NamedStream<R>,
  context: (record: R) => C | undefined,
): ParentLink<C> {
  return { stream: parent.name, context: (record) => context(record as R) };
}
