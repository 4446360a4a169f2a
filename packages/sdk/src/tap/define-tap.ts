import type { TypedSchema } from '../schema/typed-schema.js';
import type { TapDefinition } from './tap.js';

/** Names a tap; the type of its settings is that of their schema. */
export function defineTap<C>(
  definition: TapDefinition<C> & { readonly configSchema: TypedSchema<C> },
): TapDefinition<C> {
  return definition;
}
