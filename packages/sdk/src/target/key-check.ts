import { RecordError } from '../errors/record-error.js';
import { isInherited } from '../json/inherited.js';

/** Throws {@link RecordError} for a record without a value in a key: it could be neither found again nor told from others. */
export type KeyCheck = (record: Readonly<Record<string, unknown>>, line: number) => void;

export function compileKeyCheck(stream: string, keys: readonly string[]): KeyCheck {
  const checks = keys.map((key) => ({ key, inherited: isInherited(key) }));
  return (record, line) => {
    for (const { key, inherited } of checks) {
      const value = inherited && !Object.hasOwn(record, key) ? undefined : record[key];
      if (value !== undefined && value !== null) continue;
      throw new RecordError({
        message: `line ${String(line)}: record of stream "${stream}" has no value in its key property "${key}"`,
        stream,
        line,
        property: key,
      });
    }
  };
}
