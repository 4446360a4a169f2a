import type { Infer } from './infer.js';
import type { JsonSchema } from './json-schema.js';
import type { IsRequired, RequiredSchema, TypedSchema } from './typed-schema.js';

const REQUIRED = Symbol('required');

/** What may be said about a value beside its type: `description`, `default`, `secret`, `enum`, limits. */
export type Annotations = Omit<JsonSchema, 'type' | 'properties' | 'enum' | 'const'>;

type Properties = Record<string, TypedSchema<unknown>>;
type RequiredNames<P extends Properties> = {
  [Name in keyof P]: IsRequired<P[Name]> extends true ? Name : never;
}[keyof P];
type ObjectOf<P extends Properties> = { [Name in RequiredNames<P>]: Infer<P[Name]> } & {
  [Name in Exclude<keyof P, RequiredNames<P>>]?: Infer<P[Name]>;
};

/** Annotations with the values that are allowed, which the compiler then knows. */
type Allowing<T> = Annotations & { readonly enum?: readonly T[]; readonly const?: T };

/** A text; with `enum` or `const` one of those. */
export function string<const T extends string = string>(annotations: Allowing<T> = {}): TypedSchema<T> {
  return { type: 'string', ...annotations } as TypedSchema<T>;
}

/** A whole number; with `enum` or `const` one of those. */
export function integer<const T extends number = number>(annotations: Allowing<T> = {}): TypedSchema<T> {
  return { type: 'integer', ...annotations } as TypedSchema<T>;
}

/** A number. For money say `multipleOf: 0.01`, so that targets keep it as a decimal. */
export function number<const T extends number = number>(annotations: Allowing<T> = {}): TypedSchema<T> {
  return { type: 'number', ...annotations } as TypedSchema<T>;
}

/** True or false. */
export function boolean(annotations: Annotations = {}): TypedSchema<boolean> {
  return { type: 'boolean', ...annotations };
}

/** A date and time, as text in RFC 3339. */
export function dateTime(annotations: Annotations = {}): TypedSchema<string> {
  return { type: 'string', format: 'date-time', ...annotations };
}

/** A calendar date, as text. */
export function date(annotations: Annotations = {}): TypedSchema<string> {
  return { type: 'string', format: 'date', ...annotations };
}

/** A list. */
export function array<T>(items: TypedSchema<T>, annotations: Annotations = {}): TypedSchema<T[]> {
  return { type: 'array', items: plain(items), ...annotations };
}

/** An object; properties may be missing unless they are {@link required}. */
export function object<P extends Properties>(properties: P, annotations: Annotations = {}): TypedSchema<ObjectOf<P>> {
  const required = Object.keys(properties).filter((name) => properties[name] && REQUIRED in properties[name]);
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, plain(schema)])),
    ...(required.length === 0 ? {} : { required }),
    ...annotations,
  };
}

/** Lets a value be null as well. */
export function nullable<T>(schema: TypedSchema<T>): TypedSchema<T | null> {
  const { type = [], enum: allowed } = schema;
  return {
    ...schema,
    type: [...(Array.isArray(type) ? type : [type]), 'null'],
    ...(allowed && !allowed.includes(null) ? { enum: [...allowed, null] } : {}),
  };
}

/** Says that a property of an object must be there. */
export function required<T>(schema: TypedSchema<T>): RequiredSchema<T> {
  return { ...schema, [REQUIRED]: true };
}

/** Says what a value is when it is left out; whoever reads the checked settings always finds one. */
export function withDefault<T>(schema: TypedSchema<T>, fallback: NoInfer<T>): RequiredSchema<T> {
  return { ...schema, default: fallback };
}

/** The schema alone: the mark of a required property belongs to its object. */
function plain(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema));
}
