import { isJsonObject } from '../json/json-value.js';

/** Keywords whose values are maps from names to schemas: the names are no keywords. */
export const MAPS = new Set([
  '$defs',
  'definitions',
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'properties',
]);
/** Keywords that hold values, which may look like schemas. */
export const DATA = new Set(['const', 'default', 'enum', 'examples']);

/**
 * Calls `visit` with each schema in a schema.
 *
 * @param within what the schemas around it make of the schema; `visit` says what the schema makes of it for those below
 */
export function eachSchema<Context>(
  schema: unknown,
  within: Context,
  pointer: string,
  visit: (schema: Record<string, unknown>, within: Context, pointer: string) => Context,
): void {
  if (Array.isArray(schema)) schema.forEach((one, index) => eachSchema(one, within, `${pointer}/${index}`, visit));
  if (!isJsonObject(schema)) return;
  const here = visit(schema, within, pointer);
  for (const [keyword, value] of Object.entries(schema)) {
    if (DATA.has(keyword)) continue;
    const at = `${pointer}/${escapeStep(keyword)}`;
    if (MAPS.has(keyword) && isJsonObject(value))
      for (const [name, one] of Object.entries(value)) eachSchema(one, here, `${at}/${escapeStep(name)}`, visit);
    else eachSchema(value, here, at, visit);
  }
}

/** A name as a step of a JSON pointer. */
export const escapeStep = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
