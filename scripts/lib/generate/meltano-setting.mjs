/** Kinds of Meltano by types of JSON Schema. A number may have a fraction, which Meltano's `integer` refuses. */
const KINDS = {
  string: 'string',
  integer: 'integer',
  number: 'decimal',
  boolean: 'boolean',
  array: 'array',
  object: 'object',
};

/** A setting that takes a text or something else is a text to Meltano: other kinds refuse plain text. */
function kindOf(schema) {
  if (schema.enum) return 'options';
  if (schema['x-singer.date']) return 'date_iso8601';
  const types = [schema.type].flat().filter((type) => type !== 'null');
  const kind = KINDS[types.includes('string') ? 'string' : types[0]];
  if (kind === undefined) throw new Error(`no kind of Meltano for ${JSON.stringify(schema)}`);
  return kind;
}

/**
 * A setting in the words of Meltano's plugin definitions.
 *
 * @param {string} name
 * @param {{ type: string | string[], title?: string, description?: string, default?: unknown, enum?: unknown[], secret?: boolean }} schema
 */
export const meltanoSetting = (name, schema) => ({
  name,
  kind: kindOf(schema),
  ...(schema.secret ? { sensitive: true } : {}),
  ...(schema.title ? { label: schema.title } : {}),
  ...(schema.default === undefined ? {} : { value: schema.default }),
  ...(schema.enum ? { options: schema.enum.map((value) => ({ value, label: value })) } : {}),
  ...(schema.description ? { description: schema.description } : {}),
});
