import type { ErrorObject } from 'ajv';

/** Renders ajv's error as a phrase: what must be, without the value at fault. */
export function describeRule(error: ErrorObject): string {
  if (error.keyword === 'enum') {
    const { allowedValues } = error.params as { allowedValues: unknown[] };
    return `must be one of ${allowedValues.map(String).join(', ')}`;
  }
  if (error.keyword === 'type')
    return `must be ${String((error.params as { type: unknown }).type).replaceAll(',', ' or ')}`;
  return error.message ?? `breaks the rule "${error.keyword}"`;
}
