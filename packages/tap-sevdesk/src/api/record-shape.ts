import type { JsonSchema } from '@singer-io-ts/sdk';
import { schemaTypes } from '@singer-io-ts/sdk';

/** What becomes of a field of an answer. */
export type FieldRule =
  /** Written as it came; anything but text becomes its JSON text, numbers with the digits they had. */
  | 'text'
  /** An instant, written as it came where it can be read. */
  | 'instant'
  /** A number, also where it came as text. */
  | 'number'
  /** An amount of money: as `number`, in whole cents. */
  | 'amount'
  /** Written as they came where they are of that type. */
  | 'object'
  | 'list'
  | 'boolean'
  /** Written as it came, whatever it is. */
  | 'value'
  /** A reference to another object: `contact` becomes `contact_id` and `contact_objectName`. */
  | 'reference';

/** How the objects of one kind are flattened, worked out once from the stream's schema. */
export interface RecordShape {
  rules: ReadonlyMap<string, FieldRule>;
  /** Fields that are never extracted. */
  excluded: ReadonlySet<string>;
  /** The field that tells objects apart. */
  key: string;
  /** Which dates objects of this kind have; one without a readable date is odd. */
  dates: { create: boolean; update: boolean };
  /** The field that `startDate` and `endDate` filter by. */
  dateField: string | undefined;
  /** The reference whose id a row carries as `parentId`. */
  parentField: string | undefined;
}

export function compileShape(
  { properties = {} }: JsonSchema,
  {
    excluded = [],
    key = 'id',
    parentField,
    dateField,
  }: {
    excluded?: readonly string[] | undefined;
    key?: string | undefined;
    parentField?: string | undefined;
    dateField?: string | undefined;
  } = {},
): RecordShape {
  const rules = new Map<string, FieldRule>();
  for (const [name, property] of Object.entries(properties)) {
    if (name === 'additional_fields') continue;
    const reference = /^(.+)_(?:id|objectName)$/.exec(name)?.[1];
    if (reference !== undefined) rules.set(reference, 'reference');
    else rules.set(name, ruleOf(property));
  }
  const dates = { create: rules.has('create'), update: rules.has('update') };
  return { rules, excluded: new Set(excluded), key, dates, parentField, dateField };
}

function ruleOf(property: JsonSchema): FieldRule {
  const types = schemaTypes(property);
  if (types.includes('string')) return property['format'] === 'date-time' ? 'instant' : 'text';
  if (types.includes('number') || types.includes('integer')) return isCents(property) ? 'amount' : 'number';
  if (types.includes('object')) return 'object';
  if (types.includes('array')) return 'list';
  return types.includes('boolean') ? 'boolean' : 'value';
}

/** A decimal with two places, as the schemas write amounts of money that come as numbers. */
function isCents({ format, scale }: JsonSchema): boolean {
  return format === 'x-singer.decimal' && scale === 2;
}
