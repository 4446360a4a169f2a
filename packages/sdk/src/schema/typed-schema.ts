import type { JsonSchema } from './json-schema.js';

/** Where a schema says, to the compiler only, what its values are. */
export declare const VALUE: unique symbol;
declare const REQUIRED_TYPE: unique symbol;

/** A JSON Schema that also says, to the compiler, what its values are. */
export interface TypedSchema<T> extends JsonSchema {
  readonly [VALUE]?: T;
}

/** The schema of a property that must be there. */
export interface RequiredSchema<T> extends TypedSchema<T> {
  readonly [REQUIRED_TYPE]?: true;
}

/** Whether a schema is that of a property that must be there. */
export type IsRequired<S> = typeof REQUIRED_TYPE extends keyof S ? true : false;
