import { isJsonObject } from '../json/json-value.js';

/**
 * Writes what only draft-03 knows in the words of later drafts. `type: any`, schemas in a list of types, a `required` that is true or false
 * and names alone in `dependencies` are no words of a later draft, so they are read in any schema; keywords that later drafts do not know
 * are read where `$schema` says draft-03. A list of no types at all says nothing, in any draft.
 *
 * @param schema a schema whose own schemas are written already; it is changed
 * @param as how the schema came
 * @param isDraft03 whether the root's `$schema` says so
 */
export function fromDraft03(
  schema: Record<string, unknown>,
  as: Readonly<Record<string, unknown>>,
  isDraft03: boolean,
): void {
  typesAsSchemas(schema);
  requiredAsList(schema, as);
  const { dependencies } = schema;
  if (isJsonObject(dependencies))
    schema['dependencies'] = Object.fromEntries(
      Object.entries(dependencies).map(([name, one]) => [name, typeof one === 'string' ? [one] : one]),
    );
  if (isDraft03) keywordsOfDraft03(schema);
}

function typesAsSchemas(schema: Record<string, unknown>): void {
  const { type } = schema;
  const types: unknown[] = Array.isArray(type) ? type : [type];
  if (type === undefined) return;
  if (types.length === 0 || types.includes('any')) delete schema['type'];
  else if (types.some(isJsonObject)) {
    delete schema['type'];
    const alternatives = types.map((one) => (typeof one === 'string' ? { type: one } : one));
    if (schema['anyOf'] === undefined) schema['anyOf'] = alternatives;
    else addTo(schema, 'allOf', [{ anyOf: alternatives }]);
  }
}

/** A property says that it must be there, where later drafts have the names of those on the schema around it. */
function requiredAsList(schema: Record<string, unknown>, as: Readonly<Record<string, unknown>>): void {
  if (typeof schema['required'] === 'boolean') delete schema['required'];
  if (!isJsonObject(as['properties'])) return;
  const names = Object.entries(as['properties'])
    .filter(([, one]) => isJsonObject(one) && one['required'] === true)
    .map(([name]) => name);
  if (names.length > 0) addTo(schema, 'required', names);
}

function keywordsOfDraft03(schema: Record<string, unknown>): void {
  const { divisibleBy, extends: parts, disallow } = schema;
  for (const keyword of ['divisibleBy', 'extends', 'disallow']) delete schema[keyword];
  if (divisibleBy !== undefined) schema['multipleOf'] = divisibleBy;
  if (parts !== undefined) addTo(schema, 'allOf', Array.isArray(parts) ? parts : [parts]);
  if (disallow === undefined) return;
  const unwanted: Record<string, unknown> = { type: disallow };
  typesAsSchemas(unwanted);
  schema['not'] = unwanted;
}

function addTo(schema: Record<string, unknown>, keyword: string, more: readonly unknown[]): void {
  const there = (Array.isArray(schema[keyword]) ? schema[keyword] : []) as unknown[];
  schema[keyword] = [...there, ...more];
}
