import type { JsonSchema } from '@singer-io-ts/sdk';
import { schemaTypes } from '@singer-io-ts/sdk';

/** What becomes of a field of an answer. */
export type FieldRule =
  /** Written as it came; anything but text becomes its JSON text. */
  | 'text'
  /** Written as it came. */
  | 'value'
  /** A reference to another object: `contact` becomes `contact_id` and `contact_objectName`. */
  | 'reference';

/** How the objects of one kind are flattened, worked out once from the stream's schema. */
export interface RecordShape {
  rules: ReadonlyMap<string, FieldRule>;
  /** Fields that are never extracted. */
  excluded: ReadonlySet<string>;
  /** Whether an object without a readable date of this name is refused. */
  requires: { create: boolean; update: boolean };
  /** The reference whose id a row carries as `parentId`. */
  parentField: string | undefined;
}

export function compileShape(
  { properties = {} }: JsonSchema,
  {
    excluded = [],
    requires,
    parentField,
  }: { excluded?: readonly string[]; requires: RecordShape['requires']; parentField?: string },
): RecordShape {
  const rules = new Map<string, FieldRule>();
  for (const [name, property] of Object.entries(properties)) {
    if (name === 'additional_fields') continue;
    const reference = /^(.+)_(?:id|objectName)$/.exec(name)?.[1];
    if (reference !== undefined) rules.set(reference, 'reference');
    else rules.set(name, schemaTypes(property).includes('string') ? 'text' : 'value');
  }
  return { rules, excluded: new Set(excluded), requires, parentField };
}
