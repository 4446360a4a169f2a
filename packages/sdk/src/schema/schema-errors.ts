import type { ErrorObject } from 'ajv';

/** The types of JSON Schema as a sentence has them. */
const WITH_ARTICLE: Readonly<Record<string, string>> = {
  array: 'an array',
  boolean: 'a boolean',
  integer: 'an integer',
  number: 'a number',
  object: 'an object',
  string: 'a string',
};

/** How many values of an enum a message lists. */
const SHOWN_VALUES = 20;

/** What a limit says, in words. */
const BOUNDS: Readonly<Record<string, string>> = {
  maximum: 'at most',
  minimum: 'at least',
  exclusiveMaximum: 'less than',
  exclusiveMinimum: 'more than',
};

/** Renders ajv's error as a phrase: what must be, without the value at fault. */
export function describeRule(error: ErrorObject): string {
  if (error.keyword === 'enum') {
    const { allowedValues } = error.params as { allowedValues: unknown[] };
    const more = allowedValues.length > SHOWN_VALUES ? ', …' : '';
    return `must be one of ${allowedValues.slice(0, SHOWN_VALUES).map(String).join(', ')}${more}`;
  }
  if (error.keyword === 'type') {
    const types = String((error.params as { type: unknown }).type).split(',');
    return `must be ${types.map((type) => WITH_ARTICLE[type] ?? type).join(' or ')}`;
  }
  const bound = BOUNDS[error.keyword];
  if (bound !== undefined) return `must be ${bound} ${String((error.params as { limit: unknown }).limit)}`;
  return error.message ?? `breaks the rule "${error.keyword}"`;
}

/** Renders what Ajv says of a schema that it cannot compile, where its own words speak of its source code. */
export function describeSchemaFault(message: string): string {
  const types = /^type must be JSONType or JSONType\[\]: (.*)$/s.exec(message)?.[1];
  if (types === undefined) return message;
  const known = [...Object.keys(WITH_ARTICLE), 'null'];
  const unknown = types.split(',').filter((type) => !known.includes(type));
  return `type ${unknown.map((type) => JSON.stringify(type)).join(', ')} is none of JSON Schema's: ${known.join(', ')}`;
}
