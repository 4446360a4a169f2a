import { eachSchema } from './each-schema.js';
import type { JsonSchema } from './json-schema.js';
import { readPattern } from './pattern.js';

/** Told of a pattern that is not checked. @param steps the keywords and names that lead to it */
export type OnUnreadPattern = (steps: readonly string[], reason: string) => void;

/**
 * A schema without the patterns that are no regular expressions here, as those of a tap in another language may be. What they would refuse
 * is not refused then.
 */
export function withoutUnreadPatterns(schema: JsonSchema, onUnread: OnUnreadPattern): JsonSchema {
  let unread = 0;
  eachPattern(schema, (reason, steps) => {
    unread += 1;
    onUnread(steps, reason);
  });
  if (unread === 0) return schema;
  const copy = structuredClone(schema);
  eachPattern(copy, (_reason, _steps, one, pattern) => {
    if (one['pattern'] === pattern) delete one['pattern'];
    const { patternProperties } = one;
    if (typeof patternProperties !== 'object' || patternProperties === null || !(pattern in patternProperties)) return;
    one['patternProperties'] = Object.fromEntries(Object.entries(patternProperties).filter(([own]) => own !== pattern));
    // Which names are additional cannot be told.
    delete one['additionalProperties'];
    delete one['unevaluatedProperties'];
  });
  return copy;
}

/** Calls `visit` with each pattern that cannot be read. */
function eachPattern(
  schema: JsonSchema,
  visit: (reason: string, steps: string[], one: Record<string, unknown>, pattern: string) => void,
): void {
  eachSchema(schema, undefined, '', (one, _within, pointer) => {
    const { pattern, patternProperties } = one;
    const names =
      typeof patternProperties === 'object' && patternProperties !== null ? Object.keys(patternProperties) : [];
    for (const text of typeof pattern === 'string' ? [pattern, ...names] : names) {
      const reason = whyUnread(text);
      if (reason !== undefined) visit(reason, pointer.split('/').slice(1), one, text);
    }
    return undefined;
  });
}

function whyUnread(pattern: string): string | undefined {
  try {
    readPattern(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown reason';
  }
}
