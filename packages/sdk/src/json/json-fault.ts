import { parse } from 'lossless-json';

/** Where a text stops being JSON, both counted from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
}

/** Finds where a text stops being JSON; undefined if it is JSON. Tells nothing of what stands there, which may be a secret. */
export function jsonFault(text: string): JsonFault | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    // The runtime's own parser gives no position for some faults.
    const position = Number(/position (\d+)/.exec(String(error))?.[1] ?? text.length);
    const before = text.slice(0, position).split('\n');
    return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  }
}
