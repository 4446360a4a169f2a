import type { ExactNumber } from '../json/exact-number.js';
import type { JsonValue } from '../json/json-value.js';

/** The names of a record's properties. */
export type KeyOf<R> = Extract<keyof R, string>;

/** What `records` may give: the record, without what the context fills in. Lists and objects in it may be read-only. */
export type Given<R, C> = string extends keyof R
  ? R
  : ReadonlyJson<Omit<R, keyof C> & Partial<Pick<R, Extract<keyof C, keyof R>>>>;

type AnyJson =
  | string
  | number
  | boolean
  | null
  | ExactNumber
  | readonly AnyJson[]
  | { readonly [name: string]: AnyJson | undefined };

type ReadonlyJson<T> = JsonValue extends T
  ? AnyJson
  : number extends T
    ? T | ExactNumber
    : T extends readonly (infer I)[]
      ? readonly ReadonlyJson<I>[]
      : T extends object
        ? { readonly [N in keyof T]: ReadonlyJson<T[N]> }
        : T;

/** The properties of a value's objects, of all where there are several. */
type Names<R> = R extends object ? KeyOf<R> : never;
type At<R, N> = R extends object ? (N extends keyof R ? NonNullable<R[N]> : never) : never;
type Item<R> = R extends readonly (infer I)[] ? I : never;

/** The properties of what was given, however deep, that the record lacks. */
type Unknown<Y, R> = JsonValue extends R
  ? never
  : string extends Names<R>
    ? never
    : Y extends ExactNumber
      ? never
      : Y extends readonly (infer I)[]
        ? Unknown<I, Item<R>>
        : Y extends object
          ? { [N in KeyOf<Y>]-?: N extends Names<R> ? Unknown<Y[N], At<R, N>> : N }[KeyOf<Y>]
          : never;

/** Nothing where the record has all that was given; otherwise a text that no function is, for the compiler to show. */
export type NothingUnknown<Y, R> = [Unknown<Y, R>] extends [never]
  ? unknown
  : `records() gives "${Unknown<Y, R>}", which the schema lacks`;

type Placeholder<P> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholder<Rest> : never;

/** Nothing where the context has all that a path asks for; otherwise something that no path is, for the compiler to show. */
export type PathIn<P, C> = [Exclude<Placeholder<P>, keyof C>] extends [never]
  ? unknown
  : string extends keyof C
    ? unknown
    : { readonly problem: `the context gives no "${Extract<Exclude<Placeholder<P>, keyof C>, string>}"` };

/** No context at all: no property of a text's name. */
export type NoContext = Partial<Record<symbol, never>>;
