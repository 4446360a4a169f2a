import type { JsonObject, JsonValue } from '../json/json-value.js';
import type { StandardJsonSchema } from './standard-schema.js';
import type { TypedSchema, VALUE } from './typed-schema.js';

/**
 * The values a schema describes: one of the builders', of a JSON Schema that is a literal in the source, or of a
 * library that follows Standard JSON Schema (zod and others). Of a schema that is only known as `JsonSchema` it says
 * nothing but that its values are objects.
 */
export type Infer<S> = typeof VALUE extends keyof S
  ? S extends TypedSchema<infer T>
    ? T
    : never
  : S extends StandardJsonSchema<infer O>
    ? O
    : string extends keyof S
      ? JsonObject
      : FromLiteral<S>;

type FromLiteral<S> = typeof VALUE extends keyof S
  ? S extends TypedSchema<infer T>
    ? T
    : never
  : S extends { readonly const: infer C }
    ? C
    : S extends { readonly enum: readonly (infer E)[] }
      ? E
      : S extends { readonly anyOf: readonly (infer U)[] }
        ? FromLiteral<U>
        : S extends { readonly oneOf: readonly (infer U)[] }
          ? FromLiteral<U>
          : S extends { readonly type: readonly (infer T)[] }
            ? FromType<T, S>
            : S extends { readonly type: infer T }
              ? FromType<T, S>
              : S extends { readonly properties: unknown }
                ? FromObject<S>
                : JsonValue;

type FromType<T, S> = T extends 'string'
  ? string
  : T extends 'integer' | 'number'
    ? number
    : T extends 'boolean'
      ? boolean
      : T extends 'null'
        ? null
        : T extends 'array'
          ? S extends { readonly items: infer I }
            ? FromLiteral<I>[]
            : JsonValue[]
          : T extends 'object'
            ? FromObject<S>
            : JsonValue;

type FromObject<S> = S extends { readonly properties: infer P }
  ? Simplify<
      { -readonly [N in keyof P as N extends RequiredOf<S> ? N : never]: FromLiteral<P[N]> } & {
        -readonly [N in keyof P as N extends RequiredOf<S> ? never : N]?: FromLiteral<P[N]>;
      }
    >
  : JsonObject;

type RequiredOf<S> = S extends { readonly required: readonly (infer N)[] } ? N : never;

/** Shows an intersection as one object. */
export type Simplify<T> = { [N in keyof T]: T[N] } & {};
